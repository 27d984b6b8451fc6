"""Copies made at once, for tests of what goes on around their making."""

from pathlib import Path
from typing import Any

import pytest

from services.contracts.intake import StoredFile
from services.intake.commands.copies import make_copies
from services.intake.commands.copies.run_program import Made, PageMade
from services.intake.domain.copies.program.make import NORMALISED, TEXT, WORDS

TEXT_READ = "Surat pindaian"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A program that makes something at once; gives the files it was asked for."""
    asked: list[str] = []

    async def made(_: Any, file: StoredFile, folder: Path) -> Made:
        asked.append(file.file_id)
        (folder / NORMALISED).write_bytes(b"%PDF-1.7")
        (folder / TEXT).write_text(f"{TEXT_READ}\f")
        (folder / WORDS).write_text('[1,595,842,[["Surat",0.1,0.1,0.2,0.2]]]\n')
        for size in ("small", "large"):
            (folder / f"1-{size}.webp").write_bytes(b"RIFF" + size.encode())
        page = PageMade(page=1, width=595, height=842, recognised=True, faults=["dark"], failed=False)
        return Made(pages=[page], normalised=True, archival=True)

    monkeypatch.setattr(make_copies, "run_program", made)
    return asked
