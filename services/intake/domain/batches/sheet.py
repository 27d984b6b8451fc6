"""Separator sheets and the code on them. Invariant: only a sheet of this house is ever taken for one.

A letter may carry any QR code, that of an electronic signature above all. So the code of a sheet carries a seal made
with a key of the installation: whoever does not have it makes no sheet, and a sheet from elsewhere divides nothing. The
sheet says all there is to say itself, so one printed years ago still works and nothing need be looked up for it.

    LTR:P1:<base 32 of unit (16 bytes), one byte that says which defaults follow, the defaults, seal (8 bytes)>

All of it is in the alphabet that QR codes pack best. Codes in the tables are positions: add at the end only.
"""

import base64
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints, field_validator

from services.chassis.ids import EntityId
from services.contracts.vocabulary import Category, Confidentiality, Direction, Urgency

FAMILY = "LTR:P"
"""What the code of every separator sheet begins with, whatever its version and house."""
PREFIX = f"{FAMILY}1:"
SEAL_BYTES = 8
LONGEST_KIND_BYTES = 40
_PURPOSE = b"lontar separator sheet 1\n"
_TABLES: dict[str, tuple[str, ...]] = {
    "direction": ("incoming", "outgoing", "internal"),
    "category": ("invitation", "request", "report", "other"),
    "urgency": ("very_urgent", "urgent", "normal"),
    "confidentiality": ("top_secret", "secret", "restricted", "ordinary"),
}
_FIELDS = ("direction", "category", "urgency", "confidentiality", "kind", "addressee")

Kind: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class SheetDefaults(BaseModel):
    """What is suggested for every letter behind such a sheet. ``addressee`` is a unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    direction: Direction | None = None
    category: Category | None = None
    urgency: Urgency | None = None
    confidentiality: Confidentiality | None = None
    kind: Kind | None = None
    addressee: EntityId | None = None

    @field_validator("kind")
    @classmethod
    def _short(cls, kind: str | None) -> str | None:
        if kind is not None and len(kind.encode()) > LONGEST_KIND_BYTES:
            raise ValueError(f"a kind on a sheet has at most {LONGEST_KIND_BYTES} bytes")
        return kind


class SeparatorSheet(BaseModel):
    """A sheet of ``unit_id``, to lie in front of each letter."""

    model_config = ConfigDict(frozen=True)

    unit_id: EntityId
    defaults: SheetDefaults = SheetDefaults()


def code_of(sheet: SeparatorSheet, key: bytes) -> str:
    """What stands in the QR code of ``sheet``."""
    body = UUID(sheet.unit_id).bytes + _packed(sheet.defaults)
    return PREFIX + base64.b32encode(body + _seal(body, key)).decode().rstrip("=")


def sheet_of(text: str, key: bytes) -> SeparatorSheet | Literal["foreign"] | None:
    """The sheet this code stands on; ``foreign`` where it is of another house or hand, None where it is none."""
    if not text.startswith(FAMILY):
        return None
    coded = text.removeprefix(PREFIX)
    try:
        content = base64.b32decode(coded + "=" * (-len(coded) % 8))
        body, seal = content[:-SEAL_BYTES], content[-SEAL_BYTES:]
        if not hmac.compare_digest(seal, _seal(body, key)):
            return "foreign"
        return SeparatorSheet(unit_id=str(UUID(bytes=body[:16])), defaults=_unpacked(_Reader(body[16:])))
    except (ValueError, IndexError):
        return "foreign"


def _seal(body: bytes, key: bytes) -> bytes:
    return hmac.digest(key, _PURPOSE + body, sha256)[:SEAL_BYTES]


def _packed(defaults: SheetDefaults) -> bytes:
    given = 0
    packed = bytearray()
    for bit, name in enumerate(_FIELDS):
        value = getattr(defaults, name)
        if value is not None:
            given |= 1 << bit
            packed += _WRITE[name](value)
    return bytes([given]) + packed


def _unpacked(reader: "_Reader") -> SheetDefaults:
    given = reader.take(1)[0]
    said = {name: _READ[name](reader) for bit, name in enumerate(_FIELDS) if given >> bit & 1}
    return SheetDefaults.model_validate(said)


@dataclass
class _Reader:
    """Bytes, taken from the front; ValueError where there are not so many."""

    rest: bytes

    def take(self, count: int) -> bytes:
        """The next ``count`` bytes."""
        if len(self.rest) < count:
            raise ValueError("cut short")
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken


def _writes(name: str) -> Callable[[str], bytes]:
    return lambda value: bytes([_TABLES[name].index(value)])


def _reads(name: str) -> Callable[[_Reader], Any]:
    return lambda reader: _TABLES[name][reader.take(1)[0]]


def _write_text(value: str) -> bytes:
    content = value.encode()
    return bytes([len(content)]) + content


_WRITE: dict[str, Callable[[str], bytes]] = {
    **{name: _writes(name) for name in _TABLES},
    "kind": _write_text,
    "addressee": lambda value: UUID(value).bytes,
}
_READ: dict[str, Callable[[_Reader], Any]] = {
    **{name: _reads(name) for name in _TABLES},
    "kind": lambda reader: reader.take(reader.take(1)[0]).decode(),
    "addressee": lambda reader: str(UUID(bytes=reader.take(16))),
}
