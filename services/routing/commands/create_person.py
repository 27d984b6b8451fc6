"""Make a person. Invariant: a person is told to other services only through an assignment."""

from pydantic import ConfigDict

from services.chassis.uow import Transaction
from services.routing.commands.around import around_person
from services.routing.commands.declare import Declaration, Wanted, declare
from services.routing.commands.fields import Code, Name, Nip, Rank
from services.routing.domain.organisation import Person
from services.routing.domain.picture import Picture
from services.routing.registry import Registry


class NewPerson(Wanted):
    """A person to be made. ``nip`` is the civil servant's number; village staff may have none. ``rank`` is as it is
    printed: "Pembina Utama Muda (IV/c)".
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Name
    nip: Nip | None = None
    rank: Rank | None = None
    code: Code | None = None


async def create_person(registry: Registry, by: Declaration, wanted: NewPerson) -> tuple[Person, bool]:
    """The person, and whether made now; 409 with the one who has this number already."""

    async def make(tx: Transaction, identifier: str) -> tuple[Person, Picture]:
        person = Person(id=identifier, name=wanted.name, nip=wanted.nip, rank=wanted.rank, code=wanted.code)
        return person, await around_person(registry, None, person, tx.session, registry.day_of(tx.now))

    return await declare(registry, by, wanted, registry.people, make)
