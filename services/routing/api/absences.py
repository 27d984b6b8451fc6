"""Who is away: declared one by one, or told by the presence system."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from services.chassis.auth import Caller
from services.chassis.conditions import SeenVersion, Writer, tag
from services.chassis.errors import not_found
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import FIRST_DAY, LAST_DAY, Cursor, Limit, Page
from services.contracts.vocabulary import AbsenceKind
from services.routing.api.organisation_models import HistoryView, history_view
from services.routing.commands.absences import NewAbsence, cancel_absence, declare_absence, may_keep
from services.routing.commands.declare import Declaration
from services.routing.commands.feed_absences import Feed, feed_absences
from services.routing.commands.list_absences import list_absences
from services.routing.domain.absence import Absence
from services.routing.registry import Org, Registry

router = APIRouter(prefix="/v1/absences", tags=["routing"])


class AbsenceView(BaseModel):
    """An absence; ``from_feed`` where the presence system told it."""

    id: str
    person_id: str
    person_name: str
    kind: AbsenceKind
    starts_on: date
    ends_on: date | None
    note: str | None
    cancelled: bool
    from_feed: bool
    version: int


class FedView(BaseModel):
    """What became of a feed: rows recorded, withdrawn, already known; ``unknown`` are numbers nobody here has."""

    recorded: int
    withdrawn: int
    unchanged: int
    unknown: list[str]


def _view(absence: Absence) -> AbsenceView:
    return AbsenceView(**absence.model_dump(exclude={"fed"}), from_feed=absence.fed is not None)


@router.get(
    "",
    operation_id="list_absences",
    summary="Absences of a person or of who holds a position",
    responses=problems(401, 403, 404, 422),
)
async def get_absences(
    org: Org,
    caller: Caller,
    person_id: Annotated[EntityId | None, Query()] = None,
    position_id: Annotated[EntityId | None, Query()] = None,
    on: Annotated[date | None, Query(ge=FIRST_DAY, le=LAST_DAY, description="Those that speak of it.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[AbsenceView]:
    """Of oneself where nobody is named. Those of others are for who may declare them."""
    found, following = await list_absences(org, caller, person_id, position_id, on, cursor, limit)
    return Page(items=[_view(one) for one in found], next=following)


@router.post(
    "",
    operation_id="declare_absence",
    summary="Declare somebody away",
    status_code=201,
    responses=problems(401, 403, 422),
)
async def post_absence(
    org: Org, caller: Caller, body: NewAbsence, response: Response, key: IdempotencyKey = None
) -> AbsenceView:
    """Oneself, somebody of the unit one handles the letters of, or anybody for who keeps the organisation."""
    absence = await declare_absence(org, Declaration(caller, key), body)
    tag(response, absence.version)
    return _view(absence)


@router.post(
    "/feed",
    operation_id="feed_absences",
    summary="Take in a day's presence, by NIP",
    responses=problems(401, 403, 422),
)
async def post_feed(org: Org, caller: Writer, body: Feed) -> FedView:
    """A later feed of the same day replaces what an earlier one said; `present` withdraws it."""
    fed = await feed_absences(org, caller, body)
    return FedView(recorded=fed.recorded, withdrawn=fed.withdrawn, unchanged=fed.unchanged, unknown=fed.unknown)


@router.get("/{absence_id}", operation_id="get_absence", summary="An absence", responses=problems(401, 404, 422))
async def get_absence(org: Org, caller: Caller, absence_id: EntityId, response: Response) -> AbsenceView:
    """As it is now."""
    absence = await _readable(org, caller, absence_id)
    tag(response, absence.version)
    return _view(absence)


@router.post(
    "/{absence_id}/cancel",
    operation_id="cancel_absence",
    summary="Take a declared absence back",
    responses=problems(401, 403, 404, 412, 422),
)
async def post_cancel(
    org: Org, caller: Caller, absence_id: EntityId, response: Response, version: SeenVersion
) -> AbsenceView:
    """What the presence system told can be cancelled by who keeps the organisation alone."""
    absence = await cancel_absence(org, caller, absence_id, version)
    tag(response, absence.version)
    return _view(absence)


@router.get(
    "/{absence_id}/history",
    operation_id="list_absence_history",
    summary="Who said what of an absence, newest first",
    responses=problems(401, 404, 422),
)
async def get_history(
    org: Org, caller: Caller, absence_id: EntityId, cursor: Cursor = None, limit: Limit = 50
) -> Page[HistoryView]:
    """Every state it had."""
    absence = await _readable(org, caller, absence_id)
    rows, following = await org.history.page("absence", absence.id, cursor, limit)
    return Page(items=[history_view(row, caller) for row in rows], next=following)


async def _readable(org: Registry, caller: Caller, absence_id: str) -> Absence:
    absence = await org.absences.find(absence_id, None)
    if absence is None or not await may_keep(org, caller, absence.person_id, None):
        raise not_found("Ketidakhadiran")
    return absence
