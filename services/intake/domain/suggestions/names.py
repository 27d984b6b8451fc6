"""Names as they are written in running text. Invariant: no letter is added or lost, only its size changes."""

import re

SMALL = frozenset({"dan", "di", "ke", "dari", "untuk", "pada", "yang", "serta"})
CAPITAL = frozenset(
    {"PT", "CV", "UD", "TNI", "AD", "AL", "AU", "RI", "SD", "SDN", "SMP", "SMA", "SMK", "TK", "PAUD", "BPJS", "BUMN",
     "BUMD", "KPU", "PMI", "PKK", "BNN", "BPS", "PLN", "PDAM", "RSUD", "UPT", "UPTD", "DPRD", "DPC", "DPD", "KONI",
     "MTS", "MI", "MAN", "LPD", "KORPRI", "PHDI", "MDA", "MUI", "NU", "HUT", "II", "III", "IV", "VI", "VII", "BUMDES"}
)  # fmt: skip


def titled(text: str) -> str:
    """``DINAS PERHUBUNGAN KE-45`` as ``Dinas Perhubungan ke-45``; what is not all capitals stays."""
    cleaned = re.sub(r"\s+", " ", text).strip(" |_~*“”\"'‘’.,;:—-")
    return " ".join(_word(word, first=index == 0) for index, word in enumerate(cleaned.split()))


def _word(word: str, *, first: bool) -> str:
    bare = word.strip(".,()")
    if not word.isupper() or bare in CAPITAL:
        return word
    if not first and (bare.lower() in SMALL or bare.startswith("KE-")):
        return word.lower()
    return word.capitalize() if "." not in bare else word
