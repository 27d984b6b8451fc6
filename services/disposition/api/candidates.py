"""Whom to instruct: the positions that are offered for a letter."""

from typing import Annotated, Self

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from services.chassis.auth import Principal, require
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.contracts.routing import AssignmentChanged
from services.contracts.vocabulary import Capacity
from services.disposition.commands.offer_candidates import Offer, offer_candidates
from services.disposition.context import Ctx
from services.disposition.domain.candidates import Relation
from services.disposition.domain.disposition import Parent
from services.disposition.domain.order import Ground, ParentReference
from services.projections.availability import warning
from services.projections.titles import display_title

router = APIRouter(tags=["disposition"])
Disposer = Annotated[Principal, Depends(require("dispositions:write"))]


class OfficialView(BaseModel):
    """A person in the position; ``title`` is how they sign."""

    person_id: str
    name: str
    capacity: Capacity
    title: str

    @classmethod
    def of(cls, one: AssignmentChanged | None) -> Self | None:
        """The view of an assignment, where there is one."""
        if one is None:
            return None
        title = display_title(one.position_title, one.capacity)
        return cls(person_id=one.person_id, name=one.person_name, capacity=one.capacity, title=title)


class CandidateView(BaseModel):
    """A position to instruct. ``reason`` says why it is offered, ``warning`` that nobody may be there; ``instead`` is
    who stands in then. ``already``: it has a disposition about this letter.
    """

    position_id: str
    title: str
    unit_id: str
    unit_name: str
    role: str
    relation: Relation
    similar: int
    reason: str
    already: bool
    in_charge: OfficialView | None
    attended: bool
    warning: str | None
    instead: OfficialView | None


class CandidatesView(BaseModel):
    """Whom to offer, the most natural first, of ``count`` in all; and in which standing the caller would instruct."""

    as_position: str
    branch_id: str | None
    parent: Parent | None
    items: list[CandidateView]
    count: int


@router.get(
    "/v1/letters/{letter_id}/disposition-candidates",
    summary="Whom I may instruct about a letter, the most natural first",
    operation_id="list_disposition_candidates",
    responses=problems(401, 403, 404, 409, 422),
)
async def list_candidates(
    letter_id: EntityId,
    caller: Disposer,
    context: Ctx,
    as_position: Annotated[EntityId | None, Query(description="As which position of mine.")] = None,
    parent_disposition_id: Annotated[EntityId | None, Query(description="To pass this one on.")] = None,
    parent_recipient_id: Annotated[EntityId | None, Query(description="As which of its recipients.")] = None,
    q: Annotated[str | None, Query(max_length=200, description="Words of the title or the unit.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CandidatesView:
    """Only positions below and configured peers. 409 where the letter has left, as in disposing itself."""
    parent = None
    if parent_disposition_id and parent_recipient_id:
        parent = ParentReference(disposition_id=parent_disposition_id, recipient_id=parent_recipient_id)
    offers = await offer_candidates(
        context, caller, letter_id, Ground(as_position=as_position, parent=parent), q, limit
    )
    standing = offers.standing
    return CandidatesView(
        as_position=standing.actor.position_id,
        branch_id=standing.branch_id,
        parent=standing.parent,
        items=[_view(one) for one in offers.items],
        count=offers.count,
    )


def _view(one: Offer) -> CandidateView:
    candidate, there = one.candidate, one.availability
    return CandidateView(
        **candidate.position.model_dump(include={"position_id", "title", "unit_id", "unit_name", "role"}),
        relation=candidate.relation,
        similar=candidate.similar,
        reason=candidate.reason,
        already=one.already,
        in_charge=OfficialView.of(there.in_charge),
        attended=there.attended,
        warning=warning(there),
        instead=OfficialView.of(there.instead),
    )
