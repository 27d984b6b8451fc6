"""Listing and reading."""

from typing import Any

import aiohttp
import pytest

from services.chassis.auth import Principal
from services.chassis.ids import new_id
from services.chassis.service import Service
from tests.events import deliver
from tests.notify.stories import branch, delivered
from tests.people import held, principal
from tests.signing import TokenSigner


@pytest.fixture
def head() -> Principal:
    """Holds two positions, one of them as Plt."""
    return principal(held("head"), held("secretary", capacity="plt", title="Sekretaris"))


async def listing(http: aiohttp.ClientSession, headers: dict[str, str], query: str = "") -> dict[str, Any]:
    """One page."""
    async with http.get(f"/v1/notifications{query}", headers=headers) as answer:
        assert answer.status == 200
        body: dict[str, Any] = await answer.json()
        return body


class TestList:
    """GET /v1/notifications."""

    async def test_mine_over_all_positions_newest_first(
        self, notify: Service, http: aiohttp.ClientSession, signer: TokenSigner, head: Principal
    ) -> None:
        first, second = head.position_ids
        for position in (first, second, new_id(), first):
            await deliver(notify, delivered(branch(position)))
        page = await listing(http, signer.headers(head))
        assert [item["position_id"] for item in page["items"]] == [first, second, first]
        assert page["unread"] == 3
        assert page["next"] is None
        item = page["items"][0]
        assert set(item) == {"id", "position_id", "reason", "title", "text", "links", "created_at", "read"}
        assert item["read"] is None

    async def test_pages_follow_each_other_without_gap(
        self, notify: Service, http: aiohttp.ClientSession, signer: TokenSigner, head: Principal
    ) -> None:
        for _ in range(5):
            await deliver(notify, delivered(branch(head.position_ids[0])))
        seen: list[str] = []
        query = "?limit=2"
        while True:
            page = await listing(http, signer.headers(head), query)
            seen += [item["id"] for item in page["items"]]
            if page["next"] is None:
                break
            query = f"?limit=2&cursor={page['next']}"
        assert len(seen) == 5
        assert seen == sorted(set(seen), reverse=True)

    async def test_without_a_token_it_is_a_401(self, http: aiohttp.ClientSession) -> None:
        async with http.get("/v1/notifications") as answer:
            assert answer.status == 401

    async def test_whoever_holds_nothing_has_nothing(self, http: aiohttp.ClientSession, signer: TokenSigner) -> None:
        nobody = Principal(person_id=new_id(), name="Baru")
        assert await listing(http, signer.headers(nobody)) == {"items": [], "next": None, "unread": 0}


class TestRead:
    """POST /v1/notifications/{id}/read."""

    async def test_the_first_reading_is_kept_with_position_and_capacity(
        self, notify: Service, http: aiohttp.ClientSession, signer: TokenSigner, head: Principal
    ) -> None:
        await deliver(notify, delivered(branch(head.position_ids[1])))
        (item,) = (await listing(http, signer.headers(head)))["items"]
        readings = []
        for _ in range(2):
            async with http.post(f"/v1/notifications/{item['id']}/read", headers=signer.headers(head)) as answer:
                assert answer.status == 200
                readings.append((await answer.json())["read"])
        assert readings[0] == readings[1]
        assert readings[0]["actor"]["position_title"] == "Sekretaris"
        assert readings[0]["actor"]["capacity"] == "plt"
        assert readings[0]["actor"]["person_id"] == head.person_id

    async def test_read_ones_leave_the_unread_list(
        self, notify: Service, http: aiohttp.ClientSession, signer: TokenSigner, head: Principal
    ) -> None:
        for _ in range(2):
            await deliver(notify, delivered(branch(head.position_ids[0])))
        newest, oldest = (await listing(http, signer.headers(head)))["items"]
        async with http.post(f"/v1/notifications/{newest['id']}/read", headers=signer.headers(head)):
            pass
        page = await listing(http, signer.headers(head), "?unread=true")
        assert [item["id"] for item in page["items"]] == [oldest["id"]]
        assert page["unread"] == 1
        assert len((await listing(http, signer.headers(head)))["items"]) == 2

    async def test_somebody_elses_and_an_unknown_one_are_a_404(
        self, notify: Service, http: aiohttp.ClientSession, signer: TokenSigner, head: Principal
    ) -> None:
        await deliver(notify, delivered(branch(head.position_ids[0])))
        (item,) = (await listing(http, signer.headers(head)))["items"]
        other = signer.headers(principal())
        for identifier in (item["id"], new_id()):
            async with http.post(f"/v1/notifications/{identifier}/read", headers=other) as answer:
                assert answer.status == 404
                assert (await answer.json())["code"] == "not_found"
        assert (await listing(http, signer.headers(head)))["unread"] == 1

    async def test_a_malformed_id_is_a_422(
        self, http: aiohttp.ClientSession, signer: TokenSigner, head: Principal
    ) -> None:
        async with http.post("/v1/notifications/seven/read", headers=signer.headers(head)) as answer:
            assert answer.status == 422
