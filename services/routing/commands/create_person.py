"""Make a person. Invariant: a person is told to other services only through an assignment."""

from pydantic import ConfigDict, Field

from services.chassis.uow import Transaction
from services.routing.commands.declare import Declaration, Wanted, declare
from services.routing.context import Context
from services.routing.domain.organisation import Person


class NewPerson(Wanted):
    """A person to be made. ``nip`` is the civil servant's number; village staff may have none."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=200)
    nip: str | None = Field(default=None, pattern=r"^\d{18}$")


async def create_person(context: Context, by: Declaration, wanted: NewPerson) -> tuple[Person, bool]:
    """The person, and whether made now."""

    async def make(_: Transaction, identifier: str) -> Person:
        return Person(id=identifier, name=wanted.name, nip=wanted.nip)

    return await declare(context, by, wanted, context.people, make)
