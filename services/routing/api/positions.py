"""Positions in units."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.chassis.auth import Caller
from services.chassis.conditions import SeenVersion, Writer, tag
from services.chassis.errors import not_found
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page
from services.routing.api.organisation_models import Active, HistoryView, PositionView, Search, history_view
from services.routing.commands.change_position import PositionChange, change_position
from services.routing.commands.create_position import NewPosition, create_position
from services.routing.commands.declare import Declaration
from services.routing.domain.organisation import PositionRole
from services.routing.registry import Org
from services.routing.store.names import starting

router = APIRouter(prefix="/v1/positions", tags=["routing"])


@router.get("", operation_id="list_positions", summary="Positions, newest first", responses=problems(401, 422))
async def list_positions(
    org: Org,
    _: Caller,
    unit_id: Annotated[EntityId | None, Query()] = None,
    role: Annotated[PositionRole | None, Query()] = None,
    active: Active = None,
    q: Search = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[PositionView]:
    """Every signed-in person may see the organisation."""
    asked = {"unit_id": unit_id, "role": role, "active": active}
    wanted = {name: value for name, value in asked.items() if value is not None}
    positions, following = await org.positions.page({**wanted, **starting(q)}, cursor, limit)
    return Page(items=[PositionView(**one.model_dump()) for one in positions], next=following)


@router.post(
    "",
    operation_id="create_position",
    summary="Make a position under its superior; the client may choose its id",
    status_code=201,
    responses={200: {"model": PositionView, "description": "It was there already"}, **problems(401, 403, 409, 422)},
)
async def post_position(
    org: Org, caller: Writer, body: NewPosition, response: Response, key: IdempotencyKey = None
) -> PositionView:
    """The chain of superiors is computed; a position cannot stand above itself."""
    position, made = await create_position(org, Declaration(caller, key), body)
    response.status_code = 201 if made else 200
    tag(response, position.version)
    return PositionView(**position.model_dump())


@router.get("/{position_id}", operation_id="get_position", summary="A position", responses=problems(401, 404, 422))
async def get_position(org: Org, _: Caller, position_id: EntityId, response: Response) -> PositionView:
    """As it is now."""
    position = await org.positions.find(position_id, None)
    if position is None:
        raise not_found("Jabatan")
    tag(response, position.version)
    return PositionView(**position.model_dump())


@router.patch(
    "/{position_id}",
    operation_id="change_position",
    summary="Rename, move, close or reopen a position",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def patch_position(
    org: Org, caller: Writer, position_id: EntityId, body: PositionChange, response: Response, version: SeenVersion
) -> PositionView:
    """The chain of every position below follows. 422 for a circle, 409 for closing one that is still in use."""
    position = await change_position(org, caller, position_id, body, version)
    tag(response, position.version)
    return PositionView(**position.model_dump())


@router.get(
    "/{position_id}/history",
    operation_id="list_position_history",
    summary="Every state a position had and everybody who held it, newest first",
    responses=problems(401, 404, 422),
)
async def get_history(
    org: Org, caller: Caller, position_id: EntityId, cursor: Cursor = None, limit: Limit = 50
) -> Page[HistoryView]:
    """Every state of the position, and of every assignment to it."""
    if await org.positions.find(position_id, None) is None:
        raise not_found("Jabatan")
    rows, following = await org.history.page("position", position_id, cursor, limit)
    return Page(items=[history_view(row, caller) for row in rows], next=following)
