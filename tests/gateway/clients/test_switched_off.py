"""An open stream of an app that is switched off, seen message by message."""

from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from gateway.clients.answered import END, AppsAnswered
from gateway.credentials import Identity
from gateway.edge import Edge
from gateway.routes import RouteTable
from services.chassis.auth import Principal
from services.chassis.errors import unavailable
from tests.gateway.clients.conftest import Office

EVENT: Message = {"type": "http.response.body", "body": b"event\n", "more_body": True}


async def three_events(scope: Scope, receive: Receive, send: Send) -> None:
    """What stands inside: an app has come by its row, and is told three events."""
    principal = Principal(person_id="app", name="Aplikasi", client_id="app")
    row = RouteTable().match(b"/v1/notifications/stream")
    scope["state"] |= {"identity": Identity(principal, "", "app", "app:app"), "row": row, "credential": "key"}
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    for _ in range(3):
        await send(EVENT)


async def test_nothing_follows_the_end_not_even_while_the_database_is_away(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    front: Any = office.door.gateway.service.front
    asked = 0

    async def switched_off_and_then_away(_: str) -> None:
        nonlocal asked
        asked += 1
        if asked > 1:
            raise unavailable()

    monkeypatch.setattr(office.door.gateway.context.apps.standings, "of", switched_off_and_then_away)
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "headers": [(b"host", b"x")]}
    await Edge(three_events, outside=front.outermost.outside)(scope, receive, send)
    assert sent[1:] == [END]
    assert asked == 1


async def test_who_came_by_no_row_is_not_counted_and_told_nothing(office: Office) -> None:
    apps = office.door.gateway.context.apps
    answered = AppsAnswered(apps.reader, apps.usage)
    scope: Scope = {"state": {}}
    principal = Principal(person_id="app", name="Aplikasi", client_id="app")
    answered.note(scope, Identity(principal, "", "app", "app:app"), 200)
    assert not apps.usage._counts
    assert not await answered.still_good(scope)
