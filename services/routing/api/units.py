"""Units of the regency."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.chassis.auth import Caller, Principal, require
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page
from services.routing.api.conditions import tag
from services.routing.api.organisation_models import UnitView
from services.routing.commands.create_unit import NewUnit, create_unit
from services.routing.commands.declare import Declaration
from services.routing.context import Ctx
from services.routing.domain.organisation import UnitKind

router = APIRouter(prefix="/v1/units", tags=["routing"])
Writer = Annotated[Principal, Depends(require("organisation:write"))]


@router.get("", operation_id="list_units", summary="Units, newest first", responses=problems(401, 422))
async def list_units(
    context: Ctx,
    _: Caller,
    kind: Annotated[UnitKind | None, Query()] = None,
    parent_id: Annotated[EntityId | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[UnitView]:
    """Every signed-in person may see the organisation."""
    wanted = {name: value for name, value in (("kind", kind), ("parent_id", parent_id)) if value is not None}
    units, following = await context.units.page(wanted, cursor, limit)
    return Page(items=[UnitView(**unit.model_dump()) for unit in units], next=following)


@router.post(
    "",
    operation_id="create_unit",
    summary="Make a unit; the client may choose its id",
    status_code=201,
    responses={200: {"model": UnitView, "description": "It was there already"}, **problems(401, 403, 409, 422)},
)
async def post_unit(
    context: Ctx, caller: Writer, body: NewUnit, response: Response, key: IdempotencyKey = None
) -> UnitView:
    """The same id and content again is answered with what is there."""
    unit, made = await create_unit(context, Declaration(caller, key), body)
    response.status_code = 201 if made else 200
    tag(response, unit.version)
    return UnitView(**unit.model_dump())
