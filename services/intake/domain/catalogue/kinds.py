"""Kinds of official papers (jenis naskah dinas). Invariant: a kind is retired, never removed, and a letter keeps
the words it was registered with.
"""

from collections.abc import Iterable, Mapping

from pydantic import AwareDatetime, BaseModel, ConfigDict

STEP = 10
"""Between two kinds there is room for others."""


class LetterKind(BaseModel):
    """A kind. ``order`` is where it stands; ``version`` counts its changes, the first is what it began with."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: str
    name: str
    order: int
    retired: bool = False
    version: int = 1
    by_id: str | None = None
    by_name: str | None = None
    at: AwareDatetime | None = None

    @property
    def key(self) -> str:
        """What makes two names the same."""
        return key_of(self.name)


def key_of(name: str) -> str:
    """A name as it is compared: however it is spaced and whatever its letters' size."""
    return " ".join(name.casefold().split())


def in_order(kinds: Iterable[LetterKind]) -> list[LetterKind]:
    """As they are offered."""
    return sorted(kinds, key=lambda one: (one.order, one.code))


_NAMES = (
    "Surat Dinas",
    "Surat Undangan",
    "Surat Permohonan",
    "Surat Tugas",
    "Surat Perintah",
    "Surat Keputusan",
    "Nota Dinas",
    "Instruksi",
    "Surat Edaran",
    "Surat Kuasa",
    "Berita Acara",
    "Surat Keterangan",
    "Surat Pengantar",
    "Pengumuman",
    "Laporan",
    "Telaahan Staf",
    "Notula",
    "Surat Pernyataan Melaksanakan Tugas",
    "Surat Panggilan",
    "Surat Izin",
    "Rekomendasi",
    "Radiogram",
    "Sertifikat",
    "Piagam",
    "Surat Perjanjian",
    "Peraturan",
    "Pedoman",
    "Petunjuk Pelaksanaan",
    "SOP",
    "Memorandum",
)
FIRST_KINDS: Mapping[str, LetterKind] = {
    code: LetterKind(code=code, name=name, order=place * STEP)
    for place, name in enumerate(_NAMES, start=1)
    for code in [name.lower().replace(" ", "_")]
}
"""What a regency begins with."""
