"""How what stands on a sheet is called. Invariant: in the words of the forms that clerks know."""

from collections.abc import Mapping
from typing import Any

from services.intake.domain.batches.sheet import SheetDefaults
from services.intake.domain.wording import CATEGORIES, CONFIDENTIALITIES, DIRECTIONS, URGENCIES

_FIELDS: Mapping[str, tuple[str, Mapping[Any, str]]] = {
    "direction": ("Arah", DIRECTIONS),
    "category": ("Kategori", CATEGORIES),
    "urgency": ("Kecepatan", URGENCIES),
    "confidentiality": ("Keamanan", CONFIDENTIALITIES),
}


def labelled(defaults: SheetDefaults, addressee: str | None) -> list[list[str]]:
    """Label and value of each default that is given, in the order of the form."""
    rows = [["Jenis naskah", defaults.kind or ""], ["Tujuan", addressee or ""]]
    rows += [[label, words.get(getattr(defaults, name), "")] for name, (label, words) in _FIELDS.items()]
    return [row for row in rows if row[1]]
