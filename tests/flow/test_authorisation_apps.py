"""An app that may read reports, asked of every operation: it gets reports, and nothing else there is (H9).

It stands in the seat of the head of an office, who may do a great deal: what it was not given it has not got, whatever
its position is entitled to. And with its key a service is not to be opened at all.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from deploy.demo.client import Client, Json
from deploy.demo.organisation import seat, unit_id
from gateway.routes import RouteTable
from tests.flow.isolation.asking import Answer, Request, ask
from tests.flow.isolation.operations import Operation, operations
from tests.flow.rights.families import OF_LETTERS, REPORTS, REPORTS_WRITTEN
from tests.flow.rights.nothing import nowhere
from tests.house import House

pytestmark = [pytest.mark.flow, pytest.mark.slow, pytest.mark.timeout(480)]
BARE = REPORTS - {"figure_report"} - OF_LETTERS - {"get_figure_baseline"}
"""Reports that can be asked for as they are, and cost nothing to make."""


@dataclass(frozen=True)
class App:
    """The app at work, and everything there is to ask for."""

    client: Client
    operations: dict[str, Operation]

    async def ask_all(self, wanted: list[Operation]) -> list[tuple[Operation, Answer]]:
        """Each operation, of a thing there is not, and with nothing said."""
        requests = (Request(one.id, one.method, one.at(nowhere(one.named)), body={}) for one in wanted)
        answers = await asyncio.gather(*(ask(self.client, request) for request in requests))
        return list(zip(wanted, answers, strict=True))


@asynccontextmanager
async def app_of(house: House, name: str, *grants: str) -> AsyncIterator[App]:
    """An app that was given ``grants``, and stands in the seat of the head of Dinas PU."""
    about: Json = {
        "name": name,
        "unit_id": unit_id("dinas-pu"),
        "contact": {"name": "Operator", "email": "operator@pu.example"},
        "position_ids": [seat("kadis.pu").position_id],
        "grants": list(grants),
        "per_second": 500,
        "burst": 5000,
    }
    async with house.admin() as admin:
        made = await admin.post("/v1/clients", about)
        key = await admin.post(f"/v1/clients/{made['id']}/keys", {"label": "dasbor"})
        described = operations(await admin.get("/v1/openapi.json"))
    client = await Client.open(house.stack.base_url, "dasbor")
    client._token = str(key["key"])
    yield App(client, described)
    await client.close()


@pytest.fixture(scope="module")
async def app(house: House) -> AsyncIterator[App]:
    """It may read reports."""
    async with app_of(house, "Dasbor kinerja", "reports:read") as made:
        yield made


def is_open(operation: Operation) -> bool:
    """Whether it is for everybody, signed in or not."""
    row = RouteTable().match(operation.at(nowhere(operation.named)).encode(), operation.method)
    return row is not None and row.open


class TestReportsAlone:
    async def test_H9_every_other_operation_is_refused(self, app: App) -> None:
        closed = [one for one in app.operations.values() if one.id not in REPORTS and not is_open(one)]
        assert len(closed) > 150
        wrong = [(one.id, a.status) for one, a in await app.ask_all(closed) if a.status != 403]
        assert wrong == [], "an app was given what it was not granted"

    async def test_H9_reports_are_shown(self, app: App) -> None:
        assert set(app.operations) >= REPORTS | REPORTS_WRITTEN
        shown = await app.ask_all([app.operations[one] for one in sorted(BARE)])
        assert {(one.id, answer.status) for one, answer in shown} == {(one, 200) for one in BARE}

    async def test_H9_reports_that_say_what_stands_in_letters_want_letters_granted_too(self, app: App) -> None:
        asked = await app.ask_all([app.operations[one] for one in sorted(OF_LETTERS)])
        assert {(one.id, answer.status) for one, answer in asked} == {(one, 403) for one in OF_LETTERS}

    async def test_H9_registering_letters_is_not_reading_what_stands_in_them(self, house: House) -> None:
        async with app_of(house, "Loket dan dasbor", "reports:read", "letters:write") as app:
            asked = await app.ask_all([app.operations[one] for one in sorted(OF_LETTERS)])
        assert {(one.id, answer.status) for one, answer in asked} == {(one, 403) for one in OF_LETTERS}

    async def test_its_key_opens_no_service(self, house: House, app: App) -> None:
        for service, port in house.stack.addresses.service_ports.items():
            client = await Client.open(f"http://127.0.0.1:{port}", service)
            client._token = app.client._token
            paths = ("/v1/figures/backlog", "/v1/books", "/v1/letters", "/v1/dispositions", "/v1/notifications")
            statuses = {await client.status_of(path) for path in paths}
            await client.close()
            assert statuses <= {401, 404, 405}, service
            assert 401 in statuses or service == "schedule", service
