"""Peers: positions that are not below a position and that it may instruct nevertheless."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from services.chassis.auth import Caller, Principal, require
from services.chassis.conditions import SeenVersion, tag
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.disposition.api.models import Form
from services.disposition.commands.set_peers import set_peers, show_peers
from services.disposition.context import Context, Ctx
from services.disposition.store.peers import PeerList

router = APIRouter(prefix="/v1/disposition-peers/{position_id}", tags=["disposition"])
Writer = Annotated[Principal, Depends(require("organisation:write"))]


class PeersForm(Form):
    """All peers of a position, in the order they are to be offered; none to take all away."""

    positions: Annotated[list[EntityId], Field(max_length=50)]


class PeerView(BaseModel):
    """A position that was named; without a title where it is not active any more."""

    position_id: str
    title: str | None
    unit_name: str | None


class PeersView(BaseModel):
    """The peers of a position. ``at``: null where none were ever named."""

    position_id: str
    items: list[PeerView]
    version: int
    by_name: str | None
    at: datetime | None


@router.get(
    "",
    summary="Whom a position may instruct beside those below it",
    operation_id="read_disposition_peers",
    responses=problems(401, 404, 422),
)
async def get_peers(position_id: EntityId, _: Caller, context: Ctx, response: Response) -> PeersView:
    """Every signed-in person may see it."""
    return await _view(context, await show_peers(context, position_id), response)


@router.put(
    "",
    summary="Say whom a position may instruct beside those below it",
    operation_id="set_disposition_peers",
    responses=problems(401, 403, 404, 412, 422),
)
async def put_peers(
    position_id: EntityId, body: PeersForm, caller: Writer, context: Ctx, seen: SeenVersion, response: Response
) -> PeersView:
    """It holds for dispositions from now on; the other way round must be said separately."""
    return await _view(context, await set_peers(context, caller, position_id, body.positions, seen), response)


async def _view(context: Context, kept: PeerList, response: Response) -> PeersView:
    tag(response, kept.version)
    known = {one.position_id: one for one in await context.organisation.positions(kept.positions)}
    items = [
        PeerView(
            position_id=one,
            title=known[one].title if one in known else None,
            unit_name=known[one].unit_name if one in known else None,
        )
        for one in kept.positions
    ]
    return PeersView(position_id=kept.id, items=items, version=kept.version, by_name=kept.by_name, at=kept.at)
