"""Returning, redirecting and recalling a letter."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from services.chassis.service import Service
from services.contracts.intake import LetterRegistered
from services.contracts.routing import AccessChanged, BranchRedirected, BranchReturned
from services.routing.domain.branch import Branch
from tests.events import published, types_published
from tests.routing.conftest import Call, Delivered
from tests.routing.letters import to_unit
from tests.routing.regency import Regency

Look = Callable[[LetterRegistered], Awaitable[list[Branch]]]
REASON = {"reason": "Bukan kewenangan kami."}


class TestReturn:
    async def test_K1_a_returned_letter_lies_with_its_sender_with_the_reason(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered())
        status, body, _ = await call(
            regency.holder("registrar"), "POST", f"/v1/branches/{branch.id}/return", json=REASON
        )
        assert (status, body["state"], body["returned"]["reason"]) == (200, "returned", REASON["reason"])
        _, back, _ = await call(regency.holder("operator"), "GET", "/v1/boxes/returned")
        assert [item["branch_id"] for item in back["items"]] == [branch.id]
        assert REASON["reason"] in back["items"][0]["why"]
        assert (await call(regency.holder("head"), "GET", "/v1/inbox"))[1]["items"] == []
        told = BranchReturned.read((await published(routing))[-1].data)
        assert told.told == (regency.positions["operator"].id,)

    async def test_without_a_reason_it_is_refused(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered())
        path = f"/v1/branches/{branch.id}/return"
        assert (await call(regency.holder("head"), "POST", path, json={"reason": "  "}))[0] == 422

    async def test_of_acts_that_exclude_each_other_one_wins_and_the_others_see_the_state(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered())
        path = f"/v1/branches/{branch.id}"
        to = {"kind": "unit", "id": regency.units["nusa_penida"].id}
        answers = await asyncio.gather(
            call(regency.holder("head"), "POST", f"{path}/return", json=REASON),
            call(regency.holder("secretary"), "POST", f"{path}/redirect", json={**REASON, "to": to}),
            call(regency.holder("registrar"), "POST", f"{path}/close"),
            call(regency.holder("operator"), "POST", f"{path}/recall", json=REASON),
        )
        [won] = [body for status, body, _ in answers if status == 200]
        lost = [(status, body) for status, body, _ in answers if status != 200]
        # Of what was recalled before they looked at it, the addressees learn nothing any more.
        assert {status for status, _ in lost} <= ({404, 409} if won["state"] == "recalled" else {409})
        assert len(lost) == 3
        assert {body["state"]["state"] for status, body in lost if status == 409} <= {won["state"]}

    @pytest.mark.parametrize("act", ["return", "redirect"])
    async def test_the_sender_may_not_do_it_for_the_addressee(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call, act: str
    ) -> None:
        [branch] = await branches_of(await delivered())
        body = REASON | ({"to": {"kind": "unit", "id": regency.units["pu"].id}} if act == "redirect" else {})
        status, _, _ = await call(regency.holder("operator"), "POST", f"/v1/branches/{branch.id}/{act}", json=body)
        assert status == 403


class TestRedirect:
    async def test_B6_another_unit_gets_it_and_may_read_it(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        letter = await delivered()
        [branch] = await branches_of(letter)
        camat, track = regency.holder("camat"), f"/v1/letters/{letter.letter_id}/track"
        assert (await call(camat, "GET", track))[0] == 404
        body = {**REASON, "to": {"kind": "unit", "id": regency.units["nusa_penida"].id}}
        status, after, _ = await call(regency.holder("head"), "POST", f"/v1/branches/{branch.id}/redirect", json=body)
        assert (status, after["state"]) == (200, "redirected")
        _, inbox, _ = await call(camat, "GET", "/v1/inbox")
        assert [item["branch_id"] for item in inbox["items"]] == [after["redirected"]["branch_id"]]
        assert (await call(camat, "GET", track))[0] == 200
        kinds = (await types_published(routing))[-2:]
        assert kinds == ["routing.branch.redirected", "routing.access.changed"]

    async def test_the_same_again_changes_nothing_and_elsewhere_is_refused(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered())
        head, path = regency.holder("head"), f"/v1/branches/{branch.id}/redirect"
        body = {**REASON, "to": {"kind": "unit", "id": regency.units["nusa_penida"].id}}
        first = await call(head, "POST", path, json=body)
        assert (await call(head, "POST", path, json=body))[1] == first[1]
        other = {**REASON, "to": {"kind": "unit", "id": regency.units["batukandik"].id}}
        assert (await call(head, "POST", path, json=other))[0] == 409
        assert (await types_published(routing)).count("routing.branch.redirected") == 1

    async def test_where_it_lies_already_it_is_not_sent_again(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        letter = await delivered((to_unit(regency, "pu"), to_unit(regency, "nusa_penida")))
        branch = (await branches_of(letter))[0]
        body = {**REASON, "to": {"kind": "unit", "id": regency.units["nusa_penida"].id}}
        status, problem, _ = await call(regency.holder("head"), "POST", f"/v1/branches/{branch.id}/redirect", json=body)
        assert (status, problem["code"]) == (409, "already_there")

    async def test_an_unknown_place_is_refused(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered())
        body = {**REASON, "to": {"kind": "unit", "id": branch.id}}
        status, problem, _ = await call(regency.holder("head"), "POST", f"/v1/branches/{branch.id}/redirect", json=body)
        assert (status, problem["code"]) == (422, "unknown_place")

    async def test_the_sender_sends_on_what_came_back(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered())
        await call(regency.holder("head"), "POST", f"/v1/branches/{branch.id}/return", json=REASON)
        body = {"reason": "Ke camat saja.", "to": {"kind": "unit", "id": regency.units["nusa_penida"].id}}
        path = f"/v1/branches/{branch.id}/redirect"
        assert (await call(regency.holder("head"), "POST", path, json=body))[0] == 409
        assert (await call(regency.holder("operator"), "POST", path, json=body))[0] == 200
        told = [one for one in await published(routing) if one.type == BranchRedirected.event_type]
        assert BranchRedirected.read(told[0].data).branch.unit_id == regency.units["nusa_penida"].id

    async def test_a_confidential_letter_closes_behind_those_who_passed_it_on(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        letter = await delivered(confidentiality="secret")
        [branch] = await branches_of(letter)
        body = {**REASON, "to": {"kind": "unit", "id": regency.units["nusa_penida"].id}}
        head, track = regency.holder("head"), f"/v1/letters/{letter.letter_id}/track"
        await call(head, "POST", f"/v1/branches/{branch.id}/redirect", json=body)
        assert (await call(head, "GET", track))[0] == 404
        assert (await call(regency.holder("camat"), "GET", track))[0] == 200


class TestRecall:
    async def test_unread_it_is_taken_back_and_can_no_longer_be_seen(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        letter = await delivered()
        [branch] = await branches_of(letter)
        status, body, _ = await call(
            regency.holder("operator"), "POST", f"/v1/branches/{branch.id}/recall", json=REASON
        )
        assert (status, body["state"]) == (200, "recalled")
        head = regency.holder("head")
        assert (await call(head, "GET", "/v1/inbox"))[1]["items"] == []
        assert (await call(head, "GET", f"/v1/letters/{letter.letter_id}/track"))[0] == 404
        changed = AccessChanged.read((await published(routing))[-1].data)
        assert regency.units["pu"].id not in changed.access.units

    async def test_read_it_stays(self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call) -> None:
        [branch] = await branches_of(await delivered())
        await call(regency.holder("head", name="Made Arya"), "POST", f"/v1/branches/{branch.id}/read")
        status, problem, _ = await call(
            regency.holder("operator"), "POST", f"/v1/branches/{branch.id}/recall", json=REASON
        )
        assert (status, problem["code"], problem["state"]["state"]) == (409, "branch_not_unread", "read")
        assert "Made Arya" in problem["detail"]

    async def test_reading_and_recalling_at_once_never_both_happen(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        for _ in range(5):
            [branch] = await branches_of(await delivered())
            read, recall = await asyncio.gather(
                call(regency.holder("head"), "POST", f"/v1/branches/{branch.id}/read"),
                call(regency.holder("operator"), "POST", f"/v1/branches/{branch.id}/recall", json=REASON),
            )
            assert sorted((read[0], recall[0])) in ([200, 404], [200, 409])

    async def test_K6_the_addressee_may_not(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered())
        path = f"/v1/branches/{branch.id}/recall"
        assert (await call(regency.holder("head"), "POST", path, json=REASON))[0] == 403
        assert (await call(regency.holder("neighbour"), "POST", path, json=REASON))[0] == 404
