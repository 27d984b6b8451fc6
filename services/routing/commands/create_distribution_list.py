"""Make a distribution list. Invariant: its places are known, each named once, and its keeper made it."""

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.auth import Principal
from services.chassis.idempotency import fingerprint
from services.chassis.ids import EntityId, new_id
from services.chassis.mongo import Document, DuplicateKeyError
from services.chassis.uow import Transaction
from services.routing.commands.list_keeping import known_places, may_keep, name_taken, not_keeper
from services.routing.domain.distribution_list import MOST_MEMBERS, DistributionList
from services.routing.domain.mention import Mention, once
from services.routing.guidance import Guidance


class NewDistributionList(BaseModel):
    """A list to be made; without ``owner_unit_id`` it is the regency's."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=200)
    description: str | None = Field(default=None, max_length=1000)
    owner_unit_id: EntityId | None = None
    members: list[Mention] = Field(min_length=1, max_length=MOST_MEMBERS)


async def create_distribution_list(
    guidance: Guidance, caller: Principal, wanted: NewDistributionList, key: str | None = None
) -> DistributionList:
    """The list; 403 for who may not keep it, 409 where its owner has one of this name."""
    if not may_keep(caller, wanted.owner_unit_id):
        raise not_keeper()
    made = DistributionList(
        id=new_id(),
        name=wanted.name,
        description=wanted.description or None,
        owner_unit_id=wanted.owner_unit_id,
        members=once(wanted.members),
    )

    async def act(tx: Transaction) -> Document:
        await known_places(guidance, made.members, tx.session)
        await guidance.lists.add(made, tx.session)
        return made.model_dump(mode="json")

    request = fingerprint("distribution_list", wanted.model_dump(mode="json", exclude_unset=True))
    try:
        answer, _ = await guidance.acts.run(caller.person_id, key, request, act)
    except DuplicateKeyError:
        raise name_taken(wanted.name) from None
    return DistributionList.model_validate(answer)
