"""Webhooks of apps: named, tried, their secrets renewed; sealed where they are kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web

from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.webhooks import NotGenuine, verify
from tests.gateway.clients.conftest import Json, Office, sealing_key
from tests.gateway.conftest import NAMES, NOWHERE, OpenDoor
from tests.tls import Certificate, answering, certificate

PUBLIC = {"url": "https://layanan.pu.example/lontar", "label": "penerima utama"}


async def named(office: Office, client: Json, **changes: Any) -> Json:
    """A webhook of the app."""
    status, webhook = await office.ask("POST", f"/v1/clients/{client['id']}/webhooks", {**PUBLIC, **changes})
    assert status == 201, webhook
    return webhook


class TestNaming:
    async def test_its_secret_is_shown_once(self, office: Office) -> None:
        client = await office.client()
        webhook = await named(office, client)
        assert webhook["secret"].startswith("whsec_")
        _, listed = await office.ask("GET", f"/v1/clients/{client['id']}/webhooks")
        assert listed["items"] == [{name: value for name, value in webhook.items() if name != "secret"}]

    async def test_a_repeat_shows_it_no_more(self, office: Office) -> None:
        client = await office.client()
        path = f"/v1/clients/{client['id']}/webhooks"
        answers = [(await office.ask("POST", path, PUBLIC, **{"Idempotency-Key": "satu"}))[1] for _ in range(2)]
        assert answers[1] == {**answers[0], "secret": None}

    async def test_it_is_sealed_where_it_is_kept(self, office: Office) -> None:
        webhook = await named(office, await office.client())
        bare = webhook["secret"].removeprefix("whsec_")
        database = office.door.gateway.service.foundation.database
        for name in await database.list_collection_names():
            assert bare not in str(await database[name].find({}).to_list(None)), name

    @pytest.mark.parametrize("url", ["http://layanan.pu.example/", "https://10.0.0.1/", "https://localhost/x"])
    async def test_it_leads_to_the_public_network_by_https(self, office: Office, url: str) -> None:
        path = f"/v1/clients/{(await office.client())['id']}/webhooks"
        status, problem = await office.ask("POST", path, {**PUBLIC, "url": url})
        assert (status, problem["code"]) == (422, "bad_webhook_url")

    async def test_an_app_has_ten_at_most(self, office: Office) -> None:
        client = await office.client()
        for _ in range(10):
            await named(office, client)
        status, problem = await office.ask("POST", f"/v1/clients/{client['id']}/webhooks", PUBLIC)
        assert (status, problem["code"]) == (409, "too_many_webhooks")

    async def test_without_a_sealing_key_there_are_none(self, open_door: OpenDoor) -> None:
        async with open_door(**dict.fromkeys(NAMES, NOWHERE)) as door:
            office = await Office.set_up(door)
            client = await office.client()
            status, problem = await office.ask("POST", f"/v1/clients/{client['id']}/webhooks", PUBLIC)
            assert (status, problem["code"]) == (503, "not_configured")
            assert (await office.ask("GET", f"/v1/clients/{client['id']}/webhooks"))[1] == {"items": []}


class TestRemoving:
    async def test_it_is_gone_and_its_secret_with_it(self, office: Office) -> None:
        client = await office.client()
        path = f"/v1/clients/{client['id']}/webhooks/{(await named(office, client))['id']}"
        assert [(await office.ask("DELETE", path))[0] for _ in range(2)] == [204, 404]
        database = office.door.gateway.service.foundation.database
        assert await database["client_webhooks"].find({}).to_list(None) == []

    async def test_another_apps_is_not_there(self, office: Office) -> None:
        webhook = await named(office, await office.client())
        other = await office.client()
        for method, rest in (("DELETE", ""), ("POST", "/secret"), ("POST", "/trial")):
            path = f"/v1/clients/{other['id']}/webhooks/{webhook['id']}{rest}"
            body: Json | None = {} if rest == "/secret" else None
            assert (await office.ask(method, path, body))[0] == 404, path
        assert (await office.ask("DELETE", f"/v1/clients/{other['id']}/webhooks/{new_id()}"))[0] == 404


class Receiver:
    """An app's own server."""

    def __init__(self) -> None:
        self.status = 204
        self.seen: list[tuple[dict[str, str], bytes]] = []

    async def __call__(self, request: web.Request) -> web.Response:
        self.seen.append((dict(request.headers), await request.read()))
        return web.Response(status=self.status, text="" if self.status == 204 else "rahasia jaringan dalam")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """What the receiver shows."""
    return certificate(tmp_path_factory.mktemp("tls"))


@asynccontextmanager
async def inside(open_door: OpenDoor, shown: Certificate, folder: Path) -> AsyncIterator[Office]:
    """An office whose installation lets webhooks lead to its own network."""
    ca = folder / "ca.pem"
    ca.write_text(shown.pem)
    settings = {"webhook_private": True, "webhook_ca_file": ca, "sealing_key": sealing_key()}
    async with open_door(**dict.fromkeys(NAMES, NOWHERE), **settings) as door:
        yield await Office.set_up(door)


class TestTrying:
    async def test_the_receiver_can_tell_that_it_is_us(
        self, open_door: OpenDoor, shown: Certificate, tmp_path: Path
    ) -> None:
        receiver = Receiver()
        async with answering(receiver, shown) as port, inside(open_door, shown, tmp_path) as office:
            client = await office.client()
            webhook = await named(office, client, url=f"https://localhost:{port}/lontar")
            status, delivery = await office.ask("POST", f"/v1/clients/{client['id']}/webhooks/{webhook['id']}/trial")
        assert status == 200
        assert (delivery["delivered"], delivery["status"], delivery["failure"]) == (True, 204, None)
        [(headers, body)] = receiver.seen
        assert verify(headers, body, [webhook["secret"]], now()) == delivery["message_id"]
        assert orjson.loads(body)["data"] == {"client_id": client["id"], "webhook_id": webhook["id"]}

    async def test_what_the_receiver_says_is_shown_to_nobody(
        self, open_door: OpenDoor, shown: Certificate, tmp_path: Path
    ) -> None:
        receiver = Receiver()
        receiver.status = 500
        async with answering(receiver, shown) as port, inside(open_door, shown, tmp_path) as office:
            client = await office.client()
            webhook = await named(office, client, url=f"https://localhost:{port}/lontar")
            _, delivery = await office.ask("POST", f"/v1/clients/{client['id']}/webhooks/{webhook['id']}/trial")
        assert (delivery["delivered"], delivery["status"], delivery["failure"]) == (False, 500, "refused")
        assert "rahasia" not in str(delivery)


class TestWhenTheSealingKeyIsGone:
    async def test_it_says_so_and_a_new_secret_mends_it(self, office: Office) -> None:
        client = await office.client()
        webhook = await named(office, client)
        database = office.door.gateway.service.foundation.database
        lost = {"$set": {"secrets.0.sealed": "1.000000000000.AAAA"}}
        await database["client_webhooks"].update_one({"_id": webhook["id"]}, lost)
        path = f"/v1/clients/{client['id']}/webhooks/{webhook['id']}"
        status, problem = await office.ask("POST", f"{path}/trial")
        assert (status, problem["code"]) == (409, "webhook_secret_lost")
        await office.ask("POST", f"{path}/secret", {"overlap_hours": 24})
        status, delivery = await office.ask("POST", f"{path}/trial")
        assert (status, delivery["failure"]) == (200, "unknown_host")


class TestRenewingASecret:
    async def test_both_sign_until_the_overlap_is_over(
        self, open_door: OpenDoor, shown: Certificate, tmp_path: Path
    ) -> None:
        receiver = Receiver()
        async with answering(receiver, shown) as port, inside(open_door, shown, tmp_path) as office:
            client = await office.client()
            first = await named(office, client, url=f"https://localhost:{port}/lontar")
            path = f"/v1/clients/{client['id']}/webhooks/{first['id']}"
            _, second = await office.ask("POST", f"{path}/secret", {"overlap_hours": 1})
            await office.ask("POST", f"{path}/trial")
            _, third = await office.ask("POST", f"{path}/secret", {"overlap_hours": 0})
            await office.ask("POST", f"{path}/trial")
        accepted = [_accepting(seen, first, second, third) for seen in receiver.seen]
        assert accepted == [[True, True, False], [False, False, True]]
        assert [one["expires_at"] is None for one in third["secrets"]] == [True, False]


def _accepting(seen: tuple[dict[str, str], bytes], *webhooks: Json) -> list[bool]:
    """Which of the secrets find a message genuine."""
    offered = set(seen[0]["webhook-signature"].split())
    found = []
    for webhook in webhooks:
        try:
            verify(seen[0], seen[1], [webhook["secret"]], now())
            found.append(True)
        except NotGenuine:
            found.append(False)
    assert len(offered) == sum(found)
    return found
