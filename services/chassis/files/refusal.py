"""Why a file is refused, in words that end a sentence which begins with its name."""

from typing import Literal

Fault = Literal["empty", "broken", "encrypted", "too_many_pixels", "macros", "unsupported_type"]


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
