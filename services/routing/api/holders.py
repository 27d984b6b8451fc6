"""Who holds a position on a day, and whether work can be given to it."""

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel

from services.chassis.auth import Caller
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.contracts.vocabulary import AbsenceKind
from services.routing.api.organisation_models import AssignmentView, On, assignment_view
from services.routing.commands.show_holders import show_availability, show_holders
from services.routing.domain.absence import Absence
from services.routing.domain.assignment import Assignment
from services.routing.domain.availability import STATES, Availability, warning
from services.routing.registry import Org

router = APIRouter(prefix="/v1/positions", tags=["routing"])


class AwayView(BaseModel):
    """That somebody is away, until when and in which way; the reason is nobody's business here."""

    person_id: str
    person_name: str
    kind: AbsenceKind
    state: str
    until: date | None


class HoldersView(BaseModel):
    """Who held the position, named as on that day; ``in_charge`` acted for it."""

    position_id: str
    position_title: str
    on: date
    definitive: AssignmentView | None
    acting: AssignmentView | None
    in_charge: AssignmentView | None
    absence: AwayView | None


class AvailabilityView(BaseModel):
    """Whether somebody is there for the position, whom to offer instead, and what to know before giving it work."""

    position_id: str
    position_title: str
    on: date
    attended: bool
    in_charge: AssignmentView | None
    absence: AwayView | None
    instead: AssignmentView | None
    warning: str | None


def _away(absence: Absence | None) -> AwayView | None:
    if absence is None:
        return None
    return AwayView(
        person_id=absence.person_id,
        person_name=absence.person_name,
        kind=absence.kind,
        state=STATES[absence.kind],
        until=absence.ends_on,
    )


def _assignment(assignment: Assignment | None) -> AssignmentView | None:
    return assignment_view(assignment) if assignment else None


def availability_view(state: Availability) -> AvailabilityView:
    """The answer for a position on a day."""
    return AvailabilityView(
        position_id=state.position_id,
        position_title=state.title,
        on=state.on,
        attended=state.attended,
        in_charge=_assignment(state.in_charge),
        absence=_away(state.absence),
        instead=_assignment(state.instead),
        warning=warning(state),
    )


@router.get(
    "/{position_id}/holders",
    operation_id="show_holders",
    summary="Who held a position on a day",
    responses=problems(401, 404, 422),
)
async def get_holders(org: Org, _: Caller, position_id: EntityId, on: On = None) -> HoldersView:
    """The definitive holder, the acting official beside or instead, and who of them was in charge."""
    holders = await show_holders(org, position_id, on)
    return HoldersView(
        position_id=position_id,
        position_title=holders.title,
        on=holders.state.on,
        definitive=_assignment(holders.definitive),
        acting=_assignment(holders.acting),
        in_charge=_assignment(holders.acting or holders.definitive),
        absence=_away(holders.state.absence),
    )


@router.get(
    "/{position_id}/availability",
    operation_id="show_availability",
    summary="Whether somebody is there for a position on a day",
    responses=problems(401, 404, 422),
)
async def get_availability(org: Org, _: Caller, position_id: EntityId, on: On = None) -> AvailabilityView:
    """An absence warns and offers who stands in; it refuses nothing, for work belongs to the position."""
    return availability_view(await show_availability(org, position_id, on))
