"""What kind of letter it is, by its title. Invariant: the names of kinds are those of the catalogue of kinds."""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from services.intake.domain.suggestions.spelling import folded

TITLES: tuple[tuple[str, str], ...] = (
    ("nota dinas", "Nota Dinas"), ("memorandum", "Memorandum"), ("memo", "Memorandum"),
    ("surat edaran", "Surat Edaran"), ("surat perintah tugas", "Surat Tugas"), ("surat tugas", "Surat Tugas"),
    ("surat perintah", "Surat Perintah"), ("surat keputusan", "Surat Keputusan"), ("keputusan", "Surat Keputusan"),
    ("instruksi", "Instruksi"), ("surat kuasa", "Surat Kuasa"), ("berita acara", "Berita Acara"),
    ("surat keterangan", "Surat Keterangan"), ("surat pengantar", "Surat Pengantar"), ("pengumuman", "Pengumuman"),
    ("laporan", "Laporan"), ("telaahan staf", "Telaahan Staf"), ("notula", "Notula"), ("notulen", "Notula"),
    ("surat undangan", "Surat Undangan"), ("undangan", "Surat Undangan"), ("surat panggilan", "Surat Panggilan"),
    ("surat pernyataan melaksanakan tugas", "Surat Pernyataan Melaksanakan Tugas"), ("surat izin", "Surat Izin"),
    ("rekomendasi", "Rekomendasi"), ("surat rekomendasi", "Rekomendasi"), ("radiogram", "Radiogram"),
    ("sertifikat", "Sertifikat"), ("piagam", "Piagam"), ("piagam penghargaan", "Piagam"),
    ("surat perjanjian", "Surat Perjanjian"), ("perjanjian kerja sama", "Surat Perjanjian"),
    ("surat permohonan", "Surat Permohonan"), ("peraturan", "Peraturan"), ("pedoman", "Pedoman"),
    ("petunjuk pelaksanaan", "Petunjuk Pelaksanaan"), ("standar operasional prosedur", "SOP"),
)  # fmt: skip
WITH_AUTHORITY = ("keputusan", "instruksi", "peraturan", "surat edaran", "pengumuman", "surat keputusan")
"""Titles behind which stands who decides: ``INSTRUKSI BUPATI``."""
_AUTHORITY = re.compile(
    r"\b(?:bupati|wali ?kota|gubernur|kepala|sekretaris|menteri|perbekel|camat|lurah|direktur|ketua|presiden|"
    r"desa|daerah)\b"
)


@dataclass(frozen=True)
class Title:
    """A kind, and how sure a row is its title."""

    kind: str
    confidence: float


def title_in(text: str) -> Title | None:
    """The kind whose title these words are, all of them."""
    said = folded(text)
    said = re.sub(r"\b(\w) (?=\w\b)", r"\1", said) if re.fullmatch(r"(?:\w ){4,}\w", said) else said
    if not 4 <= len(said) <= 90 or not _stands_out(text):
        return None
    for title, kind in TITLES:
        if said == title:
            return Title(kind, 0.96)
    for title in WITH_AUTHORITY:
        if said.startswith(title + " ") and _AUTHORITY.match(said.removeprefix(title).strip()):
            return Title(dict(TITLES)[title], 0.93)
    near = [(fuzz.ratio(said.replace(" ", ""), title.replace(" ", "")), kind) for title, kind in TITLES]
    best, kind = max(near)
    return Title(kind, 0.8 * best / 100) if best >= 86 and len(said) >= 7 else None


def _stands_out(text: str) -> bool:
    """A title is written in capitals, or each of its words begins with one."""
    words = [word for word in text.split() if any(map(str.isalpha, word))]
    return bool(words) and len(words) <= 8 and all(word[0].isupper() or not word[0].isalpha() for word in words)
