"""One entry of the record. Invariant: what its hash covers is all it says, so a word changed anywhere shows.

An entry's hash covers the hash of the one before it (a hash chain), its own number, and the time of the one before:
from that a reader can tell an entry that ran out of its time from one that somebody took away.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal, Self

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.chassis.auth import Principal

Outcome = Literal["done", "refused"]
BEGINNING = "0" * 64
"""What stands for the hash before the first entry."""
KIND = r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+"
GROUPS = ("account", "audit", "client", "oidc", "password", "second_factor", "session", "sign_in")
"""The first parts of the kinds there are, which people may ask for."""
LONGEST_TEXT = 500
MOST_DETAILS = 20


class AuditActor(BaseModel):
    """Who did it. ``id`` is the person's, the app's, or the name of what the gateway does by itself."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["person", "app", "system"]
    id: str
    name: str
    session_id: str | None = None

    @classmethod
    def of(cls, principal: Principal) -> Self:
        """Whoever a verified token speaks for."""
        if principal.client_id:
            return cls(kind="app", id=principal.client_id, name=principal.name)
        return cls(kind="person", id=principal.person_id, name=principal.name, session_id=principal.session_id)


HOUSE = AuditActor(kind="system", id="gateway", name="Gerbang Lontar")
"""What the gateway does by itself."""


class Happening(BaseModel):
    """What is to be recorded; ``id`` tells the time (UUIDv7).

    ``subject`` is what it was done to, as ``<what>:<id>`` ("account:0198…"). What a stranger typed as a name is never
    kept: people type passwords into the wrong field.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    at: AwareDatetime
    kind: str = Field(pattern=f"^{KIND}$")
    outcome: Outcome
    actor: AuditActor | None
    subject: str
    address: str
    request_id: str
    details: dict[str, str]

    @property
    def group(self) -> str:
        """The first part of its kind."""
        return self.kind.partition(".")[0]


class AuditEntry(Happening):
    """A happening with its place in the chain."""

    seq: int
    previous_at: AwareDatetime | None
    previous_hash: str
    hash: str

    @property
    def true(self) -> bool:
        """Whether its hash is that of what it says."""
        return self.hash == hash_of(self, self.seq, self.previous_hash, self.previous_at)


def chained(happening: Happening, before: "AuditEntry | None") -> AuditEntry:
    """The happening as the entry after ``before``."""
    seq = before.seq + 1 if before else 1
    previous_hash, previous_at = (before.hash, before.at) if before else (BEGINNING, None)
    return AuditEntry.model_validate(
        {
            **happening.model_dump(),
            "seq": seq,
            "previous_at": previous_at,
            "previous_hash": previous_hash,
            "hash": hash_of(happening, seq, previous_hash, previous_at),
        }
    )


def hash_of(happening: Happening, seq: int, previous_hash: str, previous_at: datetime | None) -> str:
    """SHA-256 over the entry as JSON with sorted names, without spaces: any program can compute it again."""
    actor = happening.actor
    said = {
        "seq": seq,
        "previous_hash": previous_hash,
        "previous_at": _instant(previous_at) if previous_at else None,
        "id": happening.id,
        "at": _instant(happening.at),
        "kind": happening.kind,
        "outcome": happening.outcome,
        "actor": actor.model_dump() if actor else None,
        "subject": happening.subject,
        "address": happening.address,
        "request_id": happening.request_id,
        "details": happening.details,
    }
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def bounded(details: Mapping[str, str]) -> dict[str, str]:
    """Details as they are kept: few, and none of them long."""
    return {name: value[:LONGEST_TEXT] for name, value in list(details.items())[:MOST_DETAILS]}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
