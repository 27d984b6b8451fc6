"""Positions in units."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.chassis.auth import Caller, Principal, require
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page
from services.routing.api.conditions import tag
from services.routing.api.organisation_models import PositionView
from services.routing.commands.create_position import NewPosition, create_position
from services.routing.commands.declare import Declaration
from services.routing.context import Ctx
from services.routing.domain.organisation import PositionRole

router = APIRouter(prefix="/v1/positions", tags=["routing"])
Writer = Annotated[Principal, Depends(require("organisation:write"))]


@router.get("", operation_id="list_positions", summary="Positions, newest first", responses=problems(401, 422))
async def list_positions(
    context: Ctx,
    _: Caller,
    unit_id: Annotated[EntityId | None, Query()] = None,
    role: Annotated[PositionRole | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[PositionView]:
    """Every signed-in person may see the organisation."""
    wanted = {name: value for name, value in (("unit_id", unit_id), ("role", role)) if value is not None}
    positions, following = await context.positions.page(wanted, cursor, limit)
    return Page(items=[PositionView(**one.model_dump()) for one in positions], next=following)


@router.post(
    "",
    operation_id="create_position",
    summary="Make a position under its superior; the client may choose its id",
    status_code=201,
    responses={200: {"model": PositionView, "description": "It was there already"}, **problems(401, 403, 409, 422)},
)
async def post_position(
    context: Ctx, caller: Writer, body: NewPosition, response: Response, key: IdempotencyKey = None
) -> PositionView:
    """The chain of superiors is computed; a position cannot stand above itself."""
    position, made = await create_position(context, Declaration(caller, key), body)
    response.status_code = 201 if made else 200
    tag(response, position.version)
    return PositionView(**position.model_dump())
