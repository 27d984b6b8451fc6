"""Who holds which position, when and in which capacity."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict

from services.chassis.auth import Caller
from services.chassis.conditions import SeenVersion, Writer, tag
from services.chassis.errors import not_found
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page
from services.routing.api.organisation_models import AssignmentView, assignment_view
from services.routing.commands.create_assignment import NewAssignment, create_assignment
from services.routing.commands.declare import Declaration
from services.routing.commands.end_assignment import cancel_assignment, end_assignment
from services.routing.registry import Org

router = APIRouter(prefix="/v1/assignments", tags=["routing"])


class End(BaseModel):
    """The last day an assignment is in force."""

    model_config = ConfigDict(extra="forbid")

    ends_on: date


@router.get("", operation_id="list_assignments", summary="Assignments, newest first", responses=problems(401, 422))
async def list_assignments(
    org: Org,
    _: Caller,
    position_id: Annotated[EntityId | None, Query()] = None,
    person_id: Annotated[EntityId | None, Query()] = None,
    unit_id: Annotated[EntityId | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[AssignmentView]:
    """Past and coming ones too. Every signed-in person may see the organisation."""
    asked = (("position_id", position_id), ("person_id", person_id), ("unit_id", unit_id))
    wanted = {name: value for name, value in asked if value is not None}
    assignments, following = await org.assignments.page(wanted, cursor, limit)
    return Page(items=[assignment_view(one) for one in assignments], next=following)


@router.post(
    "",
    operation_id="create_assignment",
    summary="Assign a person to a position; the client may choose the id",
    status_code=201,
    responses={200: {"model": AssignmentView, "description": "It was there already"}, **problems(401, 403, 409, 422)},
)
async def post_assignment(
    org: Org, caller: Writer, body: NewAssignment, response: Response, key: IdempotencyKey = None
) -> AssignmentView:
    """409 with the assignment it would overlap; an acting official may stand beside a definitive one."""
    assignment, made = await create_assignment(org, Declaration(caller, key), body)
    response.status_code = 201 if made else 200
    tag(response, assignment.version)
    return assignment_view(assignment)


@router.get(
    "/{assignment_id}", operation_id="get_assignment", summary="An assignment", responses=problems(401, 404, 422)
)
async def get_assignment(org: Org, _: Caller, assignment_id: EntityId, response: Response) -> AssignmentView:
    """As it is now."""
    assignment = await org.assignments.find(assignment_id, None)
    if assignment is None:
        raise not_found("Penugasan")
    tag(response, assignment.version)
    return assignment_view(assignment)


@router.post(
    "/{assignment_id}/cancel",
    operation_id="cancel_assignment",
    summary="Cancel an assignment that has not begun",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def post_cancel(
    org: Org, caller: Writer, assignment_id: EntityId, response: Response, version: SeenVersion
) -> AssignmentView:
    """It was never in force, and its seat is free. 409 once it has begun: then it can only be ended."""
    assignment = await cancel_assignment(org, caller, assignment_id, version)
    tag(response, assignment.version)
    return assignment_view(assignment)


@router.post(
    "/{assignment_id}/end",
    operation_id="end_assignment",
    summary="End an assignment on a day",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def post_end(
    org: Org, caller: Writer, assignment_id: EntityId, body: End, response: Response, version: SeenVersion
) -> AssignmentView:
    """An end can be brought forward, not put off: a longer term is a new assignment."""
    assignment = await end_assignment(org, caller, assignment_id, body.ends_on, version)
    tag(response, assignment.version)
    return assignment_view(assignment)
