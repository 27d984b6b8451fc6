"""Reading and receiving a letter."""

import asyncio
from collections.abc import Awaitable, Callable

from services.chassis.ids import new_id
from services.chassis.service import Service
from services.contracts.intake import LetterRegistered
from services.contracts.routing import BranchRead, BranchReceived
from services.routing.domain.branch import Branch
from tests.events import deliver, published, types_published
from tests.routing import letters
from tests.routing.conftest import Call, Delivered
from tests.routing.letters import recipient, to_position, to_unit
from tests.routing.regency import Regency

Look = Callable[[LetterRegistered], Awaitable[list[Branch]]]


class TestRead:
    async def test_P7_a_plt_reads_and_the_capacity_is_kept(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        letter = await delivered()
        [branch] = await branches_of(letter)
        plt = regency.holder("head", name="Made Arya", capacity="plt")
        status, body, headers = await call(plt, "POST", f"/v1/branches/{branch.id}/read")
        assert (status, body["state"], headers["ETag"]) == (200, "read", '"2"')
        assert body["read"]["actor"]["display"] == "Plt. Kepala Dinas PU"
        event = (await published(routing))[-1]
        assert event.streamversion == 2
        told = BranchRead.read(event.data)
        assert (told.branch_id, told.actor.person_id, told.actor.capacity) == (branch.id, plt.person_id, "plt")
        assert told.actor.position_id == regency.positions["head"].id

    async def test_reading_twice_is_fine_and_the_first_stays(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered())
        path = f"/v1/branches/{branch.id}/read"
        _, first, _ = await call(regency.holder("head", name="Made Arya"), "POST", path)
        status, second, _ = await call(regency.holder("registrar", name="Putu Eka"), "POST", path)
        assert status == 200
        assert second == first
        assert (await types_published(routing)).count("routing.branch.read") == 1

    async def test_many_readers_at_once_make_one_reading(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered())
        readers = [regency.holder(key, name=key) for key in ("head", "secretary", "registrar") * 3]
        answers = await asyncio.gather(*(call(one, "POST", f"/v1/branches/{branch.id}/read") for one in readers))
        assert {status for status, _, _ in answers} == {200}
        assert len({str(body["read"]) for _, body, _ in answers}) == 1
        assert (await types_published(routing)).count("routing.branch.read") == 1

    async def test_K6_another_village_does_not_learn_that_it_is_there(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered())
        for identifier in (branch.id, new_id()):
            status, problem, _ = await call(regency.holder("neighbour"), "POST", f"/v1/branches/{identifier}/read")
            assert (status, problem["code"]) == (404, "not_found")

    async def test_who_sent_it_may_not_read_it_for_the_addressee(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered())
        status, problem, _ = await call(regency.holder("operator"), "POST", f"/v1/branches/{branch.id}/read")
        assert (status, problem["code"]) == (403, "forbidden")

    async def test_as_a_position_of_ones_choice(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered())
        both = regency.holder("camat", "secretary")
        path = f"/v1/branches/{branch.id}/read"
        chosen = {"as_position": regency.positions["secretary"].id}
        status, _, _ = await call(both, "POST", path, json={"as_position": regency.positions["camat"].id})
        assert status == 403, "the letter did not come to the camat"
        _, body, _ = await call(both, "POST", path, json=chosen)
        assert body["read"]["actor"]["position_title"] == "Sekretaris Dinas PU"

    async def test_a_position_one_does_not_hold_is_refused(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered())
        body = {"as_position": regency.positions["head"].id}
        status, problem, _ = await call(
            regency.holder("secretary"), "POST", f"/v1/branches/{branch.id}/read", json=body
        )
        assert (status, problem["detail"]) == (403, "Anda tidak memegang jabatan tersebut.")

    async def test_a_secret_letter_is_not_there_for_the_secretary(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered(confidentiality="top_secret"))
        path = f"/v1/branches/{branch.id}/read"
        assert (await call(regency.holder("secretary"), "POST", path))[0] == 404
        assert (await call(regency.holder("registrar"), "POST", path))[0] == 200

    async def test_a_copy_is_done_when_read(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        letter = await delivered((to_unit(regency, "pu"),), (to_unit(regency, "nusa_penida"),))
        copy = (await branches_of(letter))[1]
        _, body, _ = await call(regency.holder("camat"), "POST", f"/v1/branches/{copy.id}/read")
        assert body["state"] == "done"


class TestReceive:
    async def test_receiving_unread_tells_both(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered())
        status, body, _ = await call(regency.holder("registrar"), "POST", f"/v1/branches/{branch.id}/receive")
        assert (status, body["state"]) == (200, "received")
        events = (await published(routing))[-2:]
        assert [(one.type, one.streamversion) for one in events] == [
            (BranchRead.event_type, 2),
            (BranchReceived.event_type, 3),
        ]

    async def test_of_several_at_once_one_wins_and_the_others_see_who(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered())
        people = [regency.holder(key, name=key) for key in ("head", "secretary", "registrar")]
        path = f"/v1/branches/{branch.id}/receive"
        answers = await asyncio.gather(*(call(one, "POST", path) for one in people))
        assert sorted(status for status, _, _ in answers) == [200, 409, 409]
        losers = [body for status, body, _ in answers if status == 409]
        assert {one["code"] for one in losers} == {"branch_already_received"}
        assert {one["state"]["state"] for one in losers} == {"received"}
        assert (await types_published(routing)).count("routing.branch.received") == 1

    async def test_the_same_again_gets_the_same_answer(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered())
        registrar = regency.holder("registrar")
        path = f"/v1/branches/{branch.id}/receive"
        first, second = await call(registrar, "POST", path), await call(registrar, "POST", path)
        assert first[:2] == second[:2]

    async def test_a_disposed_letter_is_in_progress_already(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        letter = await delivered()
        [branch] = await branches_of(letter)
        given = letters.issued(letter, regency.holder("head"), recipient(regency.held("roads")), branch_id=branch.id)
        await deliver(routing, given)
        status, problem, _ = await call(regency.holder("registrar"), "POST", f"/v1/branches/{branch.id}/receive")
        assert (status, problem["code"]) == (409, "branch_already_in_progress")
        assert problem["state"]["state"] == "in_progress"

    async def test_a_state_that_was_not_seen_is_not_changed(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered())
        _, _, headers = await call(regency.holder("head"), "POST", f"/v1/branches/{branch.id}/read")
        path = f"/v1/branches/{branch.id}/receive"
        registrar = regency.holder("registrar")
        status, problem, _ = await call(registrar, "POST", path, headers={"If-Match": '"1"'})
        assert (status, problem["code"]) == (412, "changed_meanwhile")
        assert (await call(registrar, "POST", path, headers={"If-Match": headers["ETag"]}))[0] == 200

    async def test_an_officer_the_letter_was_not_sent_to_may_not_receive_it(
        self, routing: Service, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered((to_position(regency, "roads"),)))
        path = f"/v1/branches/{branch.id}/receive"
        assert (await call(regency.holder("registrar"), "POST", path))[0] == 404
        assert (await call(regency.holder("roads"), "POST", path))[0] == 200
