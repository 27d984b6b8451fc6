"""What acts on the organisation are given. Invariant: a change is kept, written into history and told, or none of it.

``keep`` is the only way anything of the organisation is written.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Protocol, TypeVar, cast
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.idempotency import IdempotentActs
from services.chassis.ids import new_id
from services.chassis.mongo import Database, Session
from services.chassis.uow import Transaction, UnitOfWork
from services.routing.domain.absence import Absence
from services.routing.domain.assignment import Assignment
from services.routing.domain.organisation import Entity, Person, Position, Unit
from services.routing.domain.parts import AT_ONCE, parts_of
from services.routing.domain.picture import Changes, Picture, changes, derived
from services.routing.store.absences import Absences
from services.routing.store.assignments import Assignments
from services.routing.store.entities import Entities
from services.routing.store.organisation import People, Positions, Units
from services.routing.store.organisation_history import Act, Author, Deed, OrganisationHistory
from services.routing.store.organisation_lock import Holder, OrganisationLock, Unfinished
from services.routing.store.presence import Presence

T = TypeVar("T")
Decide = Callable[[Session | None, date], Awaitable[Changes]]


class Who(Protocol):
    """Whoever does something, as history keeps it."""

    @property
    def person_id(self) -> str:
        """Their id."""
        ...

    @property
    def name(self) -> str:
        """Their name."""
        ...


class _TooMany(Exception):
    """More than one transaction should hold."""


STORES = (Units, Positions, People, Assignments, Absences, OrganisationHistory)
"""Whose indexes have to be made."""


@dataclass(frozen=True)
class Registry:
    """The organisation: its stores, its history, its lock and its time zone."""

    uow: UnitOfWork
    acts: IdempotentActs
    zone: ZoneInfo
    units: Units
    positions: Positions
    people: People
    assignments: Assignments
    absences: Absences
    presence: Presence
    history: OrganisationHistory
    lock: OrganisationLock

    @classmethod
    def on(cls, database: Database, uow: UnitOfWork, acts: IdempotentActs, timezone: str) -> "Registry":
        """The organisation in this database."""
        positions, assignments, absences = Positions(database), Assignments(database), Absences(database)
        return cls(
            uow=uow,
            acts=acts,
            zone=ZoneInfo(timezone),
            units=Units(database),
            positions=positions,
            people=People(database),
            assignments=assignments,
            absences=absences,
            presence=Presence(positions, assignments, absences),
            history=OrganisationHistory(database),
            lock=OrganisationLock(database),
        )

    def day_of(self, instant: datetime) -> date:
        """The local date of an instant."""
        return instant.astimezone(self.zone).date()

    def today(self) -> date:
        """The local date."""
        return self.day_of(now())

    async def change(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run ``work`` in a transaction that nobody else's change to the organisation overlaps."""

        async def alone(tx: Transaction) -> T:
            await self.lock.take(tx.session)
            return await work(tx)

        return await self.in_turn(lambda: self.uow.run(alone))

    async def in_turn(self, run: Callable[[], Awaitable[T]]) -> T:
        """``run`` when it is its turn in this process, after what an earlier act left unfinished."""
        async with self.lock.turn():
            try:
                return await run()
            except Unfinished as left:
                await self._in_parts(self._what_follows, "changed", left)
                return await run()

    async def enact(self, decide: Decide, act: Act, by: Who) -> Changes:
        """Make the changes that ``decide`` finds, given a session to read in and the local date: in one transaction,
        or where they are too many in parts, while nobody else can change anything.
        """

        async def at_once(tx: Transaction) -> Changes:
            await self.lock.take(tx.session)
            found = await decide(tx.session, self.day_of(tx.now))
            if found.size > AT_ONCE:
                raise _TooMany
            await self.keep(tx, found, act, by)
            return found

        async def either() -> Changes:
            try:
                return await self.uow.run(at_once)
            except _TooMany:
                return await self._in_parts(decide, act, by)

        return await self.in_turn(either)

    async def _in_parts(self, decide: Decide, act: Act, by: Who) -> Changes:
        """Seize the organisation, decide, and keep a part at a time. Left seized where a part could not be kept."""
        holder = Holder(new_id(), by.person_id, by.name)
        await self.uow.run(lambda tx: self.lock.seize(holder, tx.session))
        try:
            found = await decide(None, self.today())
        except ServiceError:
            await self.lock.release(holder, None)
            raise
        for part in parts_of(found, AT_ONCE):

            async def keep(tx: Transaction, part: Changes = part) -> None:
                await self.lock.seize(holder, tx.session, again=True)
                await self.keep(tx, part, act, by)

            await self.uow.run(keep)
        await self.lock.release(holder, None)
        return found

    async def _what_follows(self, session: Session | None, today: date) -> Changes:
        """What an unfinished act left out of line: names and chains that do not show what they follow from."""
        there = Picture.of(await self.everything(session))
        return changes(there, derived(there, today))

    async def keep(self, tx: Transaction, found: Changes, act: Act, by: Who, declared: str = "") -> None:
        """Write the changes, their history and their events. ``declared`` is what new ones were made from."""
        for kind, store in self._stores():
            await store.add_all([one for one in found.made if isinstance(one, kind)], declared, tx.session)
            await store.change_all([one for one in found.changed if isinstance(one, kind)], tx.session)
        every = (*found.made, *found.changed)
        author = Author(person_id=by.person_id, name=by.name)
        await self.history.add(every, Deed(act, author, tx.now), tx.session)
        for one in every:
            if isinstance(one, Unit | Position | Assignment | Absence):
                tx.publish(one.changed(), seq=one.version)

    def _stores(self) -> Sequence[tuple[type[Entity], Entities[Any]]]:
        return (
            (Unit, self.units),
            (Position, self.positions),
            (Person, self.people),
            (Assignment, self.assignments),
            (Absence, self.absences),
        )

    async def everything(self, session: Session | None) -> Sequence[Entity]:
        """The whole organisation but for absences; a regency's is some ten thousand entities."""
        stores: tuple[Entities[Any], ...] = (self.units, self.positions, self.people, self.assignments)
        return [one for store in stores for one in await store.where({}, session)]


async def registry(request: Request) -> Registry:
    """FastAPI dependency: the organisation."""
    return cast(Registry, request.app.state.context.organisation)


Org = Annotated[Registry, Depends(registry)]
