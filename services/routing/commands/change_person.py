"""Change a person's name, number or rank. Invariant: what is in force or coming carries the new ones."""

from datetime import date
from typing import ClassVar

from services.chassis.auth import Principal
from services.chassis.errors import not_found
from services.chassis.mongo import Session
from services.chassis.preconditions import check_version
from services.routing.commands.around import around_person
from services.routing.commands.fields import Change, Code, Name, Nip, Rank
from services.routing.domain.flaws import settled
from services.routing.domain.organisation import Person
from services.routing.domain.picture import Changes
from services.routing.registry import Registry


class PersonChange(Change):
    """What is to become of a person."""

    EMPTIABLE: ClassVar[frozenset[str]] = frozenset({"nip", "rank", "code"})

    name: Name | None = None
    nip: Nip | None = None
    rank: Rank | None = None
    code: Code | None = None


async def change_person(
    registry: Registry, by: Principal, person_id: str, change: PersonChange, seen: int | None = None
) -> Person:
    """The person as then known; the same again where nothing changes. ``seen`` is the version the client has seen."""

    async def decide(session: Session | None, today: date) -> Changes:
        person = await registry.people.find(person_id, session)
        if person is None:
            raise not_found("Orang")
        wanted = person.model_copy(update=change.sent())
        if wanted == person:
            return Changes()
        check_version(person.version, seen)
        around = await around_person(registry, person, wanted, session, today)
        return settled(around, around.having(wanted), today)

    found = await registry.enact(decide, "changed", by)
    after = found.find(Person, person_id) or await registry.people.find(person_id, None)
    if after is None:
        raise not_found("Orang")
    return after
