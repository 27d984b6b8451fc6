"""A unit's books in tests: what routing tells of letters, and reading the files."""

from datetime import datetime
from typing import Any

from services.chassis.auth import HeldPosition, Principal
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.contracts.routing import Branch, LetterDelivered
from services.contracts.vocabulary import Access, Actor, Party
from tests.events import deliver
from tests.intake.world import World


def way(to: HeldPosition, role: str = "addressee", **more: Any) -> Branch:
    """A branch to the unit of this position."""
    said = {
        "branch_id": new_id(),
        "role": role,
        "unit_id": to.unit_id,
        "unit_name": to.unit_name,
        "holders": (to.position_id,),
    }
    return Branch.model_validate(said | more)


async def delivered(
    world: World,
    letter: dict[str, Any],
    *branches: Branch,
    external: tuple[Branch, ...] = (),
    registrar: Principal | None = None,
) -> None:
    """Routing tells that the letter was delivered; of old it did not tell which unit had registered it."""
    told = delivery_of(letter, *branches, external=external)
    if registrar:
        unit_id = registrar.positions[0].unit_id
        told = told.model_copy(update={"registrar_unit_id": unit_id, "training": letter["training"]})
    await deliver(world.service, told, 2)


def delivery_of(letter: dict[str, Any], *branches: Branch, external: tuple[Branch, ...] = ()) -> LetterDelivered:
    """What routing tells of it."""
    return LetterDelivered(
        letter_id=letter["id"],
        agenda_number=letter["agenda_number"],
        year=letter["year"],
        tracking_code=letter["tracking_code"],
        subject="Permohonan",
        kind="Surat Dinas",
        category="request",
        urgency="normal",
        sender=Party(kind="external", name="X"),
        branches=branches,
        external=external,
        access=Access(confidentiality="ordinary"),
        access_version=1,
        registered_at=now(),
        delivered_at=now(),
    )


def by(person: Principal) -> Actor:
    """As whom somebody acts."""
    return person.acting_as(person.positions[0])


def facts(letter: dict[str, Any], branch: Branch, person: Principal, at: datetime | None = None) -> dict[str, Any]:
    """What every act on a branch tells."""
    return {"letter_id": letter["id"], "branch_id": branch.branch_id, "actor": by(person), "at": at or now()}
