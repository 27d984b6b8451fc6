"""How what a register holds is written for people. Invariant: one wording, in the history, in books and on paper."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from services.contracts.vocabulary import Category, Confidentiality, Direction, Occasion, Urgency
from services.projections.local_dates import moment

DIRECTIONS: Mapping[Direction, str] = {
    "incoming": "Surat masuk",
    "outgoing": "Surat keluar",
    "internal": "Surat internal",
}
URGENCIES: Mapping[Urgency, str] = {"very_urgent": "Sangat segera", "urgent": "Segera", "normal": "Biasa"}
CONFIDENTIALITIES: Mapping[Confidentiality, str] = {
    "top_secret": "Sangat rahasia",
    "secret": "Rahasia",
    "restricted": "Terbatas",
    "ordinary": "Biasa",
}
CATEGORIES: Mapping[Category, str] = {
    "invitation": "Undangan",
    "request": "Permohonan",
    "report": "Laporan",
    "other": "Lainnya",
}


def occasion_in_words(occasion: Occasion, zone: ZoneInfo) -> str:
    """``Rapat koordinasi, Aula, 3 Maret 2026 pukul 09.30 WITA s.d. 3 Maret 2026 pukul 12.00 WITA``."""
    when = f"{moment(occasion.starts_at, zone)} s.d. {moment(occasion.ends_at, zone)}"
    return ", ".join(part for part in (occasion.title, occasion.place, when) if part)
