"""What kind of letter it is. Invariant: a title on the page decides before what the subject sounds like."""

from services.contracts.vocabulary import Category
from services.intake.domain.suggestions.labels import Field, Sheet
from services.intake.domain.suggestions.spelling import folded
from services.intake.domain.suggestions.suggested import Suggested
from services.intake.domain.suggestions.titles import title_in

SUBJECTS: tuple[tuple[tuple[str, ...], str, float], ...] = (
    (("undangan", "mohon kehadiran", "mengundang", "permohonan kehadiran"), "Surat Undangan", 0.9),
    (("panggilan", "pemanggilan"), "Surat Panggilan", 0.85),
    (("permohonan", "mohon", "permintaan"), "Surat Permohonan", 0.85),
    (("laporan", "penyampaian laporan", "pelaporan"), "Laporan", 0.75),
    (("pengantar", "surat pengantar"), "Surat Pengantar", 0.8),
    (("edaran", "surat edaran"), "Surat Edaran", 0.8),
    (("pengumuman",), "Pengumuman", 0.75),
    (("rekomendasi",), "Rekomendasi", 0.75),
)
CATEGORIES: dict[str, Category] = {
    "Surat Undangan": "invitation",
    "Surat Panggilan": "invitation",
    "Surat Permohonan": "request",
    "Laporan": "report",
}
TITLE_ROWS = 16


def kind(sheet: Sheet, fields: list[Field], subject: Suggested[str] | None, occasion: bool) -> Suggested[str] | None:
    """By its title; by how its subject begins; by what it invites to; else a plain letter."""
    for row in sheet.rows[:TITLE_ROWS]:
        if title := title_in(row.text):
            return Suggested(title.kind, title.confidence, row.spot, row.text)
    if subject is not None:
        for begins, name, sure in SUBJECTS:
            if any(folded(subject.value).startswith(one) for one in begins):
                return Suggested(name, sure * subject.confidence, subject.spot, subject.text)
        if occasion:
            return Suggested("Surat Undangan", 0.5, subject.spot, subject.text)
    numbered = next((one for one in fields if one.label == "number"), None)
    if subject is not None and numbered is not None:
        return Suggested("Surat Dinas", 0.85, subject.spot, subject.text)
    return None


def category(found: Suggested[str] | None) -> Suggested[Category] | None:
    """What follows from the kind."""
    return found.of(CATEGORIES.get(found.value, "other"), 0.98) if found else None
