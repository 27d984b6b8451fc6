"""An app of a unit. Invariant: it has a name of its own, which stands in tracks, and somebody to answer for it."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gateway.clients.grants import Grant

MOST_POSITIONS = 50


class Contact(BaseModel):
    """Who answers for the app in its unit."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: Annotated[str, Field(min_length=1, max_length=200)]
    email: Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
    phone: Annotated[str | None, Field(min_length=5, max_length=30, pattern=r"^[+0-9][0-9 ()./-]+$")] = None


class Client(BaseModel):
    """An app as it is kept; ``version`` counts its changes."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    unit_id: str
    unit_name: str
    contact: Contact
    position_ids: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = ()
    per_second: float
    burst: int
    active: bool = True
    version: int = 1
    created_at: datetime
    changed_at: datetime

    @property
    def shown_as(self) -> str:
        """Its name where people read of its acts."""
        return f"Aplikasi {self.name}"


def name_key(name: str) -> str:
    """What must be unique: the name without regard to case and spacing."""
    return " ".join(name.casefold().split())
