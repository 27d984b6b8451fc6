"""The instruction catalogue. Invariant: a code, once given, keeps its meaning; a disposition stores the label it had.

Codes, labels and effects are those of the printed lembar disposisi in use in regencies.
"""

from collections.abc import Iterable

from services.contracts.disposition import Effect, Instruction

_ROWS: tuple[tuple[str, str, Effect], ...] = (
    ("diketahui", "Untuk diketahui", "closes_on_read"),
    ("perhatian", "Untuk menjadi perhatian", "closes_on_read"),
    ("pedoman", "Jadikan pedoman", "closes_on_read"),
    ("pelajari", "Pelajari / telaah", "reply"),
    ("sosialisasikan", "Sosialisasikan", "completion"),
    ("tindaklanjuti", "Tindak lanjuti", "completion"),
    ("laksanakan", "Untuk dilaksanakan", "completion"),
    ("selesaikan", "Selesaikan sesuai ketentuan", "completion"),
    ("proses_lanjut", "Proses lebih lanjut", "completion"),
    ("tanggapan_saran", "Tanggapan dan saran", "reply"),
    ("jawab_tertulis", "Siapkan jawaban tertulis", "outgoing_letter"),
    ("koordinasikan", "Koordinasikan / konfirmasikan", "coordination"),
    ("hadiri", "Hadiri dan laporkan", "agenda_and_report"),
    ("wakili", "Wakili dan laporkan", "agenda_and_report"),
    ("hadir_bersama", "Dampingi", "agenda"),
    ("jadwalkan", "Jadwalkan / agendakan", "schedule_request"),
    ("siapkan_bahan", "Siapkan bahan / sambutan", "completion_with_file"),
    ("siapkan_surat", "Siapkan surat", "outgoing_letter"),
    ("fasilitasi", "Fasilitasi / penuhi", "completion"),
    ("pantau", "Pantau", "periodic_report"),
    ("ingatkan", "Ingatkan", "reminder"),
    ("menghadap", "Menghadap / bicarakan dengan saya", "reply"),
    ("sesuai_disposisi", "Sesuai disposisi pimpinan", "inherits"),
    ("arsipkan", "Catat dan arsipkan", "closes"),
    ("lainnya", "Lain-lain", "reply"),
)

CATALOGUE: dict[str, Instruction] = {
    code: Instruction(code=code, label=label, effect=effect) for code, label, effect in _ROWS
}
FREE_TEXT = "lainnya"
"""Says nothing by itself: a note must say what is meant."""


def unknown_codes(codes: Iterable[str]) -> list[str]:
    """Those of ``codes`` that are not in the catalogue, each once, in order."""
    return [code for code in dict.fromkeys(codes) if code not in CATALOGUE]


def instructions_of(codes: Iterable[str]) -> tuple[Instruction, ...]:
    """The instructions behind known codes; one that is named twice is given once."""
    return tuple(CATALOGUE[code] for code in dict.fromkeys(codes))


QUICK_REPLIES: dict[str, str] = {
    "siap": "Siap!",
    "dilaksanakan": "Dilaksanakan",
    "mohon_arahan": "Mohon arahan",
}
"""One-tap replies a regency begins with."""
