"""What somebody who reviews a batch should look at. Invariant: told by what is there now, so none is out of date."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.intake.domain.batches.arrangement import BatchLetter, Begun
from services.intake.domain.batches.batch import Batch
from services.intake.domain.batches.splitting import PageFinding

_OF_LETTERS: dict[Begun, tuple[str, str]] = {
    "other_unit": ("sheet_of_other_unit", "Lembar pemisahnya milik unit lain, sehingga isian awalnya tidak dipakai."),
    "before_first": ("before_first_sheet", "Halaman ini ada di depan lembar pemisah pertama."),
    "no_sheet": (
        "no_sheet",
        "Tidak ditemukan lembar pemisah. Bagilah sendiri bila pindaian ini berisi beberapa surat.",
    ),
}
IN_A_ROW = 3
"""Two sheets in a row may be the two sides of one."""


@dataclass(frozen=True)
class BatchWarning:
    """A stable code and a sentence, and the page it is about where it is about one."""

    code: str
    detail: str
    page: int | None = None


def warnings_of_letter(letter: BatchLetter, findings: Mapping[int, PageFinding]) -> Iterator[BatchWarning]:
    """Of one letter and its pages."""
    if letter.begun in _OF_LETTERS:
        yield BatchWarning(*_OF_LETTERS[letter.begun])
    if letter.begun in ("sheet", "other_unit") and _lay_turned(letter, findings):
        yield BatchWarning("sheet_turned", "Lembar pemisahnya terpindai miring atau terbalik. Periksa arah halaman.")
    for one in letter.pages:
        yield from _of_page(findings[one.page])


def warnings_of_batch(batch: Batch) -> Iterator[BatchWarning]:
    """Of the sheets between the letters."""
    run: list[PageFinding] = []
    for finding in (*batch.findings, None):
        if finding and finding.sheet:
            run.append(finding)
            continue
        yield from _of_run(run)
        if finding is None and run:
            detail = "Tidak ada surat di belakang lembar pemisah terakhir."
            yield BatchWarning("sheet_without_letter", detail, run[-1].page)
        run = []


def _of_run(run: Sequence[PageFinding]) -> Iterator[BatchWarning]:
    if len(run) >= IN_A_ROW or len({one.sheet for one in run}) > 1:
        detail = "Beberapa lembar pemisah berurutan tanpa surat di antaranya. Periksa apakah ada surat yang tertinggal."
        yield BatchWarning("sheets_in_a_row", detail, run[0].page)


def _lay_turned(letter: BatchLetter, findings: Mapping[int, PageFinding]) -> bool:
    sheets = [one for one in findings.values() if one.sheet and one.page < letter.pages[0].page]
    return bool(sheets) and max(sheets, key=lambda one: one.page).turned != 0


def _of_page(finding: PageFinding) -> Iterator[BatchWarning]:
    if finding.failed:
        yield BatchWarning("page_unreadable", "Halaman ini tidak dapat ditampilkan.", finding.page)
    if finding.blank:
        yield BatchWarning("page_blank", "Halaman ini tampak kosong.", finding.page)
    if finding.foreign:
        detail = "Halaman ini seperti lembar pemisah, tetapi bukan dari sistem ini."
        yield BatchWarning("sheet_foreign", detail, finding.page)
