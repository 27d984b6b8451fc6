"""How much apps ask: counted by day, answer and kind, and never lost between a count and its writing."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from pymongo.errors import AutoReconnect

from gateway.clients.usage import outcome_of
from services.chassis.clock import now
from tests.gateway.clients.conftest import Json, Office, bearer
from tests.gateway.upstream import Upstream


async def days(office: Office, client: Json, **period: str) -> list[Json]:
    """The days of the report."""
    query = "&".join(f"{name}={value}" for name, value in period.items())
    status, report = await office.ask("GET", f"/v1/clients/{client['id']}/usage?{query}")
    assert status == 200, report
    return report["days"]  # type: ignore[no-any-return]


class TestCounting:
    async def test_each_answer_is_counted_as_what_it_is(self, office: Office) -> None:
        client = await office.client(grants=["letters:read"], per_second=0.01, burst=3)
        key = (await office.key(client))["key"]
        paths = ("/v1/register", "/v1/register", "/v1/storage/report", "/v1/register", "/v1/register")
        answers = [(await office.visit(key, path))[0] for path in paths]
        assert answers == [200, 200, 403, 200, 429]
        [today] = await days(office, client)
        counts = {name: today[name] for name in ("requests", "succeeded", "refused", "limited", "failed")}
        assert counts == {"requests": 5, "succeeded": 3, "refused": 1, "limited": 1, "failed": 0}
        assert today["families"] == {"letters": 4, "reports": 1}

    async def test_a_day_is_the_regencys(self, office: Office) -> None:
        client = await office.client()
        await office.visit((await office.key(client))["key"])
        local = now().astimezone(ZoneInfo("Asia/Makassar")).date()
        assert [one["day"] for one in await days(office, client)] == [local.isoformat()]
        assert await days(office, client, until=(local - timedelta(days=1)).isoformat()) == []

    async def test_another_apps_requests_are_not_among_them(self, office: Office) -> None:
        one, other = await office.client(), await office.client()
        await office.visit((await office.key(other))["key"])
        assert await days(office, one) == []

    async def test_it_adds_up_over_several_writings(self, office: Office) -> None:
        client = await office.client()
        key = (await office.key(client))["key"]
        for _ in range(3):
            await office.visit(key)
            await office.door.gateway.context.apps.usage.flush()
        assert [one["requests"] for one in await days(office, client)] == [3]

    async def test_what_cannot_be_written_is_kept(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        client = await office.client()
        key = (await office.key(client))["key"]
        usage = office.door.gateway.context.apps.usage

        async def away(*_: object) -> None:
            raise AutoReconnect

        with monkeypatch.context() as broken:
            broken.setattr(usage, "_add", away)
            await office.visit(key)
            await usage.flush()
            await office.visit(key)
            await usage.flush()
        assert [one["requests"] for one in await days(office, client)] == [2]

    @pytest.mark.parametrize(
        ("status", "outcome"),
        [(200, "succeeded"), (304, "succeeded"), (404, "refused"), (429, "limited"), (499, "refused"), (503, "failed")],
    )
    def test_outcomes(self, status: int, outcome: str) -> None:
        assert outcome_of(status) == outcome


class TestThePeriod:
    @pytest.mark.parametrize(
        ("since", "until"), [("2026-03-02", "2026-03-01"), ("2025-01-01", "2026-03-01"), ("2200-01-01", "1945-08-17")]
    )
    async def test_one_that_is_none_is_refused(self, office: Office, since: str, until: str) -> None:
        client = await office.client()
        path = f"/v1/clients/{client['id']}/usage?since={since}&until={until}"
        status, problem = await office.ask("GET", path)
        assert (status, problem["code"]) == (422, "bad_period")

    async def test_a_year_is_not_too_long(self, office: Office) -> None:
        client = await office.client()
        assert await days(office, client, since="2027-01-02", until="2028-01-02") == []


class TestAnOpenStream:
    async def test_it_ends_with_the_first_event_after_the_app_was_switched_off(
        self, office: Office, upstream: Upstream
    ) -> None:
        client = await office.client(grants=["notifications:read"])
        headers = bearer((await office.key(client))["key"])
        async with office.door.http.get("/v1/notifications/stream", headers=headers) as answer:
            assert await answer.content.readline() == b"first\n"
            await office.change(client, active=False)
            upstream.go_on.set()
            assert await answer.content.read() == b""

    async def test_it_goes_on_while_the_app_is_on(self, office: Office, upstream: Upstream) -> None:
        client = await office.client(grants=["notifications:read"])
        headers = bearer((await office.key(client))["key"])
        async with office.door.http.get("/v1/notifications/stream", headers=headers) as answer:
            assert await answer.content.readline() == b"first\n"
            upstream.go_on.set()
            assert await answer.content.read() == b"second\n"
