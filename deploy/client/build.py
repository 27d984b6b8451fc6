"""Generating the client and packing it as a wheel. Invariant: the stamp is written last, so a stamped wheel is whole.

The generator lives in an environment of its own under var/, from a lock of its own: what it needs does not go together
with what the project needs. The client needs httpx and attrs, which the generator needs too, so the same environment
serves to try the client.
"""

import hashlib
import json
import shutil
import sys
import tomllib
from pathlib import Path

from deploy.client.document import generable
from deploy.setup.journal import ROOT, SetupFailed, run

HERE = Path(__file__).parent
DESCRIPTION = ROOT / "gateway" / "openapi.json"
LOCK = HERE / "requirements.lock"
CONFIG = HERE / "config.yaml"
VAR = ROOT / "var" / "client"
TOOLS = VAR / "tools"
PYTHON = TOOLS / "bin" / "python"
SOURCE = VAR / "source"
DIST = VAR / "dist"
TOOLS_STAMP = TOOLS / ".lontar"
WHEEL_STAMP = DIST / ".lontar"
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(PYTHON))
REPRODUCIBLE = {"SOURCE_DATE_EPOCH": "1767225600"}
README = """# lontar-client

The client of a Lontar installation, generated from its API description. How to sign in, what to send and how errors
are told is in `docs/clients.md` of the project.
"""


def wheel() -> Path:
    """The wheel of the client as the API is described now, built where it is not there; installed in TOOLS too."""
    _tools()
    wanted = _digest(DESCRIPTION, LOCK, CONFIG, *sorted(HERE.glob("*.py")), ROOT / "pyproject.toml")
    if not WHEEL_STAMP.exists() or WHEEL_STAMP.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(DIST, ignore_errors=True)
        _generate()
        _pack()
        WHEEL_STAMP.write_text(wanted, encoding="utf-8")
    return next(DIST.glob("*.whl"))


def version() -> str:
    """The project's, which the client is released with."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(settings["project"]["version"])


def _tools() -> None:
    wanted = _digest(LOCK)
    if TOOLS_STAMP.exists() and TOOLS_STAMP.read_text(encoding="utf-8") == wanted:
        return
    shutil.rmtree(TOOLS, ignore_errors=True)
    run([sys.executable, "-m", "venv", "--without-pip", str(TOOLS)], "The generator's environment could not be made")
    install = [*PIP, "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "-r", str(LOCK)]
    run(install, "The generator could not be installed")
    TOOLS_STAMP.write_text(wanted, encoding="utf-8")


def _generate() -> None:
    VAR.mkdir(parents=True, exist_ok=True)
    description, config = VAR / "openapi.json", VAR / "config.yaml"
    description.write_text(json.dumps(generable(json.loads(DESCRIPTION.read_bytes()))), encoding="utf-8")
    own = f'package_version_override: "{version()}"\n'
    config.write_text(CONFIG.read_text(encoding="utf-8") + own, encoding="utf-8")
    shutil.rmtree(SOURCE, ignore_errors=True)
    generator = [str(TOOLS / "bin" / "openapi-python-client"), "generate", "--meta", "setup", "--fail-on-warning"]
    given = ["--path", str(description), "--config", str(config), "--output-path", str(SOURCE)]
    run([*generator, *given], "The client could not be generated whole")
    (SOURCE / "README.md").write_text(README, encoding="utf-8")


def _pack() -> None:
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    packing = [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(DIST), str(SOURCE)]
    run(packing, "The client could not be packed", env=REPRODUCIBLE)
    made = list(DIST.glob("*.whl"))
    if len(made) != 1:
        raise SetupFailed(f"One wheel was expected in {DIST}, there are {len(made)}")
    install = [*PIP, "install", "--quiet", "--no-deps", "--no-index", "--force-reinstall", str(made[0])]
    run(install, "The client could not be installed")


def _digest(*files: Path) -> str:
    content = hashlib.sha256()
    for file in files:
        content.update(file.name.encode() + b"\0" + file.read_bytes())
    return f"{content.hexdigest()} {sys.version.split()[0]}\n"
