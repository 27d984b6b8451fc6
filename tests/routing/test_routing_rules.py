"""Routing rules over HTTP."""

import asyncio
from typing import Any

import pytest

from services.chassis.ids import new_id
from services.chassis.service import Service
from services.routing.context import Context
from tests.routing.conftest import Call, Delivered
from tests.routing.guidance import a_rule, close, plain, unit
from tests.routing.letters import to_unit
from tests.routing.regency import ADMIN, Regency

RULES = "/v1/routing-rules"


async def made(call: Call, regency: Regency, **fields: Any) -> dict[str, Any]:
    status, rule, _ = await call(ADMIN, "POST", RULES, json=a_rule(regency, **fields))
    assert status == 201, rule
    return dict(rule)


class TestCreate:
    async def test_a_rule_proposes_unless_it_is_said_to_be_automatic(self, regency: Regency, call: Call) -> None:
        status, rule, headers = await call(ADMIN, "POST", RULES, json=a_rule(regency))
        assert (status, headers["ETag"]) == (201, '"1"')
        assert (rule["mode"], rule["active"], rule["priority"]) == ("propose", True, 100)
        assert rule["conditions"]["words"] == ["alat berat"]

    async def test_only_with_the_right_to_the_organisation(self, regency: Regency, call: Call) -> None:
        status, _, _ = await call(plain(regency.holder("registrar")), "POST", RULES, json=a_rule(regency))
        assert status == 403

    async def test_a_rule_that_every_letter_would_fit_is_refused(self, regency: Regency, call: Call) -> None:
        status, problem, _ = await call(ADMIN, "POST", RULES, json=a_rule(regency, conditions={}))
        assert (status, problem["code"]) == (422, "conditions_empty")

    async def test_a_place_that_is_unknown_outside_or_in_use_no_more_is_refused(
        self, regency: Regency, call: Call, routing: Service, context: Context
    ) -> None:
        await regency.unit("province", "Dinas PU Provinsi", "external")
        await close(routing, context, "units", regency.units["batukandik"].id)
        for one in (unit(regency, "province"), unit(regency, "batukandik"), {"kind": "unit", "id": new_id()}):
            status, problem, _ = await call(ADMIN, "POST", RULES, json=a_rule(regency, one))
            assert (status, problem["code"], problem["unknown"]) == (422, "unknown_place", [one["id"]])

    async def test_no_two_rules_have_the_same_name(self, regency: Regency, call: Call) -> None:
        await made(call, regency)
        status, problem, _ = await call(ADMIN, "POST", RULES, json=a_rule(regency, name="ALAT BERAT ke dinas PU"))
        assert (status, problem["code"]) == (409, "name_taken")

    @pytest.mark.parametrize(
        "wrong",
        [{"mode": "sometimes"}, {"destinations": []}, {"conditions": {"words": ["?!"]}}, {"priority": -1}, {"x": 1}],
    )
    async def test_what_cannot_be_a_rule_is_refused(self, regency: Regency, call: Call, wrong: dict[str, Any]) -> None:
        status, problem, _ = await call(ADMIN, "POST", RULES, json=a_rule(regency) | wrong)
        assert (status, problem["code"]) == (422, "validation_failed")


class TestRead:
    async def test_those_who_handle_letters_may_and_others_may_not(self, regency: Regency, call: Call) -> None:
        rule = await made(call, regency)
        paths = (RULES, f"{RULES}/{rule['id']}", f"{RULES}/{rule['id']}/changes")
        for person, status in (("registrar", 200), ("operator", 200), ("roads", 403)):
            for path in paths:
                assert (await call(plain(regency.holder(person)), "GET", path))[0] == status

    async def test_an_unknown_rule_is_not_found(self, call: Call) -> None:
        for method, path in (("GET", ""), ("GET", "/changes"), ("PATCH", ""), ("DELETE", ""), ("POST", "/try")):
            assert (await call(ADMIN, method, f"{RULES}/{new_id()}{path}", json={}))[0] == 404


class TestChange:
    async def test_every_change_is_kept_with_who_made_it(self, regency: Regency, call: Call) -> None:
        rule = await made(call, regency)
        path, other = f"{RULES}/{rule['id']}", regency.holder("head", name="Made Arya")
        await call(other, "PATCH", path, json={"mode": "automatic", "conditions": {"kinds": ["Laporan"]}})
        await call(ADMIN, "DELETE", path)
        _, page, _ = await call(ADMIN, "GET", f"{path}/changes")
        assert [(one["what"], one["person_name"], one["rule"]["version"]) for one in page["items"]] == [
            ("retired", ADMIN.name, 3),
            ("changed", "Made Arya", 2),
            ("created", ADMIN.name, 1),
        ]
        assert page["items"][1]["actor"]["display"] == "Kepala Dinas PU"
        assert [one["rule"]["conditions"]["words"] for one in page["items"]] == [[], [], ["alat berat"]]

    async def test_of_two_changes_of_the_same_version_one_wins(self, regency: Regency, call: Call) -> None:
        rule = await made(call, regency)
        path, seen = f"{RULES}/{rule['id']}", {"If-Match": '"1"'}
        answers = await asyncio.gather(
            *(call(ADMIN, "PATCH", path, json={"priority": number}, headers=seen) for number in range(6))
        )
        assert sorted(status for status, _, _ in answers) == [200] + [412] * 5
        [winner] = [answer for status, answer, _ in answers if status == 200]
        assert (await call(ADMIN, "GET", path))[1] == winner
        assert len((await call(ADMIN, "GET", f"{path}/changes"))[1]["items"]) == 2

    async def test_of_two_rules_made_at_once_with_one_name_one_is_made(self, regency: Regency, call: Call) -> None:
        answers = await asyncio.gather(*(call(ADMIN, "POST", RULES, json=a_rule(regency)) for _ in range(5)))
        assert sorted(status for status, _, _ in answers) == [201] + [409] * 4
        assert len((await call(ADMIN, "GET", RULES))[1]["items"]) == 1

    async def test_what_may_not_be_made_may_not_be_changed_into(self, regency: Regency, call: Call) -> None:
        rule = await made(call, regency)
        await made(call, regency, name="Lain")
        for change, code in (
            ({"conditions": {}}, "conditions_empty"),
            ({"destinations": [{"kind": "unit", "id": new_id()}]}, "unknown_place"),
            ({"name": "lain"}, "name_taken"),
        ):
            answer = await call(ADMIN, "PATCH", f"{RULES}/{rule['id']}", json=change)
            assert answer[1]["code"] == code
        assert (await call(ADMIN, "GET", f"{RULES}/{rule['id']}"))[1] == rule

    async def test_a_retired_rule_is_changed_no_more_and_gives_its_name_free(
        self, regency: Regency, call: Call
    ) -> None:
        rule = await made(call, regency)
        path = f"{RULES}/{rule['id']}"
        assert (await call(ADMIN, "DELETE", path))[1]["retired"] is True
        assert (await call(ADMIN, "DELETE", path))[1]["version"] == 2
        status, problem, _ = await call(ADMIN, "PATCH", path, json={"active": True})
        assert (status, problem["code"]) == (409, "rule_retired")
        assert (await call(ADMIN, "GET", RULES))[1]["items"] == []
        await made(call, regency)


class TestTry:
    async def test_it_counts_hits_and_names_only_letters_the_caller_may_read(
        self, regency: Regency, call: Call, delivered: Delivered
    ) -> None:
        hit = await delivered((to_unit(regency, "pu"),))
        await delivered((to_unit(regency, "pu"),), subject="Undangan rapat")
        hidden = await delivered((to_unit(regency, "nusa_penida"),))
        await delivered((to_unit(regency, "pu"),), confidentiality="secret")
        rule = await made(call, regency)
        path = f"{RULES}/{rule['id']}/try"
        status, trial, _ = await call(ADMIN, "POST", path)
        assert (status, trial) == (200, {"looked_at": 3, "hits": 2, "letters": []})
        _, trial, _ = await call(regency.holder("head"), "POST", path)
        assert trial == {"looked_at": 3, "hits": 2, "letters": [hit.letter_id]}
        _, trial, _ = await call(regency.holder("camat"), "POST", path, params={"letters": "1"})
        assert trial == {"looked_at": 1, "hits": 1, "letters": [hidden.letter_id]}

    async def test_conditions_can_be_tried_before_there_is_a_rule(
        self, regency: Regency, call: Call, delivered: Delivered
    ) -> None:
        await delivered()
        body = {"conditions": {"kinds": ["Surat Permohonan"], "sender_words": ["desa"]}, "letters": 50}
        _, trial, _ = await call(ADMIN, "POST", f"{RULES}/try", json=body)
        assert (trial["looked_at"], trial["hits"]) == (1, 1)
        assert (await call(ADMIN, "GET", RULES))[1]["items"] == []

    async def test_not_for_who_merely_handles_letters(self, regency: Regency, call: Call) -> None:
        body = {"conditions": {"words": ["rahasia"]}}
        assert (await call(plain(regency.holder("head")), "POST", f"{RULES}/try", json=body))[0] == 403
