"""The project's Python environment in .venv.

Invariants: packages come from the lock with hashes and nothing else; the stamp is written last, so an environment with
a stamp is whole; an installation that began and did not end is thrown away and made anew.
"""

import hashlib
import json
import os
import shutil
import sys
import tomllib
from pathlib import Path

from deploy.setup import debian
from deploy.setup.journal import ROOT, STATE, SetupFailed, run, say, succeeds

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements-dev.lock"
PROJECT = ROOT / "pyproject.toml"
PACKAGES_STAMP = VENV / ".lontar-packages"
PROJECT_STAMP = VENV / ".lontar-project"
UNFINISHED = STATE / "environment-unfinished"
QUIET = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PYTHONDONTWRITEBYTECODE": ""}


def ensure() -> bool:
    """Bring .venv to what the lock and pyproject.toml say; whether anything was done."""
    if _is_current(PACKAGES_STAMP, LOCK) and _is_current(PROJECT_STAMP, PROJECT) and PYTHON.exists():
        return False
    if UNFINISHED.exists() or _is_of_another_python() or not succeeds([str(PYTHON), "-m", "pip", "--version"]):
        shutil.rmtree(VENV, ignore_errors=True)
    UNFINISHED.parent.mkdir(parents=True, exist_ok=True)
    UNFINISHED.touch()
    if not PYTHON.exists():
        _create()
    if not _is_current(PACKAGES_STAMP, LOCK):
        _install_packages()
    _install_project()
    UNFINISHED.unlink()
    return True


def fingerprint(file: Path) -> str:
    """What a stamp says: the digest of what matters of the file, and the interpreter's version."""
    content = file.read_bytes()
    if file.suffix == ".toml":  # how the code is checked has no say in how it is installed
        settings = tomllib.loads(content.decode())
        matters = [settings.get("build-system"), settings.get("project"), settings.get("tool", {}).get("setuptools")]
        content = json.dumps(matters, sort_keys=True).encode()
    return f"{hashlib.sha256(content).hexdigest()} {sys.version.split()[0]}\n"


def _is_current(stamp: Path, file: Path) -> bool:
    return stamp.exists() and stamp.read_text(encoding="utf-8") == fingerprint(file)


def _is_of_another_python() -> bool:
    return PACKAGES_STAMP.exists() and not PACKAGES_STAMP.read_text(encoding="utf-8").endswith(
        f" {sys.version.split()[0]}\n"
    )


def _create() -> None:
    say(f"making .venv with Python {sys.version.split()[0]}")
    try:
        run([sys.executable, "-m", "venv", str(VENV)], "The virtual environment could not be made")
    except SetupFailed:
        shutil.rmtree(VENV, ignore_errors=True)
        _create_without_ensurepip()


def _create_without_ensurepip() -> None:
    """Debian keeps ensurepip in python3-venv: install that as root, else take pip's wheel out of its package."""
    interpreter = sys.executable
    if debian.is_available() and os.geteuid() == 0:
        say("installing python3-venv")
        debian.install(["python3-venv"])
        run([interpreter, "-m", "venv", str(VENV)], "The virtual environment could not be made")
        return
    made = "The virtual environment could not be made"
    run([interpreter, "-m", "venv", "--without-pip", str(VENV)], made)
    if succeeds([interpreter, "-m", "pip", "--version"]):
        pip = [interpreter, "-m", "pip", "--python", str(PYTHON)]
    elif debian.is_available():
        wheels = debian.unpack(["python3-pip-whl"], STATE / "pip") / "usr/share/python-wheels"
        pip = [str(PYTHON), str(next(wheels.glob("pip-*.whl")) / "pip")]
    else:
        raise SetupFailed("Python has neither ensurepip nor pip; install your system's python3-venv package.")
    lock = _pip_alone()
    run([*pip, "install", "-q", "--require-hashes", "-r", str(lock)], "pip could not be installed", env=QUIET)


def _pip_alone() -> Path:
    """The lock's entry for pip as a lock of its own."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("pip=="))
    end = next((i for i, line in enumerate(lines[start + 1 :], start + 1) if not line.startswith(" ")), len(lines))
    alone = STATE / "pip.lock"
    alone.write_text("\n".join(lines[start:end]) + "\n", encoding="utf-8")
    return alone


def _install_packages() -> None:
    say("installing Python packages from requirements-dev.lock (about a minute)")
    argv = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:", "-r", str(LOCK)]
    run(argv, "The Python packages could not be installed; is the package index reachable?", env=QUIET)
    PACKAGES_STAMP.write_text(fingerprint(LOCK), encoding="utf-8")


def _install_project() -> None:
    argv = [str(PYTHON), "-m", "pip", "install", "--no-deps", "--no-build-isolation", "--no-index"]
    # "compat" puts the project's folder on the path as it is, so a package added later is found too.
    argv += ["--config-settings", "editable_mode=compat", "-e", str(ROOT)]
    run(argv, "The project could not be installed into .venv", env=QUIET)
    PROJECT_STAMP.write_text(fingerprint(PROJECT), encoding="utf-8")
