"""What a presence system (E-Absen) tells of a day. Invariant: of a person and a day the last feed is what counts.

The id of what the feed says follows from person and day, so the same batch again changes nothing, and a corrected one
changes what it corrects. A cancellation by hand stands until the feed says something else than before.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.auth import Principal
from services.chassis.errors import unprocessable
from services.chassis.ids import first_id_of
from services.chassis.uow import Transaction
from services.routing.commands.fields import Nip
from services.routing.domain.absence import Absence, Presence
from services.routing.domain.organisation import Person
from services.routing.domain.picture import Changes
from services.routing.registry import Registry

MAX_ROWS = 1000


class FeedRow(BaseModel):
    """What is told of one person; ``present`` withdraws what was told before."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    nip: Nip
    status: Presence
    note: str | None = Field(default=None, min_length=1, max_length=500)


class Feed(BaseModel):
    """A day's presence, or a part of it."""

    model_config = ConfigDict(extra="forbid")

    on: date = Field(alias="date")
    rows: list[FeedRow] = Field(min_length=1, max_length=MAX_ROWS)


@dataclass(frozen=True)
class Fed:
    """What became of a feed; ``unknown`` are the numbers nobody here has."""

    recorded: int
    withdrawn: int
    unchanged: int
    unknown: list[str]


async def feed_absences(registry: Registry, by: Principal, feed: Feed) -> Fed:
    """Take the feed in; people who are unknown here are named and passed over."""
    twice = sorted(nip for nip, times in Counter(row.nip for row in feed.rows).items() if times > 1)
    if twice:
        raise unprocessable("named_twice", f"NIP disebut lebih dari sekali: {', '.join(twice[:5])}.", nips=twice)

    async def work(tx: Transaction) -> Fed:
        made: list[Absence] = []
        changed: list[Absence] = []
        unknown: list[str] = []
        for row in feed.rows:
            person = await registry.people.with_number(row.nip, tx.session)
            if person is None:
                unknown.append(row.nip)
                continue
            known = await registry.absences.find(_id(person, feed.on), tx.session)
            after = told(known, person, feed.on, row)
            if after is not None:
                (changed if known else made).append(after)
        await registry.keep(tx, Changes(tuple(made), tuple(changed)), "fed", by)
        withdrawn = sum(one.cancelled for one in changed)
        recorded = len(made) + len(changed) - withdrawn
        return Fed(recorded, withdrawn, len(feed.rows) - recorded - withdrawn - len(unknown), unknown)

    return await registry.change(work)


def told(known: Absence | None, person: Person, on: date, row: FeedRow) -> Absence | None:
    """What is kept of a person's day after this row; None where nothing changes."""
    if known is None:
        return None if row.status == "present" else _first(person, on, row)
    if known.fed == row.status and known.note == row.note:
        return None
    fresh = {"fed": row.status, "note": row.note, "cancelled": row.status == "present"}
    kind = {} if row.status == "present" else {"kind": row.status}
    return known.model_copy(update={**fresh, **kind, "version": known.version + 1})


def _first(person: Person, on: date, row: FeedRow) -> Absence:
    return Absence.model_validate(
        {
            "id": _id(person, on),
            "person_id": person.id,
            "person_name": person.name,
            "kind": row.status,
            "starts_on": on,
            "ends_on": on,
            "note": row.note,
            "fed": row.status,
        }
    )


def _id(person: Person, on: date) -> str:
    """Always the same for a person's day, and sorted among other ids as if it had been made when the day began."""
    digits = hashlib.sha256(f"{person.id}/{on.isoformat()}".encode()).hexdigest()
    began = first_id_of(datetime.combine(on, time(), UTC))
    return f"{began[:15]}{digits[:3]}-8{digits[3:6]}-{digits[6:18]}"
