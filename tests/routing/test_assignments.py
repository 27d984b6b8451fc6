"""Assignments over HTTP."""

import asyncio
from typing import Any

import pytest

from services.chassis.ids import new_id
from services.chassis.service import Service
from services.routing.context import Context
from tests.events import published
from tests.routing.conftest import Call
from tests.routing.officials import some_day
from tests.routing.regency import ADMIN, Regency


@pytest.fixture
async def people(call: Call) -> list[str]:
    """Ids of a few people."""
    made = [await call(ADMIN, "POST", "/v1/people", json={"name": f"Pegawai {n}"}) for n in range(3)]
    return [body["id"] for _, body, _ in made]


def seat(regency: Regency, person_id: str, **fields: Any) -> dict[str, Any]:
    return {"person_id": person_id, "position_id": regency.positions["head"].id, "starts_on": "2026-01-01", **fields}


def acting(regency: Regency, person_id: str, capacity: str, **fields: Any) -> dict[str, Any]:
    return seat(regency, person_id, capacity=capacity, legal_basis="SK Bupati 821/12/2026", **fields)


class TestCreate:
    async def test_an_assignment_is_told_whole(
        self, routing: Service, regency: Regency, people: list[str], call: Call
    ) -> None:
        body = seat(regency, people[0], capacity="plt", ends_on="2026-06-30", legal_basis="SK 821/12/2026")
        status, made, _ = await call(ADMIN, "POST", "/v1/assignments", json=body)
        assert (status, made["display"]) == (201, "Plt. Kepala Dinas PU")
        event = (await published(routing))[-1]
        assert (event.subject, event.streamversion) == (f"assignment/{made['id']}", 1)
        assert event.data == {
            "assignment_id": made["id"],
            "person_id": people[0],
            "person_name": "Pegawai 0",
            "position_id": regency.positions["head"].id,
            "position_title": "Kepala Dinas PU",
            "unit_id": regency.units["pu"].id,
            "unit_name": "Dinas Pekerjaan Umum",
            "role": "head",
            "capacity": "plt",
            "starts_on": "2026-01-01",
            "ends_on": "2026-06-30",
            "legal_basis": "SK 821/12/2026",
            "cancelled": False,
            "nip": None,
            "rank": None,
        }

    async def test_an_overlap_is_refused_with_the_one_it_clashes_with(
        self, regency: Regency, people: list[str], call: Call
    ) -> None:
        _, first, _ = await call(ADMIN, "POST", "/v1/assignments", json=seat(regency, people[0]))
        late = seat(regency, people[1], starts_on="2027-01-01")
        status, problem, _ = await call(ADMIN, "POST", "/v1/assignments", json=late)
        assert (status, problem["code"]) == (409, "assignment_overlap")
        assert problem["clashing"]["id"] == first["id"]
        assert "Pegawai 0" in problem["detail"]

    async def test_P7_an_acting_official_stands_beside_the_definitive_one(
        self, regency: Regency, people: list[str], call: Call
    ) -> None:
        assert (await call(ADMIN, "POST", "/v1/assignments", json=seat(regency, people[0])))[0] == 201
        plh = acting(regency, people[1], "plh", starts_on="2026-03-01", ends_on="2026-03-14")
        assert (await call(ADMIN, "POST", "/v1/assignments", json=plh))[0] == 201
        third = acting(regency, people[2], "plt", starts_on="2026-03-10")
        assert (await call(ADMIN, "POST", "/v1/assignments", json=third))[0] == 409

    async def test_of_many_at_once_for_one_seat_one_wins(
        self, routing: Service, regency: Regency, people: list[str], call: Call
    ) -> None:
        before = len(await published(routing))
        bodies = [seat(regency, people[n % 3], starts_on=f"2026-02-{n + 1:02}") for n in range(10)]
        answers = await asyncio.gather(*(call(ADMIN, "POST", "/v1/assignments", json=body) for body in bodies))
        assert sorted(status for status, _, _ in answers) == [201] + [409] * 9
        [winner] = [body["id"] for status, body, _ in answers if status == 201]
        assert {body["clashing"]["id"] for status, body, _ in answers if status == 409} == {winner}
        assert len(await published(routing)) == before + 1

    async def test_a_seed_can_be_run_again_even_after_the_end(
        self, regency: Regency, people: list[str], call: Call
    ) -> None:
        body = seat(regency, people[0], id=new_id())
        assert (await call(ADMIN, "POST", "/v1/assignments", json=body))[0] == 201
        await call(ADMIN, "POST", f"/v1/assignments/{body['id']}/end", json={"ends_on": "2026-05-01"})
        status, again, _ = await call(ADMIN, "POST", "/v1/assignments", json=body)
        assert (status, again["ends_on"]) == (200, "2026-05-01")

    async def test_an_unknown_person_or_position_is_refused(
        self, regency: Regency, people: list[str], call: Call
    ) -> None:
        status, problem, _ = await call(ADMIN, "POST", "/v1/assignments", json=seat(regency, new_id()))
        assert (status, problem["code"]) == (422, "unknown_person")
        body = seat(regency, people[0], position_id=new_id())
        status, problem, _ = await call(ADMIN, "POST", "/v1/assignments", json=body)
        assert (status, problem["code"]) == (422, "unknown_position")

    async def test_a_term_that_ends_before_it_starts_is_refused(
        self, regency: Regency, people: list[str], call: Call
    ) -> None:
        body = seat(regency, people[0], ends_on="2025-12-31")
        status, problem, _ = await call(ADMIN, "POST", "/v1/assignments", json=body)
        assert (status, problem["code"]) == (422, "term_reversed")

    @pytest.mark.parametrize("capacity", ["plt", "plh", "pj", "pjs"])
    async def test_P7_an_acting_official_needs_a_legal_basis(
        self, regency: Regency, people: list[str], call: Call, capacity: str
    ) -> None:
        body = seat(regency, people[0], capacity=capacity, ends_on="2026-03-14")
        status, problem, _ = await call(ADMIN, "POST", "/v1/assignments", json=body)
        assert (status, problem["code"], problem["field"]) == (422, "legal_basis_missing", "legal_basis")

    async def test_P7_a_plh_stands_in_until_a_day_and_a_plt_until_somebody_is_appointed(
        self, regency: Regency, people: list[str], call: Call
    ) -> None:
        status, problem, _ = await call(ADMIN, "POST", "/v1/assignments", json=acting(regency, people[0], "plh"))
        assert (status, problem["code"], problem["field"]) == (422, "plh_without_end", "ends_on")
        assert (await call(ADMIN, "POST", "/v1/assignments", json=acting(regency, people[0], "plt")))[0] == 201


class TestCancel:
    async def test_one_that_has_not_begun_never_was(
        self, routing: Service, context: Context, regency: Regency, people: list[str], call: Call
    ) -> None:
        body = seat(regency, people[0], starts_on=some_day(context, 3))
        _, made, _ = await call(ADMIN, "POST", "/v1/assignments", json=body)
        path = f"/v1/assignments/{made['id']}/cancel"
        status, after, headers = await call(ADMIN, "POST", path, headers={"If-Match": '"1"'})
        assert (status, after["cancelled"], headers["ETag"]) == (200, True, '"2"')
        event = (await published(routing))[-1]
        assert (event.streamversion, event.data["cancelled"]) == (2, True)
        told = len(await published(routing))
        assert (await call(ADMIN, "POST", path))[1] == after
        assert len(await published(routing)) == told
        assert (await call(ADMIN, "POST", "/v1/assignments", json=seat(regency, people[1])))[0] == 201

    async def test_one_that_has_begun_can_only_be_ended(self, regency: Regency, people: list[str], call: Call) -> None:
        _, made, _ = await call(ADMIN, "POST", "/v1/assignments", json=seat(regency, people[0]))
        status, problem, _ = await call(ADMIN, "POST", f"/v1/assignments/{made['id']}/cancel")
        assert (status, problem["code"], problem["state"]["version"]) == (409, "assignment_begun", 1)

    async def test_a_cancelled_one_cannot_be_ended(
        self, context: Context, regency: Regency, people: list[str], call: Call
    ) -> None:
        body = seat(regency, people[0], starts_on=some_day(context, 3))
        _, made, _ = await call(ADMIN, "POST", "/v1/assignments", json=body)
        await call(ADMIN, "POST", f"/v1/assignments/{made['id']}/cancel")
        ending = {"ends_on": some_day(context, 9)}
        status, problem, _ = await call(ADMIN, "POST", f"/v1/assignments/{made['id']}/end", json=ending)
        assert (status, problem["code"]) == (409, "assignment_cancelled")

    async def test_an_unknown_one_is_not_found(self, http: object, call: Call) -> None:
        assert (await call(ADMIN, "POST", f"/v1/assignments/{new_id()}/cancel"))[0] == 404
        assert (await call(ADMIN, "GET", f"/v1/assignments/{new_id()}"))[0] == 404


class TestEnd:
    async def test_the_seat_is_free_the_day_after(
        self, routing: Service, regency: Regency, people: list[str], call: Call
    ) -> None:
        _, first, _ = await call(ADMIN, "POST", "/v1/assignments", json=seat(regency, people[0]))
        path = f"/v1/assignments/{first['id']}/end"
        status, after, headers = await call(ADMIN, "POST", path, json={"ends_on": "2026-04-30"})
        assert (status, after["ends_on"], headers["ETag"]) == (200, "2026-04-30", '"2"')
        event = (await published(routing))[-1]
        assert (event.streamversion, event.data["ends_on"]) == (2, "2026-04-30")
        for day, expected in (("2026-04-30", 409), ("2026-05-01", 201)):
            body = seat(regency, people[1], starts_on=day)
            assert (await call(ADMIN, "POST", "/v1/assignments", json=body))[0] == expected

    async def test_ending_again_the_same_day_changes_nothing(
        self, routing: Service, regency: Regency, people: list[str], call: Call
    ) -> None:
        _, first, _ = await call(ADMIN, "POST", "/v1/assignments", json=seat(regency, people[0]))
        path = f"/v1/assignments/{first['id']}/end"
        await call(ADMIN, "POST", path, json={"ends_on": "2026-04-30"})
        told = len(await published(routing))
        assert (await call(ADMIN, "POST", path, json={"ends_on": "2026-04-30"}))[0] == 200
        assert len(await published(routing)) == told
        status, problem, _ = await call(ADMIN, "POST", path, json={"ends_on": "2026-05-31"})
        assert (status, problem["code"], problem["state"]["ends_on"]) == (409, "assignment_ended", "2026-04-30")

    async def test_a_state_that_was_not_seen_is_not_changed(
        self, regency: Regency, people: list[str], call: Call
    ) -> None:
        _, first, _ = await call(ADMIN, "POST", "/v1/assignments", json=seat(regency, people[0]))
        path = f"/v1/assignments/{first['id']}/end"
        await call(ADMIN, "POST", path, json={"ends_on": "2026-04-30"}, headers={"If-Match": '"1"'})
        late = await call(ADMIN, "POST", path, json={"ends_on": "2026-03-31"}, headers={"If-Match": '"1"'})
        assert (late[0], late[1]["code"], late[1]["version"]) == (412, "changed_meanwhile", 2)

    async def test_an_unknown_one_is_not_found(self, http: object, call: Call) -> None:
        status, _, _ = await call(ADMIN, "POST", f"/v1/assignments/{new_id()}/end", json={"ends_on": "2026-04-30"})
        assert status == 404


class TestList:
    async def test_by_position(self, regency: Regency, people: list[str], call: Call) -> None:
        await call(ADMIN, "POST", "/v1/assignments", json=seat(regency, people[0]))
        elsewhere = seat(regency, people[1], position_id=regency.positions["roads"].id)
        await call(ADMIN, "POST", "/v1/assignments", json=elsewhere)
        wanted = {"position_id": regency.positions["roads"].id}
        _, page, _ = await call(regency.holder("operator"), "GET", "/v1/assignments", params=wanted)
        assert [one["person_id"] for one in page["items"]] == [people[1]]
