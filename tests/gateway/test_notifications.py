"""The real notify behind the real gateway: somebody signs in, and is told as it happens."""

import asyncio
import json
import statistics
import time
from typing import Any

import aiohttp
from joserfc.jwk import OKPKey

from gateway.auth.keys import KeyRing
from services.chassis.run import serving
from services.notify.main import build
from services.notify.settings import NotifySettings
from tests.conftest import SettingsFor
from tests.events import deliver
from tests.gateway.conftest import OpenDoor, private_pem
from tests.gateway.test_sign_in import assignment
from tests.notify.stories import branch, delivered
from tests.people import principal
from tests.signing import TokenSigner


async def test_a_letter_reaches_the_stream_of_whoever_holds_the_position_within_a_second(
    open_door: OpenDoor, settings_for: SettingsFor
) -> None:
    pem = private_pem()
    notify = build(settings_for(NotifySettings, "notify"), KeyRing(pem).keys)
    await notify.prepare()
    async with serving(notify.app, "127.0.0.1", 0) as url, open_door(notify=url, signing_key=pem) as door:
        account = await door.account()
        held = assignment(account.person_id)
        await deliver(door.gateway.service, held)
        headers = await door.bearer()
        async with door.http.get("/v1/notifications/stream", headers=headers) as stream:
            assert stream.content_type == "text/event-stream"
            assert await stream.content.readline() == b"retry: 2000\n"
            took, events = [], []
            for _ in range(5):  # one of them may be held up by whatever else runs here
                began = time.perf_counter()
                await deliver(notify, delivered(branch(held.position_id)))
                events.append(await _data(stream.content))
                took.append(time.perf_counter() - began)
            assert statistics.median(took) < 1, took
        for event in events:
            assert event["position_id"] == held.position_id
            async with door.http.post(f"/v1/notifications/{event['id']}/read", headers=headers) as answer:
                assert (await answer.json())["read"]["actor"]["person_id"] == account.person_id
        async with door.http.get("/v1/notifications", headers=headers) as answer:
            assert (await answer.json())["unread"] == 0
        notify.app.state.context.feed.close()


async def test_a_token_of_another_house_is_refused_by_the_service_itself(settings_for: SettingsFor) -> None:
    """A service reached directly is as closed as the gateway."""
    notify = build(settings_for(NotifySettings, "notify"), KeyRing(private_pem()).keys)
    forged = TokenSigner()
    forged.key = OKPKey.generate_key("Ed25519", {"kid": "ours"})
    headers = forged.headers(principal())
    async with (
        serving(notify.app, "127.0.0.1", 0) as url,
        aiohttp.ClientSession(url) as http,
        http.get("/v1/notifications", headers=headers) as answer,
    ):
        assert answer.status == 401


async def _data(content: Any) -> dict[str, Any]:
    async with asyncio.timeout(30):
        while not (line := await content.readline()).startswith(b"data: "):
            pass
    body: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
    return body
