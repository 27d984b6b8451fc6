"""Identifiers. Invariant: UUIDv7 (RFC 9562) as canonical text, so ids sort by the time they were made."""

import re
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator
from uuid_utils import uuid7

from services.chassis.errors import unprocessable


def new_id() -> str:
    """A fresh UUIDv7; ids made by one process are strictly increasing."""
    return str(uuid7())


_WRITTEN = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
"""Stricter than the library, which reads past white space, braces, signs and underscores."""


def _canonical(text: str) -> str:
    if not _WRITTEN.fullmatch(text):
        raise ValueError("not a UUID as RFC 9562 writes it")
    return text.lower()


EntityId = Annotated[str, AfterValidator(_canonical)]
"""A UUID in canonical lower-case text. Capitals are made small, any other way of writing one is refused at the door."""


def known_id(text: str) -> str:
    """``text`` as an identifier; 422 where it is none."""
    try:
        return _canonical(text)
    except ValueError:
        raise unprocessable("bad_cursor", "Penanda halaman tidak dikenal.", field="cursor") from None


_END_OF_TIME = 253_402_300_799_999
"""The last millisecond that Python can name; the 48 bits of a UUID reach further."""


def instant_of(identifier: str) -> datetime:
    """The millisecond a UUIDv7 was made (RFC 9562, section 5.7); of any other UUID, some instant."""
    return datetime.fromtimestamp(min(UUID(identifier).int >> 80, _END_OF_TIME) / 1000, UTC)


def first_id_of(instant: datetime) -> str:
    """The least UUIDv7 of a millisecond: every id made since sorts after it."""
    digits = f"{max(0, int(instant.timestamp() * 1000)):012x}"
    return f"{digits[:8]}-{digits[8:]}-7000-8000-000000000000"
