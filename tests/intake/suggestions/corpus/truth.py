"""What is true about a letter that was made, and the titles that say of what kind it is. Data alone."""

from dataclasses import asdict, dataclass, field
from typing import Any

TITLES = {
    "memo": (("NOTA DINAS", "Nota Dinas"), ("NOTA DINAS", "Nota Dinas"), ("MEMORANDUM", "Memorandum")),
    "circular": (("SURAT EDARAN", "Surat Edaran"), ("PENGUMUMAN", "Pengumuman")),
    "assignment": (("SURAT TUGAS", "Surat Tugas"), ("SURAT PERINTAH TUGAS", "Surat Tugas"),
                   ("SURAT KETERANGAN", "Surat Keterangan"), ("BERITA ACARA", "Berita Acara")),
    "cover": (("SURAT PENGANTAR", "Surat Pengantar"),),
    "unseen_card": (("UNDANGAN", "Surat Undangan"), ("SURAT UNDANGAN", "Surat Undangan"),
                    ("SURAT PANGGILAN", "Surat Panggilan")),
    "unseen_decree": (("Surat Edaran", "Surat Edaran"), ("Instruksi Bupati", "Instruksi"),
                      ("Pengumuman", "Pengumuman"), ("Keputusan Perbekel", "Surat Keputusan")),
}  # fmt: skip
"""Layouts that print what kind of letter they are."""


@dataclass
class Truth:
    """What a clerk would enter; None or empty where the letter does not say it. A sender is a unit or a name."""

    letter_number: str | None = None
    letter_date: str | None = None
    sender_unit: str | None = None
    sender_name: str | None = None
    subject: str | None = None
    kind: str | None = None
    urgency: str | None = None
    confidentiality: str | None = None
    addressees: list[str] = field(default_factory=list)
    place: str | None = None
    starts_at: str | None = None
    ends_at: str | None = None


@dataclass
class Made:
    """A letter: its layout, what is printed, and the truth about it."""

    name: str
    layout: str
    printed: dict[str, Any]
    truth: Truth

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)
