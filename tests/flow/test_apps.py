"""Apps of the units at work: what connects an OPD's own system, and how it is taken off again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from deploy.demo.client import Client, Json, Refused
from deploy.demo.organisation import seat, unit_id
from services.chassis.ids import new_id
from tests.flow.cast import Cast
from tests.flow.desk import act, arrived, has_status, tracked
from tests.house import SCAN, House, letter
from tests.waiting import until_equal

pytestmark = [pytest.mark.flow]


async def app_of_the_village(admin: Client, *grants: str, name: str = "") -> Json:
    """An app that stands in the seat of Desa Sekartaji's operator; its seat is told to the gateway by an event."""
    village = seat("desa.sekartaji")
    wanted = {
        "name": name or f"OpenSID {new_id()[-6:]}",
        "unit_id": unit_id("sekartaji"),
        "contact": {"name": "Operator desa", "email": "operator@sekartaji.desa.id"},
        "position_ids": [village.position_id],
        "grants": list(grants),
    }

    async def registered() -> Json | None:
        try:
            return await admin.post("/v1/clients", wanted)
        except Refused as refused:
            if not str(refused.problem["code"]).startswith("unknown_"):
                raise
            return None

    found = await until_equal(registered, bool)
    assert found is not None
    return found


async def key_of(admin: Client, app: Json, **narrower: object) -> str:
    """A key of the app."""
    made = await admin.post(f"/v1/clients/{app['id']}/keys", {"label": "server desa", **narrower})
    return str(made["key"])


@asynccontextmanager
async def showing(house: House, key: str) -> AsyncIterator[Client]:
    """A client that shows this with every request."""
    client = await Client.open(house.stack.base_url, "app")
    client._token = key
    try:
        yield client
    finally:
        await client.close()


async def refused(client: Client, path: str) -> tuple[int, str]:
    """How a request is refused."""
    with pytest.raises(Refused) as problem:
        await client.get(path)
    return problem.value.status, str(problem.value.problem["code"])


class TestH7AnAppOfAVillage:
    async def test_H7_it_sends_a_letter_and_reads_its_track(self, house: House, cast: Cast) -> None:
        [head] = await cast("kadis.pu")
        async with house.admin() as admin:
            app = await app_of_the_village(admin, "letters:read", "letters:write")
            key = await key_of(admin, app)
        async with showing(house, key) as client:
            sent = await client.send_letter(letter(), [("surat.pdf", SCAN, "application/pdf")], key=new_id())
            await act(head, await arrived(head, sent["id"]), "read")
            track = await tracked(client, sent["id"], lambda one: "branch_read" in str(one["timeline"]))
            first = track["timeline"][0]
            assert first["what"] == "registered"
            assert first["actor"]["person_name"] == app["shown_as"]
            assert first["actor"]["position_title"] == "Operator Desa Sekartaji"
            assert (await client.get(f"/v1/letters/{sent['id']}"))["id"] == sent["id"]

    async def test_H7_a_repeat_of_what_it_sends_is_one_letter(self, house: House) -> None:
        async with house.admin() as admin:
            key = await key_of(admin, await app_of_the_village(admin, "letters:read", "letters:write"))
        async with showing(house, key) as client:
            fields, once = letter(), new_id()
            scan = [("surat.pdf", SCAN, "application/pdf")]
            sent = [await client.send_letter(fields, scan, key=once) for _ in range(2)]
            assert sent[0]["id"] == sent[1]["id"]

    async def test_K6_it_sees_no_more_than_its_village(self, house: House, cast: Cast) -> None:
        [other] = await cast("desa.batununggul")
        sent = await house.send(other)
        async with house.admin() as admin:
            key = await key_of(admin, await app_of_the_village(admin, "letters:read"))
        async with showing(house, key) as client:
            await has_status(other, sent["id"], "routed")
            for path in (f"/v1/letters/{sent['id']}", f"/v1/letters/{sent['id']}/track"):
                assert await client.status_of(path) == 404, path


class TestH8SingleSignOnOfApps:
    async def test_H8_a_secret_gets_tokens_that_work_until_it_is_revoked(self, house: House) -> None:
        async with house.admin() as admin:
            app = await app_of_the_village(admin, "letters:read")
            secret = await admin.post(f"/v1/clients/{app['id']}/secrets", {"label": "server desa"})
            form = {
                "grant_type": "client_credentials",
                "client_id": app["id"],
                "client_secret": secret["client_secret"],
            }
            async with (
                aiohttp.ClientSession(base_url=house.stack.base_url) as http,
                http.post("/v1/auth/client-token", data=form) as answer,
            ):
                token = (await answer.json())["access_token"]
            async with showing(house, token) as client:
                assert await client.status_of("/v1/register") == 200
                await admin._json("DELETE", f"/v1/clients/{app['id']}/secrets/{secret['id']}")
                assert await client.status_of("/v1/register") == 401


class TestH9SwitchedOffOneByOne:
    async def test_H9_each_app_is_refused_at_once_and_alone(self, house: House) -> None:
        async with house.admin() as admin:
            apps = [await app_of_the_village(admin, "letters:read") for _ in range(2)]
            keys = [await key_of(admin, app) for app in apps]
            async with showing(house, keys[0]) as one, showing(house, keys[1]) as other:
                assert [await client.status_of("/v1/register") for client in (one, other)] == [200, 200]
                await admin._json("PATCH", f"/v1/clients/{apps[0]['id']}", json={"active": False})
                assert await refused(one, "/v1/register") == (401, "key_invalid")
                assert await other.status_of("/v1/register") == 200
                await admin._json("PATCH", f"/v1/clients/{apps[1]['id']}", json={"active": False})
                assert await refused(other, "/v1/register") == (401, "key_invalid")

    async def test_H9_what_it_was_not_given_is_refused_by_name(self, house: House) -> None:
        async with house.admin() as admin:
            app = await app_of_the_village(admin, "letters:read", "reports:read")
            key = await key_of(admin, app, grants=["reports:read"])
        async with showing(house, key) as client:
            assert await client.status_of("/v1/storage/report") != 401
            for path in ("/v1/register", "/v1/dispositions", "/v1/units", "/v1/accounts", "/v1/me"):
                assert await refused(client, path) == (403, "scope_missing"), path
        async with house.admin() as admin:
            await until_equal(
                lambda: admin.get(f"/v1/clients/{app['id']}/usage"),
                lambda usage: bool(usage["days"]) and bool(usage["days"][-1]["refused"] >= 5),
            )
