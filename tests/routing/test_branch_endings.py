"""Closing, reopening and filing a letter; one act on several."""

from collections.abc import Awaitable, Callable

from services.chassis.ids import new_id
from services.chassis.service import Service
from services.contracts.intake import LetterRegistered
from services.contracts.routing import LetterCompleted
from services.contracts.vocabulary import Party
from services.routing.domain.branch import Branch
from tests.events import deliver, published, types_published
from tests.routing import letters
from tests.routing.conftest import Call, Delivered
from tests.routing.letters import recipient, to_unit
from tests.routing.regency import Regency

Look = Callable[[LetterRegistered], Awaitable[list[Branch]]]


class TestClose:
    async def test_H3_closing_says_what_became_of_it(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        letter = await delivered()
        [branch] = await branches_of(letter)
        body = {"outcome": "decision", "note": "Alat berat dipinjamkan mulai Senin."}
        status, after, _ = await call(regency.holder("head"), "POST", f"/v1/branches/{branch.id}/close", json=body)
        assert (status, after["state"], after["closed"]["outcome"]) == (200, "done", "decision")
        told = LetterCompleted.read((await published(routing))[-1].data)
        assert told.outcome == "decision"
        _, track, _ = await call(regency.holder("operator"), "GET", f"/v1/letters/{letter.letter_id}/track")
        assert (track["status"], track["outcome"]) == ("done", "decision")

    async def test_without_a_word_it_is_for_information(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered())
        _, after, _ = await call(regency.holder("secretary"), "POST", f"/v1/branches/{branch.id}/close")
        assert after["closed"]["outcome"] == "noted"
        assert after["read"]["actor"]["position_title"] == "Sekretaris Dinas PU"

    async def test_an_open_disposition_keeps_it_open(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        letter = await delivered()
        [branch] = await branches_of(letter)
        await deliver(routing, letters.issued(letter, regency.holder("head"), recipient(regency.held("roads"))))
        status, problem, _ = await call(regency.holder("head"), "POST", f"/v1/branches/{branch.id}/close")
        assert (status, problem["code"]) == (409, "branch_already_in_progress")

    async def test_K5_what_goes_to_an_external_party_is_done_when_the_sending_is_recorded(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        letter = await delivered((Party(kind="external", name="PT Karya Jalan"), to_unit(regency, "pu")))
        outside = next(one for one in await branches_of(letter) if one.external_name)
        operator = regency.holder("operator")
        _, waiting, _ = await call(operator, "GET", "/v1/boxes/dispatch")
        assert [item["branch_id"] for item in waiting["items"]] == [outside.id]
        path = f"/v1/branches/{outside.id}/close"
        assert (await call(regency.holder("head"), "POST", path))[0] == 403
        body = {"outcome": "activity", "note": "Diterima satpam, 3 Maret 2026."}
        assert (await call(operator, "POST", path, json=body))[1]["state"] == "done"
        assert (await call(operator, "GET", "/v1/boxes/dispatch"))[1]["items"] == []


class TestReopen:
    async def test_it_is_work_again_and_completed_anew(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        letter = await delivered()
        [branch] = await branches_of(letter)
        head, path = regency.holder("head"), f"/v1/branches/{branch.id}"
        await call(head, "POST", f"{path}/close")
        status, body, _ = await call(head, "POST", f"{path}/reopen", json={"reason": "Desa belum menerima alat."})
        assert (status, body["state"], body["closed"]) == (200, "received", None)
        _, track, _ = await call(head, "GET", f"/v1/letters/{letter.letter_id}/track")
        assert (track["status"], track["completed_at"]) == ("routed", None)
        await call(head, "POST", f"{path}/close", json={"outcome": "activity"})
        assert (await types_published(routing)).count("routing.letter.completed") == 2


class TestFile:
    async def test_the_archivist_files_what_is_done(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        await regency.position("archivist", "Arsiparis Dinas PU", "pu", "archivist", "secretary")
        letter = await delivered()
        [branch] = await branches_of(letter)
        archivist, path = regency.holder("archivist"), f"/v1/branches/{branch.id}/file"
        assert (await call(archivist, "POST", path))[0] == 409
        await call(regency.holder("head"), "POST", f"/v1/branches/{branch.id}/close")
        status, body, _ = await call(archivist, "POST", path, json={"place": "Lemari 3"})
        assert (status, body["filed"]["place"]) == (200, "Lemari 3")
        _, track, _ = await call(archivist, "GET", f"/v1/letters/{letter.letter_id}/track")
        assert track["status"] == "archived"


class TestSeveral:
    async def test_each_stands_for_itself(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        mine = [(await branches_of(await delivered()))[0].id for _ in range(3)]
        foreign = (await branches_of(await delivered((to_unit(regency, "nusa_penida"),))))[0].id
        body = {"act": "close", "branch_ids": [*mine, foreign, new_id(), mine[0]], "note": "Sudah dibahas."}
        status, answer, _ = await call(regency.holder("head"), "POST", "/v1/branches/acts", json=body)
        assert status == 200
        assert [item["status"] for item in answer["items"]] == [200, 200, 200, 404, 404]
        assert {item["branch"]["state"] for item in answer["items"][:3]} == {"done"}
        assert answer["items"][3]["problem"]["code"] == "not_found"

    async def test_an_act_that_needs_a_reason_is_refused_without(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered())
        body = {"act": "return", "branch_ids": [branch.id]}
        status, problem, _ = await call(regency.holder("head"), "POST", "/v1/branches/acts", json=body)
        assert (status, problem["code"]) == (422, "reason_missing")
