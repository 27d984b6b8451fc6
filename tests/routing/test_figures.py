"""Figures through the front door: every requirement on what the regency can read of its letters."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest

from services.chassis.ids import new_id
from services.chassis.service import Service
from services.contracts.intake import LetterRegistered
from services.contracts.vocabulary import Party
from services.routing.context import Context
from services.routing.domain.branch import Branch
from tests.events import deliver
from tests.people import held, principal
from tests.routing import letters
from tests.routing.conftest import Call, Delivered
from tests.routing.figures import MARCH, Clock, appoint, clock_of, count, excuse, figures
from tests.routing.letters import recipient, to_position, to_unit
from tests.routing.regency import Regency

Look = Callable[[LetterRegistered], Awaitable[list[Branch]]]
SPAN = {"from": "2026-03", "to": "2026-04"}
LEADER = principal(held("leader", title="Bupati"), name="Bupati")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """``clock(instant)``."""
    return clock_of(monkeypatch)


async def disposed(routing: Service, regency: Regency, letter: LetterRegistered, **fields: object) -> None:
    """The head of the agency gives the letter to its chief of roads."""
    given = letters.issued(letter, regency.holder("head"), recipient(regency.held("roads")), **fields)
    await deliver(routing, given)


class TestSteps:
    async def test_K2_the_time_from_registration_to_inbox_is_reported_by_unit_and_month(
        self, regency: Regency, delivered: Delivered, context: Context, call: Call, clock: Clock
    ) -> None:
        for seconds in (1, 2, 3, 4, 100):
            clock(MARCH + timedelta(seconds=seconds))
            await delivered(registered_at=MARCH)
        clock(MARCH + timedelta(days=31, seconds=7))
        await delivered(registered_at=MARCH + timedelta(days=31))
        await count(context)
        pu = regency.units["pu"].id
        body = await figures(call, regency.holder("head"), "steps", unit_id=pu, **SPAN)
        march, april = body["months"]
        found = march["spans"]["to_inbox"]
        assert (march["month"], april["month"]) == ("2026-03", "2026-04")
        assert (found["count"], found["median_seconds"]) == (5, 3.0)
        assert found["p90_seconds"] == pytest.approx(4 + 96 * 0.6)
        assert april["spans"]["to_inbox"]["median_seconds"] == 7.0
        total = body["total"]["spans"]["to_inbox"]
        assert (total["count"], total["median_seconds"]) == (6, 3.5), "of the times themselves, not of two medians"
        assert [unit["unit_name"] for unit in body["units"]] == ["Dinas Pekerjaan Umum"]

    async def test_K2_the_month_is_that_on_the_wall_of_the_regency(
        self, regency: Regency, delivered: Delivered, context: Context, call: Call, clock: Clock
    ) -> None:
        clock(MARCH.replace(day=31, hour=16, minute=30))  # half past midnight on the first of April in WITA
        await delivered()
        await count(context)
        body = await figures(call, LEADER, "steps", **SPAN)
        assert [one["branches"] for one in body["months"]] == [0, 1]

    async def test_P6_the_median_of_every_step_of_the_whole_way(
        self,
        routing: Service,
        regency: Regency,
        delivered: Delivered,
        branches_of: Look,
        context: Context,
        call: Call,
        clock: Clock,
    ) -> None:
        roads = regency.holder("roads")
        for hours in (1, 2, 9):
            clock(MARCH + timedelta(seconds=5))
            letter = await delivered(registered_at=MARCH)
            [branch] = await branches_of(letter)
            start = branch.opened_at
            clock(start + timedelta(hours=hours))
            await call(regency.holder("registrar"), "POST", f"/v1/branches/{branch.id}/read")
            clock(start + timedelta(hours=2 * hours))
            await call(regency.holder("registrar"), "POST", f"/v1/branches/{branch.id}/receive")
            given = letters.issued(letter, regency.holder("head"), recipient(regency.held("roads")))
            given = given.model_copy(update={"issued_at": start + timedelta(hours=4 * hours)})
            await deliver(routing, given)
            for number, news in enumerate(
                (letters.disposition_read(given, roads), letters.replied(given, roads), letters.completed(given, roads))
            ):
                at = start + timedelta(hours=(5 + number) * hours)
                await deliver(routing, news.model_copy(update={"at": at}))
        await count(context)
        body = await figures(call, regency.holder("head"), "steps", unit_id=regency.units["pu"].id, **SPAN)
        path = body["total"]["path"]
        assert {name: one["median_seconds"] / 3600 for name, one in path.items() if name != "to_inbox"} == {
            "step_read": 2,
            "step_received": 2,
            "step_disposed": 4,
            "step_disposition_read": 2,
            "step_answered": 2,
            "step_done": 2,
        }
        assert path["to_inbox"]["median_seconds"] == 5
        assert {one["count"] for one in path.values()} == {3}
        assert body["total"]["spans"]["to_done"]["median_seconds"] == 14 * 3600

    async def test_H15_the_first_disposition_with_the_leader_there_away_or_none(
        self, routing: Service, regency: Regency, delivered: Delivered, context: Context, call: Call, clock: Clock
    ) -> None:
        head = new_id()
        await appoint(regency, "head", head, starts_on=date(2026, 3, 2))
        await excuse(context, head, date(2026, 3, 10), date(2026, 3, 12))
        days = {MARCH - timedelta(days=1): 1, MARCH: 2, MARCH + timedelta(days=1): 4, MARCH + timedelta(days=9): 30}
        for day, hours in days.items():
            clock(day)
            letter = await delivered()
            await disposed(routing, regency, letter, issued_at=day + timedelta(hours=hours))
        await count(context)
        body = await figures(call, regency.holder("head"), "steps", unit_id=regency.units["pu"].id, **SPAN)
        found = body["total"]["to_disposition_by_leader"]
        took = {name: (one["count"], one["median_seconds"] / 3600) for name, one in found.items()}
        assert took == {"vacant": (1, 1), "present": (2, 3), "away": (1, 30)}
        assert body["total"]["spans"]["to_disposition"]["count"] == 4

    async def test_H15_what_is_corrected_later_changes_nothing_that_was(
        self, routing: Service, regency: Regency, delivered: Delivered, context: Context, call: Call, clock: Clock
    ) -> None:
        head = new_id()
        await appoint(regency, "head", head)
        clock(MARCH)
        letter = await delivered()
        await count(context)
        await excuse(context, head, MARCH.date(), MARCH.date(), "leave")
        await disposed(routing, regency, letter, issued_at=MARCH + timedelta(hours=1))
        await count(context)
        body = await figures(call, LEADER, "steps", **SPAN)
        assert body["total"]["to_disposition_by_leader"]["present"]["count"] == 1

    async def test_B1_before_and_after_stand_beside_each_other(
        self, regency: Regency, delivered: Delivered, context: Context, call: Call, clock: Clock
    ) -> None:
        admin = principal(held("regency_admin"), name="Admin")
        clock(MARCH + timedelta(hours=6))
        await delivered(registered_at=MARCH)
        await count(context)
        assert (await call(LEADER, "GET", "/v1/figures/baseline"))[0] == 404
        wanted = {"hours": {"to_inbox": 24, "step_disposed": 72}, "source": "Buku ekspedisi 2025", "letters": 212}
        scoped = admin.model_copy(update={"scopes": frozenset({"organisation:write"})})
        status, kept, headers = await call(scoped, "PUT", "/v1/figures/baseline", json=wanted)
        assert (status, headers["ETag"], kept["stated_by_name"]) == (200, '"1"', "Admin")
        body = await figures(call, regency.holder("head"), "steps", unit_id=regency.units["pu"].id, **SPAN)
        found = body["total"]["spans"]["to_inbox"]
        assert (found["before_seconds"], found["median_seconds"], found["saved_share"]) == (86400, 21600, 0.75)
        assert body["total"]["path"]["step_disposed"]["before_seconds"] == 72 * 3600
        assert body["total"]["path"]["step_disposed"]["saved_share"] is None
        assert body["total"]["spans"]["to_read"]["before_seconds"] is None

    async def test_a_letter_to_one_position_counts_for_its_unit(
        self, regency: Regency, delivered: Delivered, context: Context, call: Call, clock: Clock
    ) -> None:
        clock(MARCH)
        await delivered((to_position(regency, "roads"),))
        await count(context)
        body = await figures(call, regency.holder("head"), "steps", **SPAN)
        assert body["total"]["branches"] == 1

    async def test_a_restricted_letter_counts_and_shows_nothing(
        self, regency: Regency, delivered: Delivered, context: Context, call: Call, clock: Clock
    ) -> None:
        clock(MARCH)
        await delivered(confidentiality="restricted", subject="Terbatas sekali")
        await count(context)
        for what in ("steps", "outcomes"):
            body = await figures(call, regency.holder("secretary"), what, **SPAN)
            assert body["total"]["branches"] == 1
            assert "Terbatas" not in str(body)

    @pytest.mark.parametrize("confidentiality", ["secret", "top_secret"])
    async def test_a_secret_letter_is_not_counted_for_a_count_of_one_would_tell(
        self, regency: Regency, delivered: Delivered, context: Context, call: Call, clock: Clock, confidentiality: str
    ) -> None:
        clock(MARCH)
        await delivered(confidentiality=confidentiality)
        await count(context)
        for caller in (regency.holder("secretary"), regency.holder("head"), LEADER):
            assert (await figures(call, caller, "steps", **SPAN))["total"]["branches"] == 0


class TestOutcomes:
    async def test_H3_the_outcome_and_the_final_position_of_every_letter(
        self,
        routing: Service,
        regency: Regency,
        delivered: Delivered,
        branches_of: Look,
        context: Context,
        call: Call,
        clock: Clock,
    ) -> None:
        clock(MARCH)
        both = (to_unit(regency, "pu"), to_unit(regency, "nusa_penida"))
        closed, returned, _ = [await delivered(to, registered_at=MARCH) for to in (both[:1], both[:1], both)]
        clock(MARCH + timedelta(hours=3))
        [branch] = await branches_of(closed)
        path = f"/v1/branches/{branch.id}"
        assert (await call(regency.holder("head"), "POST", f"{path}/close", json={"outcome": "decision"}))[0] == 200
        [branch] = await branches_of(returned)
        answer = await call(
            regency.holder("head"), "POST", f"/v1/branches/{branch.id}/return", json={"reason": "Salah"}
        )
        assert answer[0] == 200, answer[1]
        await count(context)
        body = await figures(call, LEADER, "outcomes", **SPAN)
        total = body["total"]
        assert (total["letters"], total["sent"], total["without_outcome"]) == (3, 3, 2)
        assert {name: n for name, n in total["by_outcome"].items() if n} == {"decision": 1}
        assert {name: n for name, n in total["by_status"].items() if n} == {"done": 1, "returned": 1, "routed": 1}
        assert {name: n for name, n in total["ways"].items() if n} == {"done": 1, "returned": 1, "sent": 2}
        assert total["to_completion"]["count"] == 1
        assert sum(total["ways"].values()) == total["branches"] == 4
        ends = {one["unit_name"]: {name: n for name, n in one["ways"].items() if n} for one in body["units"]}
        assert ends["Kecamatan Nusa Penida"] == {"sent": 1}
        assert ends["Desa Sekartaji"] == {}, "the village sent them"

    async def test_K1_village_and_agency_both_send_and_receive(
        self, regency: Regency, delivered: Delivered, context: Context, call: Call, clock: Clock
    ) -> None:
        clock(MARCH)
        await delivered(registered_at=MARCH)
        answer = regency.holder("registrar", name="Putu Eka")
        village = (to_unit(regency, "sekartaji"),)
        await delivered(village, by=answer, sender=to_unit(regency, "pu"), registered_at=MARCH)
        outside = Party(kind="external", name="BPKP Provinsi Bali")
        await delivered(by=answer, sender=outside, registered_at=MARCH)
        await count(context)
        body = await figures(call, LEADER, "adoption", month="2026-03")
        found = {one["unit_name"]: (one["sent"], one["entered"], one["delivered"]) for one in body["items"]}
        assert found == {
            "Dinas Pekerjaan Umum": (1, 1, 2),
            "Desa Sekartaji": (1, 0, 1),
            "Desa Batukandik": (0, 0, 0),
            "Kecamatan Nusa Penida": (0, 0, 0),
        }


class TestAdoption:
    async def test_P1_adoption_by_office(
        self,
        routing: Service,
        regency: Regency,
        delivered: Delivered,
        branches_of: Look,
        context: Context,
        call: Call,
        clock: Clock,
    ) -> None:
        clock(MARCH)
        first, second, third = [await delivered(registered_at=MARCH) for _ in range(3)]
        at = MARCH + timedelta(hours=2)
        clock(at)
        [branch] = await branches_of(first)
        await call(regency.holder("registrar"), "POST", f"/v1/branches/{branch.id}/receive")
        [branch] = await branches_of(second)
        await call(regency.holder("secretary"), "POST", f"/v1/branches/{branch.id}/read")
        await disposed(routing, regency, third, issued_at=at + timedelta(hours=1))
        await count(context)
        body = await figures(call, LEADER, "adoption", month="2026-03")
        assert (body["units"], body["working_units"]) == (4, 2)
        pu = next(one for one in body["items"] if one["unit_name"] == "Dinas Pekerjaan Umum")
        assert (pu["active_positions"], pu["acting_positions"], pu["acting_share"]) == (5, 3, 0.6)
        assert (pu["delivered"], pu["opened"], pu["acted"], pu["asked"]) == (3, 3, 2, 3)
        assert (pu["opened_share"], pu["acted_share"]) == (1.0, 0.6667)
        assert pu["last_activity_at"] == "2026-03-02T04:00:00Z"
        silent = next(one for one in body["items"] if one["unit_name"] == "Desa Batukandik")
        assert (silent["acting_positions"], silent["opened_share"], silent["last_activity_at"]) == (0, None, None)
        later = await figures(call, LEADER, "adoption", month="2026-04")
        assert later["working_units"] == 0
        pu = next(one for one in later["items"] if one["unit_name"] == "Dinas Pekerjaan Umum")
        assert (pu["acting_positions"], pu["last_activity_at"]) == (0, "2026-03-02T04:00:00Z")

    async def test_P1_an_office_is_itself_and_its_subdivisions(
        self, regency: Regency, delivered: Delivered, branches_of: Look, context: Context, call: Call, clock: Clock
    ) -> None:
        pu = regency.units["pu"]
        roads = await regency.unit("bina_marga", "Bidang Bina Marga", "subdivision")
        await context.units.change(roads.model_copy(update={"parent_id": pu.id}), None)
        await regency.position("bina_marga", "Kepala Bidang Jalan", "bina_marga", "head", "head")
        clock(MARCH)
        letter = await delivered((to_unit(regency, "bina_marga"),))
        [branch] = await branches_of(letter)
        await call(regency.holder("bina_marga"), "POST", f"/v1/branches/{branch.id}/read")
        await count(context)
        for person in (LEADER, regency.holder("head")):
            body = await figures(call, person, "adoption", month="2026-03")
            found = {one["unit_name"]: one for one in body["items"]}
            assert "Bidang Bina Marga" not in found
            office = found["Dinas Pekerjaan Umum"]
            assert (office["active_positions"], office["acting_positions"], office["opened"]) == (6, 1, 1)
        one = await figures(call, regency.holder("head"), "adoption", month="2026-03", unit_id=roads.id)
        assert [item["unit_name"] for item in one["items"]] == ["Bidang Bina Marga"]
