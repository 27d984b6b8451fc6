"""From distribution lists to the parties of a letter. Invariant: each place once, as it is now, over all the lists."""

from collections.abc import Sequence

from services.chassis.auth import Principal
from services.contracts.vocabulary import Party
from services.routing.commands.change_distribution_list import retired
from services.routing.commands.list_keeping import usable_list
from services.routing.domain.distribution_list import Expansion, expanded
from services.routing.guidance import Guidance


async def expand(
    guidance: Guidance, list_ids: Sequence[str], caller: Principal
) -> tuple[tuple[Party, ...], tuple[Party, ...]]:
    """Addressees and copies of these lists; 404 for a list the caller may not use, 409 for a retired one."""
    expansion = await parties_of(guidance, list_ids, caller)
    return expansion.addressees, expansion.copies


async def parties_of(guidance: Guidance, list_ids: Sequence[str], caller: Principal) -> Expansion:
    """The same, with what is left out because it is active no more."""
    lists = [await usable_list(guidance, caller, one) for one in dict.fromkeys(list_ids)]
    for one in lists:
        if one.retired:
            raise retired(one)
    known = await guidance.places.of(member.key for one in lists for member in one.members)
    return expanded(lists, known)
