"""Where the stack keeps its things under one var folder. Invariant: secrets are readable by their owner alone."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "var" / "tools" / "bin"
"""Where set-up puts programs when it may not install them."""


def default_var() -> Path:
    """``LONTAR_VAR``, or ``var/`` in the project's folder."""
    return Path(os.environ.get("LONTAR_VAR") or ROOT / "var").expanduser().resolve()


def searched_path() -> str:
    """PATH with the folders where set-up and Debian put the programs that scans are read with."""
    return os.pathsep.join([str(TOOLS), os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin"])


@dataclass(frozen=True)
class Layout:
    """The folders of one stack."""

    root: Path

    @property
    def data(self) -> Path:
        """What must survive a restart."""
        return self.root / "data"

    @property
    def run(self) -> Path:
        """What only matters while the stack runs, and the remembered ports."""
        return self.root / "run"

    @property
    def log(self) -> Path:
        """One log file per child."""
        return self.root / "log"

    @property
    def secrets(self) -> Path:
        """Generated once: passwords, keys."""
        return self.root / "secrets"

    def create(self) -> None:
        """Make the folders; those that hold secrets or data are closed to other users."""
        self.root.mkdir(parents=True, exist_ok=True)
        for folder in (self.data, self.run, self.log, self.secrets):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o700)


def private_folder(path: Path) -> Path:
    """Make ``path`` for its owner alone and hand it back."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def write_private(path: Path, content: str) -> Path:
    """Replace ``path`` whole or not at all, mode 0600 from its first byte."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return path
