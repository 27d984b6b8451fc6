"""Making work again of what was done or given back."""

from datetime import timedelta

import pytest

from services.chassis.clock import now
from services.contracts.disposition import RecipientReopened, ResponsibleChanged
from tests.disposition.world import Json, World, to
from tests.events import published
from tests.people import position_changed

BECAUSE = {"reason": "Laporannya belum lengkap"}
DECLINED = {"reason": "Bukan tugas kami"}


def ids(given: Json) -> list[str]:
    return [one["recipient_id"] for one in given["recipients"]]


class TestReopen:
    async def test_what_was_done_is_work_again(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.act(world.division_head, given, "complete", {"report": "Sudah"})
        status, answer = await world.act(world.head, given, "reopen", BECAUSE)
        assert (status, answer["act"]["kind"], answer["act"]["text"]) == (200, "reopen", BECAUSE["reason"])
        part = answer["disposition"]["recipients"][0]
        assert (answer["disposition"]["state"], part["state"], part["completed_at"]) == ("open", "read", None)
        event = RecipientReopened.read((await published(world.service))[-1].data)
        assert (event.closes_on, event.told) == ("completion", (world.division_head.position_id,))
        status, answer = await world.act(world.division_head, given, "complete", {"report": "Sekarang lengkap"})
        assert (status, answer["disposition"]["state"]) == (200, "done")

    async def test_what_was_for_information_now_asks_for_an_answer(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, "diketahui"))
        await world.act(world.division_head, given, "read")
        _, answer = await world.act(world.head, given, "reopen", BECAUSE)
        part = answer["disposition"]["recipients"][0]
        assert (part["closes_on"], part["state"]) == ("reply", "read")
        _, answer = await world.act(world.division_head, given, "reply", {"text": "Sudah dibaca"})
        assert answer["disposition"]["state"] == "done"

    async def test_an_answer_that_was_not_enough_is_asked_for_anew(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, "pelajari"))
        await world.act(world.division_head, given, "reply", {"text": "Siap!"})
        _, answer = await world.act(world.head, given, "reopen", BECAUSE)
        part = answer["disposition"]["recipients"][0]
        assert (part["state"], part["replied_at"]) == ("read", None)

    async def test_H4_who_declined_comes_back_beside_whoever_took_over(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        await world.act(world.division_head, given, "decline", DECLINED)
        _, answer = await world.act(world.head, given, "reopen", BECAUSE)
        assert [one["role"] for one in answer["disposition"]["recipients"]] == ["coordinating", "responsible"]
        event = ResponsibleChanged.read((await published(world.service))[-1].data)
        assert event.recipient_id == ids(given)[1]

    async def test_H4_who_declined_alone_comes_back_responsible(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.act(world.division_head, given, "decline", DECLINED)
        _, answer = await world.act(world.head, given, "reopen", BECAUSE)
        assert [one["role"] for one in answer["disposition"]["recipients"]] == ["responsible"]
        assert answer["disposition"]["state"] == "open"

    async def test_whatever_is_above_is_open_again_too(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        below = await world.disposed(world.division_head, to(world.officers[0]))
        await world.act(world.officers[0], below, "complete")
        await world.act(world.division_head, given, "complete")
        await world.act(world.division_head, below, "reopen", BECAUSE)
        _, above = await world.get(world.head, f"/v1/dispositions/{given['id']}")
        assert (above["state"], above["recipients"][0]["below"]) == ("open", 1)

    async def test_a_deadline_may_come_with_it(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.act(world.division_head, given, "complete")
        due_on = (now().date() + timedelta(days=9)).isoformat()
        _, answer = await world.act(world.head, given, "reopen", BECAUSE | {"due_on": due_on})
        assert answer["disposition"]["recipients"][0]["due_on"] == due_on

    async def test_a_deadline_that_has_passed_does_not(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        due_on = (now().date() + timedelta(days=2)).isoformat()
        given = await world.disposed(world.head, to(world.division_head, due_on=due_on))
        await world.act(world.division_head, given, "complete")
        monkeypatch.setattr("services.chassis.uow.now", lambda: now() + timedelta(days=5))
        _, answer = await world.act(world.head, given, "reopen", BECAUSE)
        assert answer["disposition"]["recipients"][0]["due_on"] is None


class TestRefused:
    async def test_of_what_is_still_open_or_was_taken_back(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        status, answer = await world.act(world.head, given, "reopen", BECAUSE)
        assert (status, answer["code"]) == (409, "not_done")
        await world.post(world.head, f"/v1/dispositions/{given['id']}/recall")
        status, answer = await world.act(world.head, given, "reopen", BECAUSE)
        assert (status, answer["code"]) == (409, "recalled")

    async def test_without_a_reason(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        assert (await world.act(world.head, given, "reopen", {"reason": " "}))[0] == 422

    async def test_where_the_position_was_instructed_anew(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.act(world.division_head, given, "decline", DECLINED)
        body = {"recipients": [to(world.division_head)]}
        assert (await world.post(world.head, f"/v1/dispositions/{given['id']}/recipients", body))[0] == 201
        status, answer = await world.act(world.head, given, "reopen", BECAUSE)
        assert (status, answer["code"]) == (409, "already_party")

    async def test_where_the_position_is_no_more(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.act(world.division_head, given, "decline", DECLINED)
        gone = position_changed(world.division_head, world.head.position_id).model_copy(update={"active": False})
        await world.tell(gone, 2)
        status, answer = await world.act(world.head, given, "reopen", BECAUSE)
        assert (status, answer["code"]) == (409, "position_inactive")

    async def test_below_a_part_that_was_given_back(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        below = await world.disposed(world.division_head, to(world.officers[0]))
        await world.act(world.officers[0], below, "complete")
        await world.act(world.division_head, given, "decline", DECLINED)
        status, answer = await world.act(world.division_head, below, "reopen", BECAUSE)
        assert (status, answer["code"]) == (409, "declined")

    async def test_by_anybody_but_whoever_gave_it(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.act(world.division_head, given, "complete")
        assert (await world.act(world.division_head, given, "reopen", BECAUSE))[0] == 403
        assert (await world.act(world.stranger, given, "reopen", BECAUSE))[0] == 404
