"""The doors of apps themselves and of how much they are used."""

from datetime import date, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response

from gateway.clients.api.door import Acting, Administrator, Ending
from gateway.clients.commands.acting import the_client
from gateway.clients.commands.change_client import change_client
from gateway.clients.commands.register_client import register_client
from gateway.clients.models import ClientChange, ClientView, NewClient
from gateway.clients.usage_models import UsageDay, UsageView
from gateway.context import Ctx
from services.chassis.clock import now
from services.chassis.conditions import SeenVersion, tag
from services.chassis.errors import unprocessable
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import FIRST_DAY, LAST_DAY, Cursor, Limit, Page

router = APIRouter(prefix="/v1/clients", tags=["gateway"])
USUAL_DAYS, MOST_DAYS = 30, 366
Day = Annotated[date | None, Query(ge=FIRST_DAY, le=LAST_DAY, description="A local day, included.")]


@router.post(
    "",
    operation_id="create_client",
    summary="Register an app of a unit",
    status_code=201,
    response_model=ClientView,
    responses=problems(401, 403, 409, 422, 429),
)
async def post_client(body: NewClient, by: Acting, context: Ctx, response: Response) -> ClientView:
    """It can do nothing until it is given a key or a secret. What it does stands in tracks as `Aplikasi <name>`."""
    view = await register_client(context, by, body)
    tag(response, view.version)
    return view


@router.get(
    "",
    operation_id="list_clients",
    summary="The apps, newest first",
    response_model=Page[ClientView],
    responses=problems(401, 403, 422, 429),
)
async def list_clients(_: Administrator, context: Ctx, cursor: Cursor = None, limit: Limit = 50) -> Page[ClientView]:
    """Those that are switched off are among them."""
    found = await context.apps.clients.page(cursor, limit)
    page = [ClientView.model_validate(one) for one in found[:limit]]
    return Page(items=page, next=page[-1].id if len(found) > limit else None)


@router.get(
    "/{client_id}",
    operation_id="get_client",
    summary="An app",
    response_model=ClientView,
    responses=problems(401, 403, 404, 422, 429),
)
async def get_client(client_id: EntityId, _: Administrator, context: Ctx, response: Response) -> ClientView:
    """As it is now."""
    client = await the_client(context, client_id)
    tag(response, client.version)
    return ClientView.model_validate(client)


@router.patch(
    "/{client_id}",
    operation_id="change_client",
    summary="Change an app, or switch it off",
    response_model=ClientView,
    responses=problems(401, 403, 404, 409, 412, 422, 429),
)
async def patch_client(
    client_id: EntityId, body: ClientChange, by: Ending, context: Ctx, response: Response, version: SeenVersion
) -> ClientView:
    """An app that is switched off is refused with its next request; so is what it asks for without a grant."""
    client = await change_client(context, by, client_id, body, version)
    tag(response, client.version)
    return ClientView.model_validate(client)


@router.get(
    "/{client_id}/usage",
    operation_id="get_client_usage",
    summary="How much an app asked, day by day",
    response_model=UsageView,
    responses=problems(401, 403, 404, 422, 429),
)
async def get_usage(
    client_id: EntityId, _: Administrator, context: Ctx, since: Day = None, until: Day = None
) -> UsageView:
    """The last 30 days where no others are named, 366 at most. Counts of other gateways come some seconds later."""
    await the_client(context, client_id)
    until = until or now().astimezone(ZoneInfo(context.settings.timezone)).date()
    since = since or max(FIRST_DAY, until - timedelta(days=USUAL_DAYS - 1))
    if not timedelta() <= until - since < timedelta(days=MOST_DAYS):
        raise unprocessable("bad_period", f"Jangka waktu paling lama {MOST_DAYS} hari.", field="since")
    rows = await context.apps.usage.of(client_id, since, until)
    return UsageView(client_id=client_id, since=since, until=until, days=[UsageDay.model_validate(row) for row in rows])
