"""Why a file is refused, in words that end a sentence which begins with its name."""

from typing import Literal

Fault = Literal[
    "empty",
    "broken",
    "encrypted",
    "too_many_pages",
    "too_many_pixels",
    "macros",
    "active_content",
    "mixed_content",
    "malware",
    "unreadable",
    "unsupported_type",
]


class Unacceptable(Exception):
    """The file is refused: what is wrong with it, and the end of the sentence that says so."""

    def __init__(self, fault: Fault, sentence: str) -> None:
        super().__init__(f"{fault}: {sentence}")
        self.fault = fault
        self.sentence = sentence


def broken() -> Unacceptable:
    """The refusal of what is damaged or was cut off."""
    return Unacceptable("broken", "rusak atau terpotong. Silakan pindai atau unggah ulang.")


def encrypted() -> Unacceptable:
    """The refusal of what asks for a password."""
    return Unacceptable("encrypted", "terkunci kata sandi. Silakan kirim tanpa kata sandi.")


def too_many_pages(most: int) -> Unacceptable:
    """The refusal of what is no letter but a library."""
    return Unacceptable("too_many_pages", f"memuat lebih dari {most} halaman. Silakan bagi menjadi beberapa berkas.")


def too_many_pixels() -> Unacceptable:
    """The refusal of what would fill the memory of whoever opens it."""
    return Unacceptable("too_many_pixels", "terlalu besar ukuran gambarnya. Silakan pindai pada 300 dpi.")


def active_content() -> Unacceptable:
    """The refusal of a document that does something by itself, or carries files within."""
    return Unacceptable(
        "active_content",
        "memuat skrip, perintah, atau lampiran di dalamnya. Silakan simpan ulang atau cetak ke PDF tanpa lampiran "
        "atau skrip, lalu kirim hasilnya.",
    )


def mixed_content() -> Unacceptable:
    """The refusal of what is two kinds of file at once."""
    return Unacceptable(
        "mixed_content",
        "bercampur dengan berkas jenis lain (misalnya arsip atau program). Silakan pindai ulang atau simpan ulang.",
    )


def malware() -> Unacceptable:
    """The refusal of what the malware scanner knows. What it is called is for the operator, not for who made it."""
    return Unacceptable("malware", "memuat program berbahaya dan ditolak. Silakan hubungi administrator.")


def unreadable() -> Unacceptable:
    """The refusal of what cannot be judged within the time and memory a file is given."""
    return Unacceptable(
        "unreadable",
        "tidak dapat diperiksa karena susunannya terlalu rumit atau rusak. Silakan pindai ulang atau cetak ke PDF, "
        "lalu kirim hasilnya.",
    )
