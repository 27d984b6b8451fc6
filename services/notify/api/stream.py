"""Notifications as they come: server-sent events. Invariant: a stream lives no longer than the token it came with."""

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, Request
from starlette.responses import StreamingResponse

from services.chassis.auth import Caller, bearer_token
from services.chassis.clock import now
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.notify.context import Context, Ctx
from services.notify.domain.notification import Notification
from services.notify.store.feed import Listener
from services.notify.store.notifications import view

router = APIRouter(prefix="/v1/notifications", tags=["notify"])
RETRY = b"retry: 2000\n\n"
HEARTBEAT = b": masih tersambung\n\n"
LastEventId = Annotated[
    EntityId | None,
    Header(alias="Last-Event-ID", description="The id of the last event received: the stream goes on after it."),
]
EXAMPLE = "id: 0198...\nevent: notification\ndata: {...}\n\n"
DESCRIBED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Each event's id is the notification's, its data a Notification. What was made a moment before "
        "Last-Event-ID may come again after a reconnection: drop it by its id.",
        "content": {"text/event-stream": {"schema": {"type": "string"}, "example": EXAMPLE}},
    }
}


@router.get(
    "/stream",
    operation_id="stream_notifications",
    summary="My notifications as they come (server-sent events)",
    response_class=StreamingResponse,
    responses={**problems(401, 422), **DESCRIBED},
)
async def stream(
    request: Request, caller: Caller, context: Ctx, last_event_id: LastEventId = None
) -> StreamingResponse:
    """Ends when the token does: refresh it and connect again with Last-Event-ID; nothing is lost in between."""
    seconds = _seconds_left(bearer_token(request.headers.get("authorization")))
    listener = await context.feed.listen_until(request.app.state.stopping, caller.position_ids)
    return StreamingResponse(
        _events(context, caller.person_id, listener, last_event_id, seconds),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(
    context: Context, person_id: str, listener: Listener, last: str | None, seconds: float
) -> AsyncIterator[bytes]:
    deadline = asyncio.get_running_loop().time() + seconds
    receipt = context.receipts.begin(person_id, last)
    try:
        yield RETRY
        if last is not None:
            async for row in context.feed.missed(listener, last):
                if row["_id"] not in receipt:
                    receipt.add(row["_id"])
                    yield event_of(view(row))
        async for identifiers in _batches(listener, deadline, context.settings.heartbeat_seconds):
            fresh = [one for one in identifiers if one not in receipt]
            for row in await context.feed.rows(fresh) if fresh else ():
                receipt.add(row["_id"])
                yield event_of(view(row))
            if not identifiers:
                yield HEARTBEAT
    finally:
        context.receipts.end(person_id, receipt)
        context.feed.leave(listener)


async def _batches(listener: Listener, deadline: float, heartbeat: float) -> AsyncIterator[list[str]]:
    """Ids as they come, everything that waits at once; an empty batch when nothing came for a heartbeat."""
    loop = asyncio.get_running_loop()
    while (left := deadline - loop.time()) > 0:
        try:
            async with asyncio.timeout(min(heartbeat, left)):
                batch = [await listener.queue.get()]
        except TimeoutError:
            yield []
            continue
        while not listener.queue.empty():
            batch.append(listener.queue.get_nowait())
        yield [one for one in batch if one is not None]
        if None in batch:
            return


def event_of(notification: Notification) -> bytes:
    """One event in the format of the HTML standard, section 9.2."""
    data = orjson.dumps(notification.model_dump(mode="json"))
    return b"id: %s\nevent: notification\ndata: %s\n\n" % (notification.id.encode(), data)


def _seconds_left(token: str) -> float:
    """How long the token, which has been verified, still lives."""
    payload = token.split(".")[1]
    claims = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return float(claims["exp"]) - now().timestamp()
