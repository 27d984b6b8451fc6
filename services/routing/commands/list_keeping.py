"""What making and changing distribution lists have in common. Invariant: only a list's keeper changes it, and to
everybody who may not use it, it is not there.
"""

from collections.abc import Sequence

from services.chassis.auth import Principal
from services.chassis.errors import ServiceError, conflict, forbidden, not_found, unprocessable
from services.chassis.mongo import Session
from services.routing.domain.distribution_list import REGENCY, DistributionList
from services.routing.domain.mention import KnownPlace, Mention
from services.routing.guidance import Guidance

KEEPERS = frozenset({"head", "leader", "secretary", "registrar", "unit_admin", "village_operator"})
"""Roles that keep their unit's lists."""
THING = "Daftar distribusi"


def owners_of(caller: Principal) -> list[str]:
    """Whose lists the caller sees and uses: those of each own unit, and the regency's."""
    return [*caller.unit_ids, REGENCY]


def may_keep(caller: Principal, owner_unit_id: str | None) -> bool:
    """Whether the caller may make and change lists of this owner."""
    if owner_unit_id is None:
        return "organisation:write" in caller.scopes
    return any(held.role in KEEPERS for held in caller.in_unit(owner_unit_id))


async def usable_list(guidance: Guidance, caller: Principal, list_id: str) -> DistributionList:
    """The list; 404 where the caller may not use it."""
    return _checked(await guidance.lists.find(list_id, None), caller)


async def own_list(guidance: Guidance, caller: Principal, list_id: str, session: Session | None) -> DistributionList:
    """The list, held to be changed; 403 where the caller does not keep it."""
    found = _checked(await guidance.lists.take(list_id, session), caller)
    if not may_keep(caller, found.owner_unit_id):
        raise not_keeper()
    return found


def not_keeper() -> ServiceError:
    """The refusal for somebody who does not keep lists of this owner."""
    return forbidden("Anda tidak mengelola daftar distribusi ini.")


def name_taken(name: str) -> ServiceError:
    """The refusal where the owner has a list of this name."""
    return conflict("name_taken", f"Daftar distribusi bernama '{name}' sudah ada.")


async def known_places(guidance: Guidance, mentions: Sequence[Mention], session: Session | None) -> list[KnownPlace]:
    """The places as they are now; 422 where one is not known."""
    known = await guidance.places.of((one.key for one in mentions), session)
    unknown = [one.id for one in mentions if one.key not in known]
    if unknown:
        raise unprocessable("unknown_place", "Ada unit atau jabatan yang tidak dikenal.", unknown=unknown)
    return list(known.values())


def _checked(found: DistributionList | None, caller: Principal) -> DistributionList:
    if found is None or found.owner not in owners_of(caller):
        raise not_found(THING)
    return found
