"""Units of the regency."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.chassis.auth import Caller
from services.chassis.conditions import SeenVersion, Writer, tag
from services.chassis.errors import not_found
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page
from services.routing.api.organisation_models import Active, HistoryView, Search, UnitView, history_view
from services.routing.commands.change_unit import UnitChange, change_unit
from services.routing.commands.create_unit import NewUnit, create_unit
from services.routing.commands.declare import Declaration
from services.routing.domain.organisation import UnitKind
from services.routing.registry import Org
from services.routing.store.names import starting

router = APIRouter(prefix="/v1/units", tags=["routing"])


@router.get("", operation_id="list_units", summary="Units, newest first", responses=problems(401, 422))
async def list_units(
    org: Org,
    _: Caller,
    kind: Annotated[UnitKind | None, Query()] = None,
    parent_id: Annotated[EntityId | None, Query()] = None,
    active: Active = None,
    q: Search = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[UnitView]:
    """Every signed-in person may see the organisation."""
    asked = {"kind": kind, "parent_id": parent_id, "active": active}
    wanted = {name: value for name, value in asked.items() if value is not None}
    units, following = await org.units.page({**wanted, **starting(q)}, cursor, limit)
    return Page(items=[UnitView(**unit.model_dump()) for unit in units], next=following)


@router.post(
    "",
    operation_id="create_unit",
    summary="Make a unit; the client may choose its id",
    status_code=201,
    responses={200: {"model": UnitView, "description": "It was there already"}, **problems(401, 403, 409, 422)},
)
async def post_unit(
    org: Org, caller: Writer, body: NewUnit, response: Response, key: IdempotencyKey = None
) -> UnitView:
    """The same id and content again is answered with what is there."""
    unit, made = await create_unit(org, Declaration(caller, key), body)
    response.status_code = 201 if made else 200
    tag(response, unit.version)
    return UnitView(**unit.model_dump())


@router.get("/{unit_id}", operation_id="get_unit", summary="A unit", responses=problems(401, 404, 422))
async def get_unit(org: Org, _: Caller, unit_id: EntityId, response: Response) -> UnitView:
    """As it is now."""
    unit = await org.units.find(unit_id, None)
    if unit is None:
        raise not_found("Unit")
    tag(response, unit.version)
    return UnitView(**unit.model_dump())


@router.patch(
    "/{unit_id}",
    operation_id="change_unit",
    summary="Rename, move, close or reopen a unit",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def patch_unit(
    org: Org, caller: Writer, unit_id: EntityId, body: UnitChange, response: Response, version: SeenVersion
) -> UnitView:
    """Positions and assignments in force or coming take its new name. 409 for closing one that is still in use."""
    unit = await change_unit(org, caller, unit_id, body, version)
    tag(response, unit.version)
    return UnitView(**unit.model_dump())


@router.get(
    "/{unit_id}/history",
    operation_id="list_unit_history",
    summary="Every state a unit had, newest first",
    responses=problems(401, 404, 422),
)
async def get_history(
    org: Org, caller: Caller, unit_id: EntityId, cursor: Cursor = None, limit: Limit = 50
) -> Page[HistoryView]:
    """Who changed it, when, and what it was then."""
    if await org.units.find(unit_id, None) is None:
        raise not_found("Unit")
    rows, following = await org.history.page("unit", unit_id, cursor, limit)
    return Page(items=[history_view(row, caller) for row in rows], next=following)
