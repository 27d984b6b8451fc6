"""``/v1/status`` and its page: how the services are, for everybody, and in numbers for operators."""

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from gateway.auth.tokens import Subject
from services.chassis.auth import HeldPosition
from services.chassis.clock import now
from services.chassis.run import serving
from tests.gateway.clients.conftest import Office, bearer, sealing_key
from tests.gateway.conftest import NAMES, Door, OpenDoor
from tests.gateway.raw import exchange
from tests.gateway.status.test_judging import vitals
from tests.waiting import until_equal

AWAY = "http://127.0.0.1:9"


class Service:
    """Tells at ``/statusz`` what the test wants told."""

    def __init__(self) -> None:
        self.told: Any = json.loads(vitals().model_dump_json())
        self.asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        self.asked += 1
        assert scope["path"] == "/statusz"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(self.told).encode()})


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
async def watched(open_door: OpenDoor, service: Service) -> AsyncIterator[Door]:
    """A gateway before four services that are well, and one that is away."""
    async with serving(service, "127.0.0.1", 0) as url:
        upstreams = {**dict.fromkeys(NAMES, url), "notify": AWAY}
        async with open_door(**upstreams, status_poll_seconds=0.05, public_burst=1000) as door:
            yield door


async def status(door: Door, headers: dict[str, str] | None = None) -> Any:
    async with door.http.get("/v1/status", headers=headers) as answer:
        assert answer.status == 200
        return await answer.json()


def services_of(found: Any) -> dict[str, Any]:
    return {one["service"]: one for one in found["services"]}


class TestForEverybody:
    async def test_K12_each_service_is_told_in_a_word_and_since_when(self, watched: Door) -> None:
        found = await status(watched)
        services = services_of(found)
        assert list(services) == ["gateway", *NAMES]
        assert (services["routing"]["state"], services["routing"]["label"]) == ("up", "Berjalan normal")
        assert (services["notify"]["state"], services["notify"]["label"]) == ("down", "Tidak dapat dihubungi")
        assert (found["state"], found["label"]) == ("degraded", "Sebagian layanan terganggu.")
        assert datetime.fromisoformat(services["notify"]["since"]) <= now()

    async def test_strangers_and_people_without_the_task_get_no_numbers(self, watched: Door) -> None:
        for headers in (None, watched.token_of(), {"Authorization": "Bearer forged"}, {"Authorization": "Basic dTpw"}):
            found = await status(watched, headers)
            assert all(one["numbers"] is None for one in found["services"])
            assert "database" not in json.dumps(found)

    async def test_an_app_gets_none_either_whatever_its_positions(self, watched: Door) -> None:
        admin = HeldPosition(position_id="p", title="Admin", unit_id="u", unit_name="Setda", role="regency_admin")
        subject = Subject("0198", "Aplikasi", (admin,), client_id="client-1")
        token = watched.gateway.context.issuer.issue(subject)
        found = await status(watched, {"Authorization": f"Bearer {token}"})
        assert all(one["numbers"] is None for one in found["services"])

    async def test_since_stays_until_something_changes(self, watched: Door, service: Service) -> None:
        before = services_of(await status(watched))["routing"]
        service.told["pending"], service.told["oldest_pending_seconds"] = 3, 90.0

        async def routing() -> Any:
            return services_of(await status(watched))["routing"]

        later = await until_equal(routing, lambda seen: seen["state"] == "degraded")
        assert later["since"] > before["since"]
        again = await routing()
        assert again["since"] == later["since"]

    async def test_a_gateway_that_starts_anew_knows_since_when(
        self, watched: Door, service: Service, open_door: OpenDoor
    ) -> None:
        before = services_of(await status(watched))
        name = watched.gateway.context.settings.mongo_database
        async with open_door(mongo_database=name) as other:
            found = services_of(await status(other))
        assert found["notify"]["since"] == before["notify"]["since"]

    async def test_what_a_service_answers_that_makes_no_sense_is_no_answer(
        self, watched: Door, service: Service
    ) -> None:
        service.told = {"service": "routing", "parts": "x" * 100_000}
        assert services_of(await status(watched))["routing"]["state"] == "down"

    async def test_many_who_ask_cost_the_services_one_question(self, open_door: OpenDoor, service: Service) -> None:
        async with (
            serving(service, "127.0.0.1", 0) as url,
            open_door(**dict.fromkeys(NAMES, url), status_poll_seconds=60, public_burst=1000) as door,
        ):
            for _ in range(20):
                await status(door)
            assert service.asked == len(NAMES)


class TestForOperators:
    @pytest.mark.parametrize("role", ["regency_admin", "auditor"])
    async def test_K12_errors_and_backlog_are_told_in_numbers(self, watched: Door, service: Service, role: str) -> None:
        service.told |= {"pending": 3, "oldest_pending_seconds": 90.5}
        service.told["queues"] |= {"waiting": 4, "parked": 2}
        service.told["at"] = (now() + timedelta(seconds=1)).isoformat()
        found = services_of(await status(watched, watched.token_of(roles=[role])))
        told = found["routing"]["numbers"]
        assert (told["backlog"], told["events_pending"], told["messages_waiting"]) == (7, 3, 4)
        assert (told["oldest_pending_seconds"], told["messages_parked"]) == (90.5, 2)
        assert told["reasons"] == ["events_late"]
        assert found["notify"]["numbers"]["reasons"] == ["unreachable"]
        assert found["notify"]["numbers"]["backlog"] is None


class TestPage:
    async def test_is_whole_without_javascript(self, watched: Door) -> None:
        async with watched.http.get("/status") as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")
            assert "script-src" not in answer.headers["Content-Security-Policy"]
            text = await answer.text()
        assert "<script" not in text
        assert "Sebagian layanan terganggu." in text
        assert "Penerimaan surat" in text
        assert "WITA" in text
        assert "peristiwa belum terkirim" not in text
        assert len(text) < 4000

    async def test_shows_operators_the_numbers(self, watched: Door) -> None:
        async with watched.http.get("/status", headers=watched.token_of(roles=["auditor"])) as answer:
            assert "peristiwa belum terkirim: 0" in await answer.text()

    async def test_shows_an_app_what_it_shows_everybody(self, open_door: OpenDoor) -> None:
        async with open_door(sealing_key=sealing_key()) as door:
            office = await Office.set_up(door)
            headers = bearer((await office.key(await office.client()))["key"])
            async with door.http.get("/status", headers=headers) as answer:
                assert (answer.status, answer.content_type) == (200, "text/html")
                assert "peristiwa belum terkirim" not in await answer.text()

    async def test_is_held_to_the_pace_of_what_is_public(self, open_door: OpenDoor) -> None:
        async with open_door(public_burst=2, public_per_second=0.01) as door:
            asked = [door.http.get(path, headers=door.token_of()) for path in ("/status", "/v1/status", "/status")]
            assert [(await one).status for one in asked] == [200, 200, 429]
            async with door.http.get("/status/style.css") as answer:
                assert answer.status == 200

    async def test_looks_at_nobody_who_came_by_no_row(self, watched: Door) -> None:
        told = "".join(f"{name}: {value}\r\n" for name, value in watched.token_of(roles=["auditor"]).items())
        answer = await exchange(watched.url, f"GET /status%0a HTTP/1.1\r\nHost: x\r\n{told}Connection: close\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200")
        assert b"Keadaan layanan" in answer
        assert b"peristiwa belum terkirim" not in answer
