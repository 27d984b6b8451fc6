"""Pages through the making of copies per minute and core, against bare Tesseract and bare OCRmyPDF on the same pages.

Everything takes one core (`OMP_THREAD_LIMIT=1`, one job). Ours is the worker's own step for a scan that is due: fetched
from the object store and its hash checked, read, laid over, two previews a page, quality measured, all put back into
the store and settled in the database. Tesseract alone gets the pages as pictures, ready made, and writes text; OCRmyPDF
gets the same PDFs and writes a PDF/A. The three take turns on one letter after another, so that a busy machine is busy
for all; what is compared is processor time, by what the processes report, and the clock beside it.
"""

import asyncio
import hashlib
import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import img2pdf
import pypdfium2

from deploy.embedded.layout import searched_path
from deploy.embedded.stack import EmbeddedStack
from services.chassis.ids import new_id
from services.chassis.storage import S3Storage
from services.contracts.intake import StoredFile
from services.intake.commands.copies.keep_copied import sweep_copies
from services.intake.context import Context
from services.intake.domain.copies.program.pages import FINEST
from services.intake.main import build
from services.intake.settings import IntakeSettings
from tests.intake.copies.made import LINES, jpeg, letter
from tests.servers import servers_of

LANGUAGES = "ind+eng"
PAGES = (1, 1, 2, 1, 3, 1, 2, 1)
"""Of one letter after another; most are short."""


@dataclass
class Taken:
    """What a way took, in all."""

    processor: float = 0
    clock: float = 0
    pages: int = 0

    def __str__(self) -> str:
        return (
            f"{self.pages * 60 / self.processor:6.1f} pages a minute and core of the processor, "
            f"{self.pages * 60 / self.clock:6.1f} by the clock"
        )


async def measured(taken: Taken, pages: int, act: Callable[[], Awaitable[object]]) -> None:
    """Do it, and note what it and the processes it started took."""
    began, clock = _processor(), time.perf_counter()
    await act()
    taken.processor += _processor() - began
    taken.clock += time.perf_counter() - clock
    taken.pages += pages


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def drawn(pages: int, number: int) -> bytes:
    """A letter as a scanner sends it, at 300 dots to the inch; every page another."""
    body = [f"{line} {number}" if line else line for line in LINES]
    pictures = [letter(FINEST, (*body, *(f"{page}.{row} {LINES[6]}" for row in range(14)))) for page in range(pages)]
    made: bytes = img2pdf.convert([jpeg(one, dpi=(FINEST, FINEST)) for one in pictures])
    return made


async def bare_ocrmypdf(content: bytes, folder: Path) -> None:
    """OCRmyPDF as it comes, on one core."""
    (folder / "in.pdf").write_bytes(content)
    options = ["--skip-text", "--jobs", "1", "-l", LANGUAGES, "--output-type", "pdfa-2", "--pdfa-backend", "internal"]
    command = [sys.executable, "-m", "ocrmypdf", "-q", *options, "--rasterizer", "pypdfium"]
    await _run([*command, str(folder / "in.pdf"), str(folder / "out.pdf")])


async def bare_tesseract(pictures: list[Path], folder: Path) -> None:
    """Tesseract alone."""
    for picture in pictures:
        await _run(["tesseract", str(picture), str(folder / "out"), "--dpi", str(FINEST), "-l", LANGUAGES])


async def _run(command: list[str]) -> None:
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    await asyncio.to_thread(subprocess.run, command, env=environment, check=True, capture_output=True)


async def ours(context: Context, storage: S3Storage, content: bytes, pages: int) -> Callable[[], Awaitable[object]]:
    """A scan that waits in the queue, and the worker's step that makes its copies."""
    file_id = new_id()
    key = f"letters/scans/{file_id}"
    await storage.put(key, io.BytesIO(content), len(content), "application/pdf")
    digest = hashlib.sha256(content).hexdigest()
    file = StoredFile(
        file_id=file_id,
        name="pindai.pdf",
        object_key=key,
        sha256=digest,
        size=len(content),
        media_type="application/pdf",
        pages=pages,
    )
    await context.copies.want(file, new_id(), None)

    async def act() -> None:
        await sweep_copies(context)
        copies = await context.copies.of(file_id)
        assert copies is not None
        if copies.state != "done" or not copies.archival or copies.failed_pages:
            raise SystemExit(f"the copies were not made: {copies.state} {copies.reason} {copies.failed_pages}")

    return act


def pictured(content: bytes, folder: Path) -> list[Path]:
    """The pages as Tesseract gets them."""
    paths = []
    for number, page in enumerate(pypdfium2.PdfDocument(content)):
        paths.append(folder / f"{number}.png")
        page.render(scale=FINEST / 72, grayscale=True).to_pil().save(paths[-1], compress_level=1)
    return paths


async def bench() -> None:
    """The three ways on the embedded stack."""
    took = {"ours": Taken(), "tesseract": Taken(), "ocrmypdf": Taken()}
    os.environ["PATH"] = searched_path()
    with tempfile.TemporaryDirectory() as var:
        async with EmbeddedStack(Path(var)) as stack:
            await stack.start_infrastructure()
            await compare(_settings(stack), took)
    for way, taken in took.items():
        print(f"{way:10} {taken}")  # noqa: T201
    for other in ("tesseract", "ocrmypdf"):
        processor = took[other].processor / took["ours"].processor
        print(f"ours / {other}: {processor:.2f} (processor), {took[other].clock / took['ours'].clock:.2f} (clock)")  # noqa: T201


def _settings(stack: EmbeddedStack) -> IntakeSettings:
    servers = servers_of(stack)
    return IntakeSettings.load(
        "intake",
        {
            "LONTAR_MONGO_URL": servers.mongo_url,
            "LONTAR_AMQP_URL": servers.amqp_url,
            "LONTAR_JWKS_URL": "http://127.0.0.1:9/unused",
            "LONTAR_INTAKE_COPIES_PATIENCE_SECONDS": "0",
            **{f"LONTAR_S3_{name}".upper(): value for name, value in servers.s3.items()},
        },
    )


async def compare(settings: IntakeSettings, took: dict[str, Taken]) -> None:
    """Every letter by the three ways in turn."""
    service = build(settings)
    await service.prepare()
    context: Context = service.app.state.context
    storage = S3Storage(settings.storage)
    await storage.ensure_bucket()
    for number, pages in enumerate((1, *PAGES)):
        content = drawn(pages, number)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            pictures = pictured(content, folder)
            act = await ours(context, storage, content, pages)
            warm = number == 0  # the first letter warms the disk's cache and is not counted
            into = {way: Taken() for way in took} if warm else took
            await measured(into["tesseract"], pages, lambda: bare_tesseract(pictures, folder))  # noqa: B023
            await measured(into["ours"], pages, act)
            await measured(into["ocrmypdf"], pages, lambda: bare_ocrmypdf(content, folder))  # noqa: B023


if __name__ == "__main__":
    asyncio.run(bench())
