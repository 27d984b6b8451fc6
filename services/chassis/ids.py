"""Identifiers. Invariant: UUIDv7 (RFC 9562) as canonical text, so ids sort by the time they were made."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator
from uuid_utils.compat import uuid7


def new_id() -> str:
    """A fresh UUIDv7; ids made by one process are strictly increasing."""
    return str(uuid7())


def _canonical(text: str) -> str:
    return str(UUID(text))


EntityId = Annotated[str, AfterValidator(_canonical)]
"""A UUID in canonical lower-case text; anything else is refused at the door."""


def instant_of(identifier: str) -> datetime:
    """The millisecond a UUIDv7 was made (RFC 9562, section 5.7)."""
    return datetime.fromtimestamp((UUID(identifier).int >> 80) / 1000, UTC)
