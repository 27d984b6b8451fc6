"""B7: who is away, as people declare it and as the presence system tells it."""

import asyncio
from typing import Any

import pytest

from services.chassis.auth import Principal
from services.chassis.ids import new_id
from services.chassis.service import Service
from tests.events import published
from tests.people import principal
from tests.routing.conftest import Call
from tests.routing.officials import as_principal, official, person
from tests.routing.regency import ADMIN, Regency

NIPS = [f"1970010119900310{n:02}" for n in range(20)]
DAY = "2026-03-05"


def row(number: int, status: str, **fields: Any) -> dict[str, Any]:
    return {"nip": NIPS[number], "status": status, **fields}


async def feed(call: Call, *rows: dict[str, Any], day: str = DAY) -> dict[str, Any]:
    """Feed a day; what became of it."""
    status, fed, _ = await call(ADMIN, "POST", "/v1/absences/feed", json={"date": day, "rows": list(rows)})
    assert status == 200, fed
    return dict(fed)


@pytest.fixture
async def ratih(regency: Regency, call: Call) -> Principal:
    """The head of Dinas PU."""
    return as_principal(await official(call, regency, "head", "Ni Made Ratih", nip=NIPS[0]), regency, "head")


@pytest.fixture
async def darma(regency: Regency, call: Call) -> Principal:
    """An officer of Dinas PU."""
    return as_principal(await official(call, regency, "roads", "I Ketut Darma", nip=NIPS[1]), regency, "roads")


class TestDeclare:
    async def test_somebody_declares_their_own_and_it_is_told(
        self, routing: Service, darma: Principal, call: Call
    ) -> None:
        body = {"kind": "leave", "starts_on": "2026-03-02", "ends_on": "2026-03-11", "note": "Cuti tahunan"}
        status, made, headers = await call(darma, "POST", "/v1/absences", json=body)
        assert (status, headers["ETag"], made["from_feed"]) == (201, '"1"', False)
        event = (await published(routing))[-1]
        assert event.data == {
            **body,
            "absence_id": made["id"],
            "person_id": darma.person_id,
            "person_name": "I Ketut Darma",
            "cancelled": False,
        }

    async def test_B7_a_registrar_declares_the_people_of_the_own_unit_alone(
        self, regency: Regency, darma: Principal, call: Call
    ) -> None:
        body = {"person_id": darma.person_id, "kind": "on_duty", "starts_on": DAY}
        plain = frozenset({"letters:read"})
        registrar = regency.holder("registrar").model_copy(update={"scopes": plain})
        assert (await call(registrar, "POST", "/v1/absences", json=body))[0] == 201
        assert (await call(registrar, "POST", "/v1/absences", json={**body, "person_id": None, "nip": NIPS[1]}))[
            0
        ] == 201
        for stranger in ("camat", "heavy"):
            caller = regency.holder(stranger).model_copy(update={"scopes": plain})
            for named in ({}, {"person_id": None, "nip": NIPS[1]}, {"person_id": None, "nip": NIPS[9]}):
                status, problem, _ = await call(caller, "POST", "/v1/absences", json={**body, **named})
                assert (status, problem["code"]) == (403, "forbidden")

    async def test_a_repeat_with_the_same_key_makes_one(self, routing: Service, darma: Principal, call: Call) -> None:
        body, key = {"kind": "away", "starts_on": DAY}, {"Idempotency-Key": "k1"}
        first = await call(darma, "POST", "/v1/absences", json=body, headers=key)
        told = len(await published(routing))
        assert (await call(darma, "POST", "/v1/absences", json=body, headers=key))[1] == first[1]
        assert len(await published(routing)) == told

    async def test_what_makes_no_sense_is_refused(self, darma: Principal, call: Call) -> None:
        for fields, code in (
            ({"ends_on": "2026-03-01"}, "term_reversed"),
            ({"person_id": new_id(), "nip": NIPS[0]}, "person_named_twice"),
            ({"person_id": new_id()}, "unknown_person"),
            ({"nip": NIPS[9]}, "unknown_person"),
            ({"kind": "present"}, "validation_failed"),
        ):
            body = {"kind": "leave", "starts_on": DAY, **fields}
            status, problem, _ = await call(ADMIN, "POST", "/v1/absences", json=body)
            assert (status, problem["code"]) == (422, code)


class TestFeed:
    async def test_B7_a_day_is_told_by_number(
        self, routing: Service, ratih: Principal, darma: Principal, call: Call
    ) -> None:
        told = len(await published(routing))
        fed = await feed(call, row(0, "on_duty", note="Rapat provinsi"), row(1, "late"), row(9, "absent"))
        assert fed == {"recorded": 2, "withdrawn": 0, "unchanged": 0, "unknown": [NIPS[9]]}
        events = (await published(routing))[told:]
        assert [(one.data["person_name"], one.data["kind"]) for one in events] == [
            ("Ni Made Ratih", "on_duty"),
            ("I Ketut Darma", "late"),
        ]
        assert all((one.data["starts_on"], one.data["ends_on"]) == (DAY, DAY) for one in events)

    async def test_the_same_again_changes_nothing(
        self, routing: Service, ratih: Principal, darma: Principal, call: Call
    ) -> None:
        rows = (row(0, "on_duty"), row(1, "late"))
        await feed(call, *rows)
        told = len(await published(routing))
        assert await feed(call, *rows) == {"recorded": 0, "withdrawn": 0, "unchanged": 2, "unknown": []}
        assert len(await published(routing)) == told

    async def test_a_later_feed_replaces_what_it_names_and_present_withdraws(
        self, routing: Service, ratih: Principal, darma: Principal, call: Call
    ) -> None:
        await feed(call, row(0, "absent"), row(1, "late"))
        assert await feed(call, row(0, "present"), row(1, "on_duty")) == {
            "recorded": 1,
            "withdrawn": 1,
            "unchanged": 0,
            "unknown": [],
        }
        last = [(one.data["kind"], one.data["cancelled"], one.streamversion) for one in (await published(routing))[-2:]]
        assert last == [("absent", True, 2), ("on_duty", False, 2)]
        await feed(call, row(0, "absent"))
        _, page, _ = await call(ratih, "GET", "/v1/absences", params={"on": DAY})
        assert [(one["cancelled"], one["version"], one["from_feed"]) for one in page["items"]] == [(False, 3, True)]
        await feed(call, row(0, "absent"), day="2026-03-06")
        assert len((await call(ratih, "GET", "/v1/absences"))[1]["items"]) == 2

    async def test_present_alone_leaves_nothing(self, routing: Service, ratih: Principal, call: Call) -> None:
        told = len(await published(routing))
        assert (await feed(call, row(0, "present")))["unchanged"] == 1
        assert len(await published(routing)) == told

    async def test_what_was_cancelled_by_hand_stays_so_until_the_feed_says_something_else(
        self, ratih: Principal, call: Call
    ) -> None:
        await feed(call, row(0, "absent"))
        [absence] = (await call(ratih, "GET", "/v1/absences"))[1]["items"]
        await call(ADMIN, "POST", f"/v1/absences/{absence['id']}/cancel")
        assert (await feed(call, row(0, "absent")))["unchanged"] == 1
        assert (await feed(call, row(0, "on_duty")))["recorded"] == 1

    async def test_the_same_feed_many_times_at_once_is_taken_in_once(
        self, routing: Service, ratih: Principal, darma: Principal, call: Call
    ) -> None:
        told = len(await published(routing))
        fed = await asyncio.gather(*(feed(call, row(0, "absent"), row(1, "leave")) for _ in range(6)))
        assert sum(one["recorded"] for one in fed) == 2
        assert len(await published(routing)) == told + 2

    async def test_a_thousand_rows_are_taken_in_and_more_refused(self, regency: Regency, call: Call) -> None:
        rows = [{"nip": f"19700101199003{n:04}", "status": "absent"} for n in range(1001)]
        who = await person(call, "Pegawai", rows[7]["nip"])
        assert (await feed(call, *rows[:1000]))["recorded"] == 1
        status, _, _ = await call(ADMIN, "POST", "/v1/absences/feed", json={"date": DAY, "rows": rows})
        assert status == 422
        assert len((await call(ADMIN, "GET", "/v1/absences", params={"person_id": who["id"]}))[1]["items"]) == 1

    async def test_a_number_named_twice_and_a_stranger_are_refused(self, ratih: Principal, call: Call) -> None:
        body = {"date": DAY, "rows": [row(0, "absent"), row(0, "present")]}
        status, problem, _ = await call(ADMIN, "POST", "/v1/absences/feed", json=body)
        assert (status, problem["code"], problem["nips"]) == (422, "named_twice", [NIPS[0]])
        assert (await call(ratih, "POST", "/v1/absences/feed", json={"date": DAY, "rows": [row(0, "late")]}))[0] == 403


class TestCancel:
    async def test_somebody_takes_their_own_back(self, routing: Service, darma: Principal, call: Call) -> None:
        _, made, _ = await call(darma, "POST", "/v1/absences", json={"kind": "leave", "starts_on": DAY})
        path = f"/v1/absences/{made['id']}/cancel"
        status, after, headers = await call(darma, "POST", path, headers={"If-Match": '"1"'})
        assert (status, after["cancelled"], headers["ETag"]) == (200, True, '"2"')
        assert (await published(routing))[-1].data["cancelled"] is True
        told = len(await published(routing))
        assert (await call(darma, "POST", path))[1] == after
        assert len(await published(routing)) == told
        _, history, _ = await call(darma, "GET", f"/v1/absences/{made['id']}/history")
        assert [entry["act"] for entry in history["items"]] == ["cancelled", "made"]

    async def test_what_the_feed_told_is_not_ones_own_to_take_back(self, darma: Principal, call: Call) -> None:
        await feed(call, row(1, "absent"))
        [absence] = (await call(darma, "GET", "/v1/absences"))[1]["items"]
        assert (await call(darma, "POST", f"/v1/absences/{absence['id']}/cancel"))[0] == 403

    async def test_anothers_is_not_there(self, ratih: Principal, darma: Principal, call: Call) -> None:
        _, made, _ = await call(ratih, "POST", "/v1/absences", json={"kind": "leave", "starts_on": DAY})
        for method, path in (("GET", ""), ("GET", "/history"), ("POST", "/cancel")):
            assert (await call(darma, method, f"/v1/absences/{made['id']}{path}"))[0] == 404
        assert (await call(ratih, "GET", f"/v1/absences/{made['id']}"))[1]["kind"] == "leave"


class TestList:
    async def test_those_of_others_are_for_who_may_declare_them(
        self, regency: Regency, ratih: Principal, darma: Principal, call: Call
    ) -> None:
        await call(darma, "POST", "/v1/absences", json={"kind": "leave", "starts_on": DAY})
        await call(ratih, "POST", "/v1/absences", json={"kind": "away", "starts_on": DAY})
        for caller, whose, status in ((ratih, darma, 200), (darma, ratih, 403), (ADMIN, ratih, 200)):
            answer = await call(caller, "GET", "/v1/absences", params={"person_id": whose.person_id})
            assert answer[0] == status
        assert [one["kind"] for one in (await call(darma, "GET", "/v1/absences"))[1]["items"]] == ["leave"]

    async def test_by_position_and_day(self, regency: Regency, ratih: Principal, darma: Principal, call: Call) -> None:
        for starts, ends in (("2026-03-01", "2026-03-04"), ("2026-03-05", "2026-03-05"), ("2026-03-04", None)):
            body = {"kind": "leave", "starts_on": starts, "ends_on": ends}
            await call(darma, "POST", "/v1/absences", json=body)
        roads = regency.positions["roads"].id
        _, page, _ = await call(ratih, "GET", "/v1/absences", params={"position_id": roads, "on": DAY})
        assert sorted(one["starts_on"] for one in page["items"]) == ["2026-03-04", "2026-03-05"]
        assert (await call(darma, "GET", "/v1/absences", params={"position_id": regency.positions["head"].id}))[
            0
        ] == 403
        assert (await call(ratih, "GET", "/v1/absences", params={"position_id": new_id()}))[0] == 404
        both = {"position_id": roads, "person_id": new_id()}
        assert (await call(ratih, "GET", "/v1/absences", params=both))[0] == 422

    async def test_a_page_at_a_time_newest_first(self, darma: Principal, call: Call) -> None:
        for day in range(1, 6):
            await feed(call, row(1, "late"), day=f"2026-03-0{day}")
        days: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            _, page, _ = await call(darma, "GET", "/v1/absences", params={"limit": "2", **cursor})
            days += [one["starts_on"] for one in page["items"]]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert days == [f"2026-03-0{day}" for day in range(5, 0, -1)]


class TestAvailability:
    async def test_B7_an_absent_officer_warns_and_the_plh_is_offered(
        self, regency: Regency, ratih: Principal, call: Call
    ) -> None:
        term = {"starts_on": "2026-03-02", "ends_on": "2026-03-11"}
        await call(ratih, "POST", "/v1/absences", json={"kind": "leave", **term})
        path = f"/v1/positions/{regency.positions['head'].id}/availability"
        _, alone, _ = await call(principal(), "GET", path, params={"on": DAY})
        assert (alone["attended"], alone["instead"]) == (False, None)
        assert alone["warning"] == "Kepala Dinas PU sedang cuti s.d. 11 Maret 2026. Belum ada pejabat pengganti."
        plh = await official(call, regency, "head", "I Komang Yasa", capacity="plh", **term)
        _, state, _ = await call(principal(), "GET", path, params={"on": DAY})
        assert (state["attended"], state["instead"]["id"], state["in_charge"]["id"]) == (True, plh["id"], plh["id"])
        assert state["warning"] == "Kepala Dinas PU sedang cuti s.d. 11 Maret 2026. Plh.: I Komang Yasa."
        assert state["absence"]["until"] == "2026-03-11"
        assert "note" not in state["absence"]
        _, back, _ = await call(principal(), "GET", path, params={"on": "2026-03-12"})
        assert (back["attended"], back["warning"], back["absence"]) == (True, None, None)
        _, holders, _ = await call(principal(), "GET", path.replace("availability", "holders"), params={"on": DAY})
        assert (holders["absence"]["kind"], holders["in_charge"]["display"]) == ("leave", "Plh. Kepala Dinas PU")

    async def test_B7_who_is_late_is_still_given_work(self, regency: Regency, ratih: Principal, call: Call) -> None:
        await feed(call, row(0, "late"))
        path = f"/v1/positions/{regency.positions['head'].id}/availability"
        _, state, _ = await call(principal(), "GET", path, params={"on": DAY})
        assert (state["attended"], state["warning"]) == (True, None)

    async def test_a_cancelled_assignment_holds_nothing(self, regency: Regency, call: Call) -> None:
        seat = await official(call, regency, "camat", "I Wayan Suka", starts_on="2099-01-01")
        path = f"/v1/positions/{regency.positions['camat'].id}/availability"
        _, state, _ = await call(principal(), "GET", path, params={"on": "2099-02-01"})
        assert state["in_charge"]["id"] == seat["id"]
        await call(ADMIN, "POST", f"/v1/assignments/{seat['id']}/cancel")
        _, state, _ = await call(principal(), "GET", path, params={"on": "2099-02-01"})
        assert state["warning"] == "Jabatan Camat Nusa Penida sedang kosong."

    async def test_several_positions_are_asked_for_at_once(
        self, regency: Regency, ratih: Principal, darma: Principal
    ) -> None:
        org = regency.context.organisation
        ids = [regency.positions[key].id for key in ("head", "roads", "camat")]
        found = await org.presence.availability_of([*ids, new_id()], org.today())
        assert {key: state.attended for key, state in found.items()} == dict(zip(ids, (True, True, False), strict=True))
