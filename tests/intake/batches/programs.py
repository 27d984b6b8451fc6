"""The programs that look at pages and cut them, run as the worker runs them, without standing back."""

import subprocess
import sys
from pathlib import Path

from services.intake.domain.batches import cut_pages, look_at_pages
from services.intake.domain.batches.splitting import SeenPage


def look(content: bytes, media_type: str, first: int, count: int, folder: Path) -> list[SeenPage]:
    """What stands on the pages; their previews are in ``folder``."""
    said = _run(Path(look_at_pages.__file__), content, folder, media_type, str(first), str(count))
    return [SeenPage.model_validate_json(line) for line in said.splitlines()]


def cut(content: bytes, media_type: str, pages: str, folder: Path) -> bytes:
    """A PDF of ``pages``."""
    _run(Path(cut_pages.__file__), content, folder, media_type, pages)
    return (folder / cut_pages.RESULT).read_bytes()


def _run(program: Path, content: bytes, folder: Path, *arguments: str) -> bytes:
    source = folder / "scan"
    source.write_bytes(content)
    command = [sys.executable, "-I", "-X", "utf8", str(program), *arguments]
    with source.open("rb") as stdin:
        done = subprocess.run(command, stdin=stdin, cwd=folder, capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout
