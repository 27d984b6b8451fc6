"""An archive of letters, as a regency has after some years. Invariant: every document is what the service itself would
have written: each letter's events are applied by the domain, and stored as the stores store them.

Only the way in is shorter than in life: no broker, no transactions, many letters in one insert.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from services.chassis.auth import HeldPosition, Principal
from services.chassis.clock import now
from services.chassis.documents import document
from services.chassis.ids import first_id_of, new_id
from services.chassis.mongo import BulkWriteError, Database, Document, PyMongoError, only_doubles
from services.contracts import intake as i
from services.contracts import routing as r
from services.contracts.event import Event
from services.contracts.vocabulary import Actor, Party
from services.routing.domain.control import control_row
from services.routing.domain.delivery import delivered
from services.routing.domain.dossier import Dossier, applied, begun
from services.routing.domain.letter import is_completed, outcome_of
from services.routing.store.branches import branch_row
from services.routing.store.letters import Entry, history_row
from tests.load.letter_corpus import Regency, Sent

YEARS = 2
BATCH = 100
URGENCIES = ("normal",) * 12 + ("urgent",) * 5 + ("very_urgent",)
SECRECY = ("ordinary",) * 17 + ("restricted",) * 2 + ("secret",)


def known_id(*names: str) -> str:
    """The same id for the same names, so that an archive that was kept can be asked again."""
    return str(uuid5(NAMESPACE_URL, "lontar-archive/" + "/".join(names)))


def held(role: str, unit: str) -> HeldPosition:
    """A position in a unit."""
    return HeldPosition(
        position_id=known_id("position", role, unit),
        title=f"{role} {unit}",
        unit_id=known_id("unit", unit),
        unit_name=unit,
        role=role,
    )


@dataclass
class House:
    """The units that send and get letters, each with a head or operator, and a leader above them all."""

    units: dict[str, Principal] = field(default_factory=dict)
    leader: Principal = field(
        default_factory=lambda: Principal(
            person_id=known_id("person", "Bupati"), name="Bupati", positions=(held("leader", "Bupati"),)
        )
    )

    def unit(self, name: str, role: str = "head") -> Principal:
        """Who handles this unit's letters."""
        if name not in self.units:
            person = known_id("person", name)
            self.units[name] = Principal(person_id=person, name=f"Pejabat {name}", positions=(held(role, name),))
        return self.units[name]

    def actor(self, name: str, role: str = "head") -> Actor:
        """The same, acting."""
        person = self.unit(name, role)
        return person.acting_as(person.positions[0])

    def party(self, name: str) -> Party:
        """The unit as a party."""
        return Party(kind="unit", id=self.unit(name).positions[0].unit_id, name=name)


@dataclass(frozen=True)
class Stored:
    """A letter with its history."""

    dossier: Dossier
    entries: tuple[Entry, ...]


def archive(house: House, count: int, seed: int = 11, first: int = 0) -> Iterator[Stored]:
    """``count`` letters over the years until today, the oldest first, without those before the ``first``."""
    chance = random.Random(seed)
    start = now() - timedelta(days=365 * YEARS)
    for number, sent in enumerate(Regency(seed).letters(count)):
        if number < first:
            continue
        at = start + timedelta(days=365 * YEARS) * (number / count)
        yield _letter(house, chance, sent, number, at)


def _letter(house: House, chance: random.Random, sent: Sent, number: int, at: datetime) -> Stored:
    event = _registered(house, chance, sent, number, at)
    told = [house.party(one) for one in sent.addressees], [house.party(one) for one in sent.copies]
    ways = [
        _way(house, party, role, at)
        for role, parties in zip(("addressee", "copy"), told, strict=True)
        for party in parties
    ]
    story = _Story(begun(event), [Entry(new_id(), 1, 1, event)])
    story.tell(delivered(event, story.dossier, ways, at + timedelta(milliseconds=80)))
    for branch in story.dossier.branches:
        _handle(house, chance, story, branch.id, branch.unit_name, branch.role, at)
    letter = story.dossier.letter
    if is_completed(story.dossier.branches):
        outcome = outcome_of(letter, story.dossier.branches)
        story.tell(
            r.LetterCompleted(letter_id=letter.id, subject=letter.summary.subject, outcome=outcome, holders=(), at=at)
        )
    return Stored(story.dossier, tuple(story.entries))


@dataclass
class _Story:
    dossier: Dossier
    entries: list[Entry]

    def tell(self, event: Event) -> None:
        seq = self.dossier.letter.version + 1
        self.dossier = applied(self.dossier, event, seq)
        self.entries.append(Entry(new_id(), self.dossier.letter.entries, seq, event))


def _registered(house: House, chance: random.Random, sent: Sent, number: int, at: datetime) -> i.LetterRegistered:
    role = "village_operator" if sent.sender_kind == "village" else "head"
    by = house.actor(sent.sender, role)
    return i.LetterRegistered.model_validate(
        {
            "letter_id": f"{first_id_of(at)[:18]}-8{number:03x}"[:23] + f"-{chance.getrandbits(48):012x}",
            "direction": "incoming",
            "book": "masuk",
            "year": at.year,
            "agenda_number": number + 1,
            "tracking_code": f"{number:012X}",
            "kind": sent.kind,
            "category": sent.category,
            "urgency": chance.choice(URGENCIES),
            "confidentiality": chance.choice(SECRECY),
            "subject": sent.subject,
            "summary": sent.summary,
            "letter_number": f"{chance.randint(1, 999):03d}/{number}/{at.year}",
            "received_on": at.date(),
            "sender": house.party(sent.sender),
            "addressees": (),
            "files": (),
            "registered_by": by,
            "registered_at": at,
            "classification": sent.classification,
        }
    )


def _way(house: House, party: Party, role: Any, at: datetime) -> r.Branch:
    position = house.unit(party.name).positions[0]
    due = at + timedelta(days=5) if role == "addressee" else None
    return r.Branch(
        branch_id=f"{first_id_of(at)[:18]}-{new_id()[19:]}",
        role=role,
        unit_id=position.unit_id,
        unit_name=party.name,
        holders=(position.position_id,),
        due_at=due,
        remind_at=due and due - timedelta(days=1),
    )


def _handle(
    house: House, chance: random.Random, story: _Story, branch_id: str, unit: str, role: str, at: datetime
) -> None:
    """What the unit did: old letters are nearly all done, new ones mostly lie."""
    old = now() - at > timedelta(days=30)
    if chance.random() > (0.97 if old else 0.6):
        return
    ids = {"letter_id": story.dossier.letter.id, "branch_id": branch_id, "actor": house.actor(unit)}
    story.tell(r.BranchRead.model_validate({**ids, "at": at + timedelta(hours=2)}))
    if role == "addressee" and chance.random() < (0.98 if old else 0.5):
        story.tell(r.BranchClosed.model_validate({**ids, "outcome": "noted", "at": at + timedelta(hours=30)}))


def scanned_text(letter: Stored) -> str:
    """What stands on the paper: the usual phrases of a letter around what it is about."""
    summary = letter.dossier.letter.summary
    return (
        f"Kepada Yth. {summary.kind} Nomor {summary.letter_number} Perihal {summary.subject}. Dengan hormat, "
        f"bersama ini kami sampaikan {summary.subject.lower()}. Sehubungan dengan hal tersebut di atas mohon kiranya "
        f"dapat ditindaklanjuti sesuai ketentuan yang berlaku. {letter.dossier.letter.abstract or ''} Demikian "
        f"disampaikan, atas perhatian dan kerja sama Bapak/Ibu diucapkan terima kasih. {summary.sender.name}"
    )


async def fill(database: Database, letters: Iterator[Stored]) -> AsyncIterator[Sequence[Stored]]:
    """Write the letters as the stores would; yields each batch when it is written."""
    batch: list[Stored] = []
    for one in letters:
        batch.append(one)
        if len(batch) == BATCH:
            await _write(database, batch)
            yield batch
            batch = []
    if batch:
        await _write(database, batch)
        yield batch


async def _write(database: Database, batch: Sequence[Stored]) -> None:
    branches = [branch_row(branch) for one in batch for branch in one.dossier.branches]
    history = [
        history_row(one.dossier.letter.id, entry, one.dossier.letter.registered_at)
        for one in batch
        for entry in one.entries
    ]
    rows: dict[str, list[Document]] = {
        "letters": [document(one.dossier.letter) for one in batch],
        "branches": branches,
        "history": history,
        "control_list": [document(control_row(one.dossier)) for one in batch],
    }
    for name, found in rows.items():  # one after the other: the embedded server has trouble with large writes at once
        await insist(lambda name=name, found=found: database[name].insert_many(found, ordered=False))  # type: ignore[misc]


async def insist(write: Callable[[], Awaitable[object]]) -> None:
    """Write, again where the server took too long to answer; what is there already is fine."""
    for pause in (1, 5, 20, 60):
        try:
            await write()
        except BulkWriteError as error:
            if not only_doubles(error):
                raise
        except PyMongoError:
            await asyncio.sleep(pause)
            continue
        return
    raise TimeoutError("the database does not take what is written")
