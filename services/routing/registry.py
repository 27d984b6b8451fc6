"""What acts on the organisation are given. Invariant: a change is kept, written into history and told, or none of it.

``keep`` is the only way anything of the organisation is written.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, TypeVar, cast
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.idempotency import IdempotentActs
from services.chassis.mongo import Database, Session
from services.chassis.uow import Transaction, UnitOfWork
from services.routing.domain.absence import Absence
from services.routing.domain.assignment import Assignment
from services.routing.domain.organisation import Entity, Person, Position, Unit
from services.routing.domain.picture import Changes
from services.routing.store.absences import Absences
from services.routing.store.assignments import Assignments
from services.routing.store.entities import Entities
from services.routing.store.organisation import People, Positions, Units
from services.routing.store.organisation_history import Act, Author, Deed, OrganisationHistory
from services.routing.store.organisation_lock import OrganisationLock
from services.routing.store.presence import Presence

T = TypeVar("T")
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

        async with self.lock.turn():
            return await self.uow.run(alone)

    async def keep(self, tx: Transaction, changes: Changes, act: Act, by: Principal, declared: str = "") -> None:
        """Write the changes, their history and their events. ``declared`` is what new ones were made from."""
        for kind, store in self._stores():
            await store.add_all([one for one in changes.made if isinstance(one, kind)], declared, tx.session)
            await store.change_all([one for one in changes.changed if isinstance(one, kind)], tx.session)
        every = (*changes.made, *changes.changed)
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
