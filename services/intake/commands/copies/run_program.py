"""Have the copies of a scan made by the program, apart. Invariant: nothing it says is believed beyond its form."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from services.chassis.apart import ApartFailed, ApartLimits, run_apart
from services.contracts.intake import PageFault, StoredFile
from services.intake.domain.copies.program import make
from services.intake.settings import IntakeSettings

PROGRAM = Path(make.__file__).resolve()
ENVIRONMENT = ("PATH", "TESSDATA_PREFIX", "LD_LIBRARY_PATH")
"""Where the machine keeps Tesseract, as the service was told; nothing else of its environment is passed on."""
ALONE = {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}
"""One core for a scan: several threads over one page cost three times as much and give it hardly sooner."""
PREFIX = "lontar-copies-"
FILE_BYTES = 1 << 30
PATIENCE = 4
STARTING_SECONDS = 10
ASSEMBLY_SECONDS, ASSEMBLY_PAGE_SECONDS = 15, 0.5
"""Of the processor, for putting the pages together; twice, where the first way takes too long."""
_ANSWER_BYTES = 400
"""At most, for what is said of a page."""


class PageMade(BaseModel):
    """What the program says of a page."""

    model_config = ConfigDict(extra="forbid")

    page: int = Field(ge=1)
    width: float = Field(default=0, ge=0, le=1_000_000)
    height: float = Field(default=0, ge=0, le=1_000_000)
    recognised: bool = False
    faults: list[PageFault] = Field(default=[], max_length=5)
    failed: bool


class Made(BaseModel):
    """What the program says; what it made lies in the folder."""

    model_config = ConfigDict(extra="forbid")

    pages: list[PageMade]
    normalised: bool
    archival: bool


_MADE = TypeAdapter(Made)
Preview = Literal["small", "large"]


def preview(folder: Path, page: int, size: Preview) -> Path:
    """Where the program leaves a preview."""
    return folder / f"{page}-{size}.webp"


async def run_program(settings: IntakeSettings, file: StoredFile, folder: Path) -> Made:
    """Make the copies of ``original`` in ``folder``, there; raises ApartFailed."""
    seconds = min(settings.copies_seconds, STARTING_SECONDS + file.pages * settings.copies_page_seconds)
    assembly = ASSEMBLY_SECONDS + file.pages * ASSEMBLY_PAGE_SECONDS
    order = {
        "pages": file.pages,
        "pdf": file.media_type == "application/pdf",
        "languages": settings.copies_languages,
        "page_seconds": settings.copies_page_seconds,
        "seconds": seconds,
        "assembly_seconds": assembly,
    }
    most = seconds + 2 * assembly
    said = await run_apart(
        PROGRAM,
        [orjson.dumps(order).decode()],
        ApartLimits(most, settings.copies_memory_bytes, FILE_BYTES, PATIENCE, settings.copies_niceness),
        folder=folder,
        environment={name: os.environ[name] for name in ENVIRONMENT if name in os.environ} | ALONE,
        most_output=1000 + file.pages * _ANSWER_BYTES,
    )
    try:
        made = _MADE.validate_json(said)
    except ValidationError:
        raise ApartFailed("it said what cannot be understood") from None
    if [page.page for page in made.pages] != list(range(1, file.pages + 1)):
        raise ApartFailed("it spoke of other pages")
    return made


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder for one scan, named by this process, so that a successor can tell what a killed one left."""
    with TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-") as folder:
        yield Path(folder)


def clear_leftovers() -> None:
    """Remove the folders of processes of this machine that are no more."""
    for folder in Path(gettempdir()).glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            with suppress(OSError):
                shutil.rmtree(folder)


def missing_tools(languages: str) -> str | None:
    """What of Tesseract is missing here, in words for the operator; None where nothing is. Blocking."""
    if shutil.which("tesseract") is None:
        return "Tesseract is not installed"
    command = ["tesseract", "--list-langs"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)  # noqa: S603
    missing = set(languages.split("+")) - set(done.stdout.split())
    return f"Tesseract lacks {', '.join(sorted(missing))}" if missing else None
