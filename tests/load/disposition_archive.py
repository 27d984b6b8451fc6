"""An archive of dispositions, as a regency has after some years. Invariant: every document is what the service itself
would have written: facts make the parts, the domain says in which boxes they stand, and the stores' rows hold them.

Only the way in is shorter than in life: no broker, no transactions, many dispositions in one insert. What is open does
not grow with the archive, except for what was forgotten.
"""

import itertools
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from services.chassis.auth import HeldPosition, Principal
from services.chassis.clock import now
from services.chassis.ids import first_id_of
from services.chassis.mongo import Database
from services.disposition.domain.boxes import BOXES, tab
from services.disposition.domain.disposition import Disposition, LetterLine
from services.disposition.domain.first_catalogue import FIRST_INSTRUCTIONS
from services.disposition.domain.memory import Memory
from services.disposition.domain.progress import demand_of
from services.disposition.domain.recipient import DispositionRecipient, Reminders, Seat
from services.disposition.store.box_counts import BoxCounts
from services.disposition.store.dispositions import Dispositions, disposition_row
from tests.load.archive import insist
from tests.load.letter_corpus import Regency, Sent

YEARS = 2
BATCH = 250
FRESH = 1500
"""So many of the newest may still be open."""
FORGOTTEN = 0.004
OFFICES = 40
STAFF = 8
CODES = tuple(FIRST_INSTRUCTIONS)
KNOWN_LETTERS = 4000
ANSWERS = ("Siap!", "Dilaksanakan", "Sudah kami koordinasikan dengan camat", "Laporan kami serahkan besok pagi")


def known_id(*names: str) -> str:
    """The same id for the same names, so that an archive that was kept can be asked again."""
    return str(uuid5(NAMESPACE_URL, "lontar-dispositions/" + "/".join(names)))


@dataclass(frozen=True)
class Office:
    """Who works in one: its head, and those who are given work."""

    head: HeldPosition
    staff: tuple[HeldPosition, ...]


def _held(role: str, office: str, title: str) -> HeldPosition:
    return HeldPosition(
        position_id=known_id("position", office, title),
        title=f"{title} {office}",
        unit_id=known_id("unit", office),
        unit_name=office,
        role=role,
    )


def offices() -> list[Office]:
    """All of them, always the same."""
    names = [f"Dinas {number}" for number in range(OFFICES)]
    return [
        Office(
            _held("head", name, "Kepala"),
            (
                _held("secretary", name, "Sekretaris"),
                *(_held("officer", name, f"Kepala Bidang {one}") for one in range(STAFF)),
            ),
        )
        for name in names
    ]


def person(position: HeldPosition) -> Principal:
    """Who holds it."""
    return Principal(
        person_id=known_id("person", position.position_id), name=f"Pejabat {position.title}", positions=(position,)
    )


def archive(house: Sequence[Office], count: int, first: int = 0, seed: int = 3) -> Iterator[Disposition]:
    """``count`` dispositions over the years until today, the oldest first, without those before the ``first``."""
    letters = Regency(seed).letters(KNOWN_LETTERS)
    start = now() - timedelta(days=365 * YEARS)
    for number in range(first, count):
        chance = random.Random(seed * 1_000_003 + number)
        at = start + timedelta(days=365 * YEARS) * (number / count)
        handled = chance.random() > (0.6 if number >= count - FRESH else FORGOTTEN)
        yield _disposition(chance, chance.choice(house), letters[number % KNOWN_LETTERS], number, at, handled=handled)


def _disposition(
    chance: random.Random, office: Office, letter: Sent, number: int, at: datetime, *, handled: bool
) -> Disposition:
    issuer = person(office.head).acting_as(office.head)
    wanted = chance.sample(office.staff, min(len(office.staff), 1 + int(chance.expovariate(0.5))))
    parts = tuple(
        _part(chance, position, place, at, handled=handled or chance.random() < 0.2)
        for place, position in enumerate(wanted)
    )
    answering = [person(one).acting_as(one) for one in wanted] if handled else []
    return Disposition(
        id=_id(chance, at),
        letter_id=_id(chance, at),
        letter_subject=letter.subject,
        letter=_line(letter, number, at),
        branch_id=(desk := _id(chance, at)),
        desk=desk,
        issuer=issuer,
        owner=Seat(since=at, **issuer.model_dump(include=set(Seat.model_fields))),
        note=letter.summary,
        recipients=parts,
        issued_at=at,
        version=1 + len(parts),
        memory=Memory().having([chance.choice(ANSWERS)] if handled else [], answering),
    )


def _id(chance: random.Random, at: datetime) -> str:
    rest = f"7{chance.getrandbits(12):03x}-8{chance.getrandbits(12):03x}-{chance.getrandbits(48):012x}"
    return first_id_of(at)[:14] + rest


def _line(letter: Sent, number: int, at: datetime) -> LetterLine:
    return LetterLine.model_validate(
        {
            "agenda_number": number + 1,
            "year": at.year,
            "tracking_code": f"{number:08X}",
            "sender": letter.sender,
            "kind": letter.kind,
            "category": letter.category,
            "urgency": "normal",
            "confidentiality": "ordinary",
        }
    )


def _part(
    chance: random.Random, position: HeldPosition, place: int, at: datetime, *, handled: bool
) -> DispositionRecipient:
    given = tuple(FIRST_INSTRUCTIONS[code].instruction() for code in chance.sample(CODES, chance.choice((1, 1, 2))))
    due = at + timedelta(days=7) if chance.random() < 0.4 else None
    facts: dict[str, Any] = {"read_at": at + timedelta(hours=2), "completed_at": at + timedelta(days=1)}
    late = due is not None and due < now() and not handled
    return DispositionRecipient(
        recipient_id=_id(chance, at),
        position_id=position.position_id,
        position_title=position.title,
        unit_id=position.unit_id,
        unit_name=position.unit_name,
        role="responsible" if place == 0 else "coordinating",
        instructions=given,
        due_at=due,
        due_on=due.date() if due else None,
        closes_on=demand_of(one.effect for one in given),
        issued_at=at,
        reminders=Reminders(overdue=late, neared=late),
        done_at=facts["completed_at"] if handled else None,
        **(facts if handled else {}),
    )


async def fill(database: Database, found: Iterator[Disposition]) -> AsyncIterator[int]:
    """Write the dispositions as the store would; yields how many after each batch."""
    while batch := list(itertools.islice(found, BATCH)):
        rows = [disposition_row(one) for one in batch]
        await insist(lambda rows=rows: database[Dispositions.COLLECTION].insert_many(rows, ordered=False))  # type: ignore[misc]
        yield len(batch)


async def count(database: Database, house: Sequence[Office]) -> None:
    """Write how much stands in each box, as counted there, in the place of what was counted before."""
    rows, counts = database[Dispositions.COLLECTION], database[BoxCounts.COLLECTION]
    await counts.delete_many({})
    for position in (one for office in house for one in (office.head, *office.staff)):
        boxes = {box: await rows.count_documents({"tabs": tab(position.position_id, box)}) for box in BOXES}
        row = {"_id": f"{position.position_id}/0", "position_id": position.position_id, "boxes": boxes}
        await counts.insert_one(row)
