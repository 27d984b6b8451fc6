"""Distribution lists over HTTP."""

import asyncio
from typing import Any

import pytest

from services.chassis.errors import ServiceError
from services.chassis.ids import new_id
from services.chassis.service import Service
from services.routing.commands.expand_distribution_lists import expand
from services.routing.context import Context
from tests.routing.conftest import Call
from tests.routing.guidance import close, plain, position, unit
from tests.routing.regency import ADMIN, Regency

LISTS = "/v1/distribution-lists"


def body(regency: Regency, *members: dict[str, str], owner: str | None = "pu", **fields: Any) -> dict[str, Any]:
    owned = {"owner_unit_id": regency.units[owner].id} if owner else {}
    return {"name": "Desa pesisir", "members": list(members), **owned, **fields}


class TestCreate:
    async def test_a_registrar_keeps_lists_of_the_own_unit(self, regency: Regency, call: Call) -> None:
        registrar = plain(regency.holder("registrar"))
        wanted = body(regency, unit(regency, "sekartaji"), unit(regency, "nusa_penida", "copy"), description="Rutin")
        status, made, headers = await call(registrar, "POST", LISTS, json=wanted)
        assert (status, headers["ETag"]) == (201, '"1"')
        assert made == {
            **wanted,
            "id": made["id"],
            "retired": False,
            "version": 1,
        }

    @pytest.mark.parametrize(("holder", "status"), [("head", 201), ("secretary", 201), ("roads", 403)])
    async def test_only_its_keepers_may(self, regency: Regency, call: Call, holder: str, status: int) -> None:
        wanted = body(regency, unit(regency, "sekartaji"))
        assert (await call(plain(regency.holder(holder)), "POST", LISTS, json=wanted))[0] == status

    async def test_nobody_keeps_another_units_list_not_even_the_regencys_admin(
        self, regency: Regency, call: Call
    ) -> None:
        wanted = body(regency, unit(regency, "pu"), owner="sekartaji")
        for person in (plain(regency.holder("head")), ADMIN):
            assert (await call(person, "POST", LISTS, json=wanted))[0] == 403

    async def test_the_regencys_own_need_the_right_to_the_organisation(self, regency: Regency, call: Call) -> None:
        wanted = body(regency, unit(regency, "pu"), owner=None)
        assert (await call(plain(regency.holder("head")), "POST", LISTS, json=wanted))[0] == 403
        assert (await call(ADMIN, "POST", LISTS, json=wanted))[0] == 201

    async def test_a_place_named_twice_is_kept_once(self, regency: Regency, call: Call) -> None:
        wanted = body(regency, unit(regency, "sekartaji", "copy"), unit(regency, "sekartaji"))
        _, made, _ = await call(regency.holder("head"), "POST", LISTS, json=wanted)
        assert made["members"] == [unit(regency, "sekartaji")]

    async def test_an_unknown_place_is_refused(self, regency: Regency, call: Call) -> None:
        nowhere = {"role": "copy", "kind": "position", "id": new_id()}
        wanted = body(regency, unit(regency, "sekartaji"), nowhere)
        status, problem, _ = await call(regency.holder("head"), "POST", LISTS, json=wanted)
        assert (status, problem["code"], problem["unknown"]) == (422, "unknown_place", [nowhere["id"]])

    async def test_one_owner_has_one_list_of_a_name(self, regency: Regency, call: Call) -> None:
        head, village = regency.holder("head"), regency.holder("operator")
        assert (await call(head, "POST", LISTS, json=body(regency, unit(regency, "sekartaji"))))[0] == 201
        again = body(regency, unit(regency, "batukandik"), name="DESA PESISIR")
        status, problem, _ = await call(head, "POST", LISTS, json=again)
        assert (status, problem["code"]) == (409, "name_taken")
        other = body(regency, unit(regency, "pu"), owner="sekartaji")
        assert (await call(village, "POST", LISTS, json=other))[0] == 201

    async def test_a_key_makes_a_repeat_harmless(self, regency: Regency, call: Call) -> None:
        wanted, key = body(regency, unit(regency, "sekartaji")), {"Idempotency-Key": "daftar-1"}
        head = regency.holder("head")
        first = await call(head, "POST", LISTS, json=wanted, headers=key)
        again = await call(head, "POST", LISTS, json=wanted, headers=key)
        assert first[:2] == again[:2]

    async def test_an_empty_list_is_refused(self, regency: Regency, call: Call) -> None:
        status, problem, _ = await call(regency.holder("head"), "POST", LISTS, json=body(regency))
        assert (status, problem["code"]) == (422, "validation_failed")


class TestRead:
    async def test_K6_a_village_sees_its_own_and_the_regencys_and_no_neighbours(
        self, regency: Regency, call: Call
    ) -> None:
        village, neighbour = plain(regency.holder("operator")), plain(regency.holder("neighbour"))
        own = body(regency, unit(regency, "pu"), owner="sekartaji")
        theirs = body(regency, unit(regency, "pu"), owner="batukandik")
        everybodys = body(regency, unit(regency, "pu"), owner=None, name="Semua OPD")
        made = [
            (await call(person, "POST", LISTS, json=wanted))[1]["id"]
            for person, wanted in ((village, own), (neighbour, theirs), (ADMIN, everybodys))
        ]
        _, page, _ = await call(village, "GET", LISTS)
        assert [one["id"] for one in page["items"]] == [made[2], made[0]]
        for path in (f"{LISTS}/{made[1]}", f"{LISTS}/{made[1]}/parties"):
            assert (await call(village, "GET", path))[0] == 404
        for method in ("PATCH", "DELETE"):
            assert (await call(village, method, f"{LISTS}/{made[1]}", json={"name": "X"}))[0] == 404

    async def test_a_page_at_a_time(self, regency: Regency, call: Call) -> None:
        head = regency.holder("head")
        for number in range(5):
            wanted = body(regency, unit(regency, "sekartaji"), name=f"Daftar {number}")
            await call(head, "POST", LISTS, json=wanted)
        seen: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            _, page, _ = await call(head, "GET", LISTS, params={"limit": "2", **cursor})
            seen += [one["name"] for one in page["items"]]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert seen == [f"Daftar {number}" for number in reversed(range(5))]


class TestParties:
    async def test_K5_a_list_of_the_leader_an_agency_and_somebody_outside_becomes_a_letters_parties(
        self, regency: Regency, call: Call
    ) -> None:
        await regency.unit("leadership", "Bupati Klungkung", "leadership")
        await regency.position("regent", "Bupati", "leadership", "leader")
        await regency.unit("province", "Dinas PU Provinsi", "external")
        members = [position(regency, "regent"), unit(regency, "pu"), unit(regency, "province", "copy")]
        head = regency.holder("head")
        _, made, _ = await call(head, "POST", LISTS, json=body(regency, *members))
        status, parties, _ = await call(head, "GET", f"{LISTS}/{made['id']}/parties")
        assert status == 200
        assert parties == {
            "addressees": [
                {"kind": "position", "id": regency.positions["regent"].id, "name": "Bupati"},
                {"kind": "unit", "id": regency.units["pu"].id, "name": "Dinas Pekerjaan Umum"},
            ],
            "copies": [{"kind": "unit", "id": regency.units["province"].id, "name": "Dinas PU Provinsi"}],
            "skipped": [],
        }

    async def test_what_is_in_use_no_more_is_left_out_and_named(
        self, regency: Regency, call: Call, context: Context, routing: Service
    ) -> None:
        head = regency.holder("head")
        members = [unit(regency, "sekartaji"), position(regency, "camat", "copy")]
        _, made, _ = await call(head, "POST", LISTS, json=body(regency, *members))
        await close(routing, context, "positions", regency.positions["camat"].id)
        _, parties, _ = await call(head, "GET", f"{LISTS}/{made['id']}/parties")
        assert [one["name"] for one in parties["addressees"]] == ["Desa Sekartaji"]
        assert parties["copies"] == []
        assert [one["name"] for one in parties["skipped"]] == ["Camat Nusa Penida"]

    async def test_B6_several_lists_are_put_together_without_naming_a_place_twice(
        self, regency: Regency, call: Call, context: Context
    ) -> None:
        head = regency.holder("head")
        first = body(regency, unit(regency, "sekartaji"), unit(regency, "nusa_penida", "copy"), name="A")
        second = body(regency, unit(regency, "nusa_penida"), unit(regency, "sekartaji", "copy"), name="B")
        ids = [(await call(head, "POST", LISTS, json=wanted))[1]["id"] for wanted in (first, second)]
        addressees, copies = await expand(context.guidance, ids, head)
        assert [one.name for one in addressees] == ["Desa Sekartaji", "Kecamatan Nusa Penida"]
        assert copies == ()

    async def test_a_stranger_cannot_expand_a_list(self, regency: Regency, call: Call, context: Context) -> None:
        _, made, _ = await call(regency.holder("head"), "POST", LISTS, json=body(regency, unit(regency, "pu")))
        with pytest.raises(ServiceError, match="404"):
            await expand(context.guidance, [made["id"]], regency.holder("operator"))


class TestChange:
    async def test_what_is_left_out_stays(self, regency: Regency, call: Call) -> None:
        head = regency.holder("head")
        _, made, _ = await call(head, "POST", LISTS, json=body(regency, unit(regency, "sekartaji")))
        change = {"members": [unit(regency, "batukandik")]}
        status, changed, headers = await call(head, "PATCH", f"{LISTS}/{made['id']}", json=change)
        assert (status, headers["ETag"]) == (200, '"2"')
        assert (changed["name"], changed["members"]) == ("Desa pesisir", change["members"])

    async def test_nothing_new_is_no_new_version(self, regency: Regency, call: Call) -> None:
        head = regency.holder("head")
        _, made, _ = await call(head, "POST", LISTS, json=body(regency, unit(regency, "sekartaji")))
        _, same, _ = await call(head, "PATCH", f"{LISTS}/{made['id']}", json={"name": made["name"]})
        assert same["version"] == 1

    async def test_of_two_changes_of_the_same_version_one_wins(self, regency: Regency, call: Call) -> None:
        head = regency.holder("head")
        _, made, _ = await call(head, "POST", LISTS, json=body(regency, unit(regency, "sekartaji")))
        path, seen = f"{LISTS}/{made['id']}", {"If-Match": '"1"'}
        answers = await asyncio.gather(
            *(call(head, "PATCH", path, json={"name": f"Nama {n}"}, headers=seen) for n in range(6))
        )
        assert sorted(status for status, _, _ in answers) == [200] + [412] * 5
        [winner] = [answer for status, answer, _ in answers if status == 200]
        assert (await call(head, "GET", path))[1] == winner

    async def test_a_name_of_another_list_is_refused(self, regency: Regency, call: Call) -> None:
        head = regency.holder("head")
        await call(head, "POST", LISTS, json=body(regency, unit(regency, "sekartaji"), name="Lama"))
        _, made, _ = await call(head, "POST", LISTS, json=body(regency, unit(regency, "sekartaji")))
        status, problem, _ = await call(head, "PATCH", f"{LISTS}/{made['id']}", json={"name": "lama"})
        assert (status, problem["code"]) == (409, "name_taken")


class TestRetire:
    async def test_it_leaves_the_lists_and_gives_its_name_free(self, regency: Regency, call: Call) -> None:
        head = regency.holder("head")
        wanted = body(regency, unit(regency, "sekartaji"))
        _, made, _ = await call(head, "POST", LISTS, json=wanted)
        path = f"{LISTS}/{made['id']}"
        for _ in range(2):
            status, gone, _ = await call(head, "DELETE", path)
            assert (status, gone["retired"], gone["version"]) == (200, True, 2)
        assert (await call(head, "GET", LISTS))[1]["items"] == []
        assert (await call(head, "GET", path))[1]["retired"] is True
        status, problem, _ = await call(head, "GET", f"{path}/parties")
        assert (status, problem["code"]) == (409, "list_retired")
        assert (await call(head, "PATCH", path, json={"name": "Baru"}))[1]["code"] == "list_retired"
        assert (await call(head, "POST", LISTS, json=wanted))[0] == 201
