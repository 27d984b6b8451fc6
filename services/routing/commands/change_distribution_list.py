"""Change or retire a distribution list. Invariant: of two changes to the same version one is refused, and a retired
list is changed no more.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.auth import Principal
from services.chassis.errors import conflict
from services.chassis.mongo import DuplicateKeyError
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction
from services.routing.commands.list_keeping import known_places, name_taken, own_list
from services.routing.domain.distribution_list import MOST_MEMBERS, DistributionList
from services.routing.domain.mention import Mention, once
from services.routing.guidance import Guidance


class ListChange(BaseModel):
    """What is to be changed; what is left out stays."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: str = Field(default="", min_length=1, max_length=200)
    description: str | None = Field(default=None, max_length=1000)
    members: list[Mention] = Field(default=[], min_length=1, max_length=MOST_MEMBERS)

    def facts(self) -> dict[str, Any]:
        """What was given."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return given | ({"members": once(self.members)} if "members" in given else {})


async def change_distribution_list(
    guidance: Guidance, caller: Principal, list_id: str, wanted: ListChange, version: int | None = None
) -> DistributionList:
    """The list as it now is; ``version`` is the one the client has seen."""

    async def work(tx: Transaction) -> DistributionList:
        before = await own_list(guidance, caller, list_id, tx.session)
        if before.retired:
            raise retired(before)
        check_version(before.version, version)
        after = before.model_copy(update=wanted.facts())
        if after == before:
            return before
        added = [one for one in after.members if one not in before.members]
        await known_places(guidance, added, tx.session)
        after = after.model_copy(update={"version": before.version + 1})
        await guidance.lists.change(after, tx.session)
        return after

    try:
        return await guidance.uow.run(work)
    except DuplicateKeyError:
        raise name_taken(wanted.name) from None


async def retire_distribution_list(
    guidance: Guidance, caller: Principal, list_id: str, version: int | None = None
) -> DistributionList:
    """The list, used no more; retiring it again changes nothing."""

    async def work(tx: Transaction) -> DistributionList:
        before = await own_list(guidance, caller, list_id, tx.session)
        if before.retired:
            return before
        check_version(before.version, version)
        after = before.model_copy(update={"retired": True, "version": before.version + 1})
        await guidance.lists.change(after, tx.session)
        return after

    return await guidance.uow.run(work)


def retired(one: DistributionList) -> Exception:
    """The refusal for a list that is used no more."""
    state = {"id": one.id, "name": one.name, "retired": True, "version": one.version}
    return conflict("list_retired", f"Daftar distribusi '{one.name}' sudah tidak dipakai.", state=state)
