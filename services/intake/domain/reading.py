"""What of the reading of letters is recorded. Invariant: the same reading within an hour bears the same id.

So however often, at once or in how many processes something is read, the record says it once an hour.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

from services.contracts.vocabulary import Confidentiality

CONFIDENTIAL: frozenset[Confidentiality] = frozenset({"restricted", "secret", "top_secret"})
"""Who opens such a letter is recorded."""
RECORDED_OR_CLOSED: frozenset[Confidentiality] = frozenset({"secret", "top_secret"})
"""Such a letter is not shown to anybody while it cannot be recorded."""
_NAMESPACE = UUID("5b0e3f55-35a5-4c0f-9d58-0f8b0e6d7a11")
_HOUR_SECONDS = 3600


def access_id(
    what: Literal["opened", "refused"], person_id: str, letter_id: str, file_id: str | None, at: datetime
) -> str:
    """The id of a reading: one for a person, a letter, a file of it or the letter itself, and an hour."""
    hour = int(at.timestamp()) // _HOUR_SECONDS
    return str(uuid5(_NAMESPACE, f"{what}/{person_id}/{letter_id}/{file_id or ''}/{hour}"))
