"""The working calendar over HTTP."""

import asyncio
from datetime import date

import aiohttp

from services.chassis.service import Service
from services.routing.commands.decide_day import tell_decided_days
from services.routing.context import Context
from tests.events import published
from tests.people import principal
from tests.projections.calendars import BALI_2026
from tests.routing.conftest import Call
from tests.routing.regency import ADMIN
from tests.signing import ALL_SCOPES, TokenSigner

CLERK = principal().model_copy(update={"scopes": ALL_SCOPES - {"organisation:write"}})
GALUNGAN = "/v1/calendar/days/2026-06-17"
BODY = {"kind": "holiday", "name": "Hari Raya Galungan"}


async def take_back(http: aiohttp.ClientSession, signer: TokenSigner, path: str, **headers: str) -> int:
    """The status of a DELETE."""
    async with http.delete(path, headers={**signer.headers(ADMIN), **headers}) as response:
        return response.status


class TestDecideDay:
    async def test_a_holiday_of_the_regency_is_a_day_off(self, call: Call) -> None:
        status, day, headers = await call(ADMIN, "PUT", GALUNGAN, json=BODY)
        assert (status, headers["ETag"]) == (201, '"1"')
        assert (day["working"], day["off"]["source"]) == (False, "regency")
        assert day["decision"]["by_name"] == ADMIN.name
        _, seen, _ = await call(CLERK, "GET", GALUNGAN)
        assert seen == day

    async def test_a_national_holiday_can_be_worked(self, call: Call) -> None:
        body = {"kind": "working_day", "name": "Pelayanan tetap buka"}
        _, day, _ = await call(ADMIN, "PUT", "/v1/calendar/days/2026-08-17", json=body)
        assert (day["working"], day["off"]) == (True, None)

    async def test_the_same_again_changes_nothing(self, routing: Service, call: Call) -> None:
        await call(ADMIN, "PUT", GALUNGAN, json=BODY)
        status, day, headers = await call(ADMIN, "PUT", GALUNGAN, json=BODY)
        assert (status, headers["ETag"], day["decision"]["version"]) == (200, '"1"', 1)
        assert len(await published(routing)) == 1

    async def test_a_decision_nobody_has_seen_is_not_overwritten(self, call: Call) -> None:
        await call(ADMIN, "PUT", GALUNGAN, json=BODY)
        await call(ADMIN, "PUT", GALUNGAN, json={**BODY, "name": "Galungan"}, headers={"If-Match": '"1"'})
        status, problem, _ = await call(ADMIN, "PUT", GALUNGAN, json=BODY, headers={"If-Match": '"1"'})
        assert (status, problem["code"], problem["version"]) == (412, "changed_meanwhile", 2)

    async def test_of_two_at_once_that_have_seen_the_same_one_wins(self, call: Call) -> None:
        await call(ADMIN, "PUT", GALUNGAN, json=BODY)
        answers = await asyncio.gather(
            *(
                call(ADMIN, "PUT", GALUNGAN, json={**BODY, "name": f"Nama {n}"}, headers={"If-Match": '"1"'})
                for n in range(6)
            )
        )
        assert sorted(status for status, _, _ in answers) == [200, 412, 412, 412, 412, 412]

    async def test_many_first_decisions_at_once_end_in_one(self, call: Call) -> None:
        answers = await asyncio.gather(*(call(ADMIN, "PUT", GALUNGAN, json=BODY) for _ in range(6)))
        assert sorted(status for status, _, _ in answers) == [200] * 5 + [201]

    async def test_a_clerk_may_not(self, call: Call) -> None:
        status, problem, _ = await call(CLERK, "PUT", GALUNGAN, json=BODY)
        assert (status, problem["code"]) == (403, "forbidden")

    async def test_what_is_no_day_or_no_decision_is_refused(self, call: Call) -> None:
        for path, body in (
            ("/v1/calendar/days/2026-02-30", BODY),
            ("/v1/calendar/days/1900-01-01", BODY),
            (GALUNGAN, {"kind": "maybe", "name": "x"}),
            (GALUNGAN, {"kind": "holiday", "name": " "}),
            (GALUNGAN, {"kind": "holiday", "name": "x" * 201}),
        ):
            status, _, _ = await call(ADMIN, "PUT", path, json=body)
            assert status == 422, (path, body)


class TestUndecideDay:
    async def test_the_day_is_again_what_it_was(
        self, http: aiohttp.ClientSession, signer: TokenSigner, call: Call
    ) -> None:
        await call(ADMIN, "PUT", GALUNGAN, json=BODY)
        assert await take_back(http, signer, GALUNGAN, **{"If-Match": '"7"'}) == 412
        assert await take_back(http, signer, GALUNGAN) == 204
        _, day, headers = await call(CLERK, "GET", GALUNGAN)
        assert (day["working"], day["decision"]) == (True, None)
        assert "ETag" not in headers
        _, year, _ = await call(CLERK, "GET", "/v1/calendar?year=2026")
        assert year["decisions"] == []

    async def test_everybody_is_told_and_versions_go_on(
        self, routing: Service, http: aiohttp.ClientSession, signer: TokenSigner, call: Call
    ) -> None:
        await call(ADMIN, "PUT", GALUNGAN, json=BODY)
        await take_back(http, signer, GALUNGAN)
        assert await take_back(http, signer, GALUNGAN) == 404
        status, day, headers = await call(ADMIN, "PUT", GALUNGAN, json={**BODY, "name": "Galungan"})
        assert (status, day["decision"]["version"], headers["ETag"]) == (201, 3, '"3"')
        told = [(one.subject, one.streamversion, one.data) for one in await published(routing)]
        assert told == [
            ("day/2026-06-17", 1, {"day": "2026-06-17", **BODY}),
            ("day/2026-06-17", 2, {"day": "2026-06-17", "kind": None, "name": None}),
            ("day/2026-06-17", 3, {"day": "2026-06-17", **BODY, "name": "Galungan"}),
        ]

    async def test_what_was_not_decided_cannot_be_taken_back(
        self, http: aiohttp.ClientSession, signer: TokenSigner, call: Call
    ) -> None:
        assert await take_back(http, signer, GALUNGAN) == 404


class TestTell:
    async def test_what_an_earlier_release_decided_is_told_once(
        self, routing: Service, context: Context, call: Call
    ) -> None:
        await call(ADMIN, "PUT", GALUNGAN, json=BODY)
        days = context.working_time.days
        await days._rows.update_many({}, {"$unset": {"told": ""}, "$set": {"version": 4}})
        assert await tell_decided_days(context.working_time) == 1
        assert await tell_decided_days(context.working_time) == 0
        event = (await published(routing))[-1]
        assert (event.streamversion, event.data) == (4, {"day": "2026-06-17", **BODY})


class TestReadCalendar:
    async def test_it_lists_every_day_off_with_who_says_so(self, call: Call) -> None:
        for day, name in BALI_2026.items():
            await call(ADMIN, "PUT", f"/v1/calendar/days/{day}", json={"kind": "holiday", "name": name})
        await call(ADMIN, "PUT", "/v1/calendar/days/2026-10-10", json={"kind": "working_day", "name": "Lembur"})
        await call(ADMIN, "PUT", "/v1/calendar/days/2027-03-09", json={"kind": "holiday", "name": "Tahun lain"})
        _, year, _ = await call(CLERK, "GET", "/v1/calendar?year=2026")
        sources = {one["date"]: one["source"] for one in year["days_off"]}
        assert sources["2026-03-19"] == "national"
        assert sources["2026-12-24"] == "joint_leave"
        assert sources["2026-06-27"] == "regency"
        assert sources["2026-01-03"] == "weekend"
        assert "2026-10-10" not in sources
        assert len(year["decisions"]) == len(BALI_2026) + 1
        assert (year["week_days"], year["timezone"]) == (5, "Asia/Makassar")

    async def test_without_a_year_it_is_this_one(self, call: Call) -> None:
        _, year, _ = await call(CLERK, "GET", "/v1/calendar")
        assert abs(year["year"] - date.fromisoformat(year["days_off"][0]["date"]).year) == 0

    async def test_years_nobody_knows_of_are_refused(self, call: Call) -> None:
        status, _, _ = await call(CLERK, "GET", "/v1/calendar?year=2101")
        assert status == 422
