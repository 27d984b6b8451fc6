"""Debian packages: installed as root, or unpacked into a folder of the project without root.

Invariants: no service of a package is started on the machine (a policy-rc.d that was there is put back); without root
nothing outside the project's folder is touched, apt's own lists included.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from deploy.setup.journal import STATE, run

POLICY = Path("/usr/sbin/policy-rc.d")
SAVED = POLICY.with_name("policy-rc.d.before-lontar")
OURS = "#!/bin/sh\n# lontar: no service is started while its set-up installs packages\nexit 101\n"
_one_at_a_time = Lock()
UPDATE_FAILED = "Debian's package lists could not be fetched: is the network there?"


def is_available() -> bool:
    """Whether this is Debian or a child of it."""
    return bool(shutil.which("apt-get") and shutil.which("dpkg"))


def install(packages: Sequence[str]) -> None:
    """Install with apt-get, as root, without recommendations and without starting anything."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    options = ["-q", "-o", "DPkg::Lock::Timeout=300"]
    with _one_at_a_time, _services_stay_down():
        run(["apt-get", *options, "update"], UPDATE_FAILED, env=quiet)
        argv = ["apt-get", *options, "install", "-y", "--no-install-recommends", *packages]
        run(argv, f"apt-get could not install {', '.join(packages)}", env=quiet)


def unpack(packages: Sequence[str], target: Path, dependencies: Sequence[str] = ()) -> Path:
    """Download packages and unpack them under ``target``, whole or not at all.

    Of what they depend on and the machine lacks, what starts with one of ``dependencies`` is unpacked with them.
    """
    options = _private_apt()
    with _one_at_a_time:
        run(["apt-get", *options, "-q", "update"], UPDATE_FAILED)
    wanted = sorted({*packages, *_missing(packages, dependencies, options)})
    downloads = target.with_name(f"{target.name}.downloads")
    fresh = target.with_name(f"{target.name}.new")
    for folder in (downloads, fresh, target):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in (downloads, fresh):
        folder.mkdir(parents=True)
    failure = f"The Debian packages for {', '.join(packages)} could not be fetched"
    run(["apt-get", *options, "-q", "download", *wanted], failure, cwd=downloads)
    for package in sorted(downloads.glob("*.deb")):
        run(["dpkg", "-x", str(package), str(fresh)], f"{package.name} could not be unpacked")
    shutil.rmtree(downloads)
    fresh.rename(target)
    return target


def _missing(packages: Sequence[str], dependencies: Sequence[str], options: list[str]) -> list[str]:
    if not dependencies:
        return []
    argv = ["apt-get", *options, "-s", "-o", "Debug::NoLocking=1", "install", "--no-install-recommends", *packages]
    plan = run(argv, f"apt-get found no way to install {', '.join(packages)}")
    names = [line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")]
    return [name for name in names if name.startswith(tuple(dependencies))]


def _private_apt() -> list[str]:
    """Lists and caches of apt in the project's own folder, so that no root is needed."""
    folder = STATE / "apt"
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return ["-o", f"Dir::State::lists={folder / 'lists'}", "-o", f"Dir::Cache={folder / 'cache'}"]


@contextmanager
def _services_stay_down() -> Iterator[None]:
    _put_back()  # of a run that was killed
    if POLICY.exists():
        POLICY.rename(SAVED)
    POLICY.write_text(OURS, encoding="utf-8")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        _put_back()


def _put_back() -> None:
    if POLICY.exists() and os.access(POLICY, os.R_OK) and POLICY.read_text(errors="replace") == OURS:
        POLICY.unlink()
    if SAVED.exists():
        SAVED.rename(POLICY)
