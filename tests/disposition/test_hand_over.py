"""Handing work over: one part, and all open work of a position."""

import asyncio
from typing import Any

import pytest

from services.chassis.auth import HeldPosition, Principal
from services.chassis.ids import new_id
from services.contracts.disposition import WorkHandedOver
from services.disposition.commands import hand_over as whole
from services.disposition.context import Context
from tests.disposition.world import Json, World, to
from tests.events import published
from tests.people import held, position_changed, principal
from tests.signing import ALL_SCOPES

ALL = "/v1/dispositions/hand-over"
WHY = "Pindah tugas"


def plain(*positions: HeldPosition) -> Principal:
    """Somebody who does not keep the organisation."""
    return principal(*positions).model_copy(update={"scopes": ALL_SCOPES - {"organisation:write"}})


def wish(former: HeldPosition, new: HeldPosition) -> Json:
    return {"from_position": former.position_id, "to_position": new.position_id, "reason": WHY}


def onto(position: HeldPosition) -> Json:
    return {"to_position": position.position_id, "reason": WHY}


async def told(world: World) -> list[WorkHandedOver]:
    found = [one for one in await published(world.service) if one.type == WorkHandedOver.event_type]
    return [WorkHandedOver.read(one.data) for one in found]


async def seen(world: World, who: Any, given: Json) -> Json:
    status, answer = await world.get(who, f"/v1/dispositions/{given['id']}")
    assert status == 200, answer
    return answer


async def move_all(world: World) -> None:
    """As the house does it, until nothing is left to do; it does not go on for ever."""
    context: Context = world.service.app.state.context
    for _ in range(20):
        if not await whole.move_on_all(context):
            return
    pytest.fail("work is moved without end")


@pytest.fixture
async def deputy(world: World) -> HeldPosition:
    """Another division head of the same unit."""
    position = held("officer", unit_id=world.unit_id, title="Kepala Bidang Jalan")
    await world.tell(position_changed(position, world.head.position_id))
    return position


class TestOnePart:
    async def test_lies_with_the_new_position_and_no_longer_with_the_former(
        self, world: World, deputy: HeldPosition
    ) -> None:
        given = await world.disposed(world.head, to(world.division_head, note="Segera"))
        status, answer = await world.act(world.head, given, "hand-over", onto(deputy))
        [part] = answer["disposition"]["recipients"]
        assert (status, part["position_title"], part["note"], part["role"]) == (
            200,
            "Kepala Bidang Jalan",
            "Segera",
            "responsible",
        )
        assert [one["position_id"] for one in part["former"]] == [world.division_head.position_id]
        assert part["recipient_id"] == given["recipients"][0]["recipient_id"]
        assert (answer["act"]["kind"], answer["act"]["seat"]["position_id"]) == ("hand_over", deputy.position_id)
        assert (await world.act(deputy, given, "complete"))[0] == 200
        assert (await world.act(world.division_head, given, "reply", {"text": "Siap!"}))[0] in (403, 404)
        [event] = await told(world)
        assert (event.former_position_id, event.position_id) == (world.division_head.position_id, deputy.position_id)
        assert {world.division_head.position_id, deputy.position_id} <= set(event.told)

    async def test_what_was_given_on_with_it_goes_along(self, world: World, deputy: HeldPosition) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        below = await world.disposed(world.division_head, to(world.officers[0]))
        deepest = held("officer", unit_id=world.unit_id, title="Operator")
        staff = world.officers[0].position_id
        await world.tell(position_changed(deepest, staff, world.division_head.position_id, world.head.position_id))
        leaf = await world.disposed(world.officers[0], to(deepest))
        await world.act(world.head, given, "hand-over", onto(deputy))
        assert (await seen(world, deputy, below))["owner"]["position_id"] == deputy.position_id
        assert (await seen(world, deputy, leaf))["above"] == [deputy.position_id, world.head.position_id]
        assert (await world.get(world.division_head, f"/v1/dispositions/{leaf['id']}"))[0] == 404
        await world.act(deepest, leaf, "complete")
        await world.act(world.officers[0], below, "complete")
        await world.act(deputy, given, "complete")
        assert (await seen(world, world.head, given))["state"] == "done"

    async def test_what_came_back_from_below_is_seen_by_the_new_position(
        self, world: World, deputy: HeldPosition
    ) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        below = await world.disposed(world.division_head, to(world.officers[0]))
        await world.act(world.officers[0], below, "complete", {"report": "Beres"})
        await world.act(world.head, given, "hand-over", onto(deputy))
        assert [act["text"] for act in (await seen(world, deputy, below))["acts"]] == ["Beres", WHY]
        assert [one.told for one in await told(world) if one.disposition_id == below["id"]] == [()]

    async def test_to_the_same_position_is_nothing_new(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        status, answer = await world.act(world.head, given, "hand-over", onto(world.division_head))
        assert (status, answer["act"]) == (200, None)

    async def test_refusals(self, world: World, deputy: HeldPosition) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        await world.disposed(world.division_head, to(world.officers[0]))
        cases = [
            (world.head, onto(world.secretary), 409, "already_party"),
            (world.head, onto(world.officers[0]), 409, "already_party"),
            (world.head, onto(world.stranger), 403, "recipient_not_below"),
            (world.division_head, onto(deputy), 403, "forbidden"),
            (world.stranger, onto(deputy), 404, "not_found"),
            (world.head, {"to_position": new_id(), "reason": WHY}, 422, "unknown_position"),
        ]
        for who, body, status, code in cases:
            found, answer = await world.act(who, given, "hand-over", body)
            assert (found, answer["code"]) == (status, code)
        assert await told(world) == []

    async def test_what_is_done_is_not_handed_over(self, world: World, deputy: HeldPosition) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.act(world.division_head, given, "complete")
        status, answer = await world.act(world.head, given, "hand-over", onto(deputy))
        assert (status, answer["code"]) == (409, "state_changed")


class TestEverything:
    async def test_H14_open_work_goes_over_and_what_is_done_stays(self, world: World, deputy: HeldPosition) -> None:
        letters = [world.a_letter() for _ in range(3)]
        for letter in letters:
            await world.tell(letter)
        on = [{"letter_id": letter.letter_id} for letter in letters]
        mine = await world.disposed(world.head, to(world.division_head), **on[0])
        given_on = await world.disposed(world.division_head, to(world.officers[0]), **on[0])
        unread = await world.disposed(world.head, to(world.division_head), to(world.secretary), **on[1])
        done = await world.disposed(world.head, to(world.division_head), **on[2])
        await world.act(world.division_head, done, "complete")
        status, answer = await world.post(plain(world.division_head), ALL, wish(world.division_head, deputy))
        assert (status, answer["moved"], answer["skipped"], answer["done"]) == (201, 2, [], True)
        for one in (mine, unread):
            part = (await seen(world, deputy, one))["recipients"][0]
            assert part["position_id"] == deputy.position_id
        assert (await seen(world, deputy, given_on))["owner"]["position_id"] == deputy.position_id
        assert (await seen(world, world.head, done))["recipients"][0]["position_id"] == world.division_head.position_id

    async def test_the_giving_side_goes_over_where_the_part_above_is_nobodys(
        self, world: World, deputy: HeldPosition
    ) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        superior = held("leader", unit_id=world.unit_id, title="Asisten")
        await world.tell(position_changed(superior))
        await world.tell(position_changed(world.head, superior.position_id), 2)
        status, answer = await world.post(plain(superior), ALL, wish(world.head, superior))
        assert (status, answer["moved"]) == (201, 1)
        _, answer = await world.act(world.division_head, given, "reply", {"text": "Siap!"})
        assert answer["disposition"]["owner"]["position_id"] == superior.position_id
        assert answer["disposition"]["issuer"]["position_id"] == world.head.position_id

    async def test_who_is_a_party_already_is_skipped_and_reported(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        other = world.a_letter()
        await world.tell(other)
        moved = await world.disposed(world.head, to(world.division_head), letter_id=other.letter_id)
        body = wish(world.division_head, world.secretary)
        status, answer = await world.post(plain(world.division_head), ALL, body)
        assert (status, answer["moved"], answer["done"]) == (201, 1, True)
        assert [one["disposition_id"] for one in answer["skipped"]] == [given["id"]]
        assert answer["skipped"][0]["letter_subject"] == world.letter.subject
        assert (await seen(world, world.secretary, moved))["recipients"][0]["position_id"] == body["to_position"]

    async def test_K6_who_only_has_it_moved_is_not_told_what_it_is_about(self, world: World) -> None:
        await world.disposed(world.head, to(world.division_head), to(world.secretary))
        keeper, body = principal(world.stranger), wish(world.division_head, world.secretary)
        _, answer = await world.post(keeper, ALL, body)
        assert [one["letter_subject"] for one in answer["skipped"]] == [None]
        path = f"/v1/dispositions/hand-overs/{answer['id']}"
        for who, subject in ((keeper, None), (world.secretary, world.letter.subject)):
            assert (await world.get(who, path))[1]["skipped"][0]["letter_subject"] == subject

    async def test_what_comes_later_stays_where_it_was_given(
        self, world: World, deputy: HeldPosition, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(whole, "AT_ONCE", 0)
        early = await world.disposed(world.head, to(world.division_head))
        person = plain(world.division_head)
        _, begun = await world.post(person, ALL, wish(world.division_head, deputy))
        letter = world.a_letter()
        await world.tell(letter)
        late = await world.disposed(world.head, to(world.division_head), letter_id=letter.letter_id)
        await move_all(world)
        _, ended = await world.get(person, f"/v1/dispositions/hand-overs/{begun['id']}")
        assert (ended["moved"], ended["done"]) == (1, True)
        for one, position in ((early, deputy), (late, world.division_head)):
            assert (await seen(world, world.head, one))["recipients"][0]["position_id"] == position.position_id

    async def test_two_that_hand_over_to_each_other_send_nothing_to_and_fro(
        self, world: World, deputy: HeldPosition, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(whole, "BATCH", 2)
        monkeypatch.setattr(whole, "AT_ONCE", 0)
        for position in (*[world.division_head] * 3, *[deputy] * 3):
            letter = world.a_letter()
            await world.tell(letter)
            await world.disposed(world.head, to(position), letter_id=letter.letter_id)
        for one, other in ((world.division_head, deputy), (deputy, world.division_head)):
            assert (await world.post(plain(one), ALL, wish(one, other)))[0] == 201
        await move_all(world)
        assert len(await told(world)) == 6

    async def test_one_that_cannot_be_read_holds_no_other_up(
        self, world: World, deputy: HeldPosition, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(whole, "BATCH", 1)
        broken = await world.disposed(world.head, to(world.division_head))
        rows = world.service.foundation.database["dispositions"]
        await rows.update_one({"_id": broken["id"]}, {"$unset": {"issuer": ""}})
        letter = world.a_letter()
        await world.tell(letter)
        whole_one = await world.disposed(world.head, to(world.division_head), letter_id=letter.letter_id)
        status, answer = await world.post(plain(world.division_head), ALL, wish(world.division_head, deputy))
        assert (status, answer["moved"], answer["done"]) == (201, 1, False)
        assert (await seen(world, deputy, whole_one))["recipients"][0]["position_id"] == deputy.position_id

    async def test_versions_have_no_gap_and_states_stay(self, world: World, deputy: HeldPosition) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.act(world.division_head, given, "progress", {"percent": 40})
        await world.post(plain(world.head), ALL, wish(world.division_head, deputy))
        part = (await seen(world, deputy, given))["recipients"][0]
        assert (part["state"], part["percent"]) == ("in_progress", 40)
        stream = [one for one in await published(world.service) if one.subject == f"disposition/{given['id']}"]
        assert [one.streamversion for one in stream] == list(range(1, len(stream) + 1))

    async def test_one_that_was_cut_off_is_gone_on_with(
        self, world: World, deputy: HeldPosition, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(whole, "BATCH", 2)
        monkeypatch.setattr(whole, "AT_ONCE", 1)
        for _ in range(5):
            letter = world.a_letter()
            await world.tell(letter)
            await world.disposed(world.head, to(world.division_head), letter_id=letter.letter_id)
        person = plain(world.division_head)
        _, begun = await world.post(person, ALL, wish(world.division_head, deputy), key="serah")
        assert (begun["moved"], begun["done"]) == (2, False)
        await move_all(world)
        status, ended = await world.get(person, f"/v1/dispositions/hand-overs/{begun['id']}")
        assert (status, ended["moved"], ended["done"]) == (200, 5, True)
        _, again = await world.post(person, ALL, wish(world.division_head, deputy), key="serah")
        assert (again["id"], again["moved"]) == (begun["id"], 5)
        assert len(await told(world)) == 5

    async def test_two_at_once_move_everything_once(self, world: World, deputy: HeldPosition) -> None:
        for _ in range(4):
            letter = world.a_letter()
            await world.tell(letter)
            await world.disposed(world.head, to(world.division_head), letter_id=letter.letter_id)
        people = [plain(world.division_head), plain(world.head)]
        answers = await asyncio.gather(*(world.post(one, ALL, wish(world.division_head, deputy)) for one in people))
        assert [status for status, _ in answers] == [201, 201]
        assert sum(answer["moved"] for _, answer in answers) == 4
        assert len(await told(world)) == 4


class TestWhoMay:
    async def test_the_holder_a_superior_and_who_keeps_the_organisation(
        self, world: World, deputy: HeldPosition
    ) -> None:
        for who in (plain(world.division_head), plain(world.head), principal(world.stranger)):
            assert (await world.post(who, ALL, wish(world.division_head, deputy)))[0] == 201

    async def test_nobody_else(self, world: World, deputy: HeldPosition) -> None:
        for who in (plain(world.stranger), plain(world.secretary), plain(world.officers[0])):
            status, answer = await world.post(who, ALL, wish(world.division_head, deputy))
            assert (status, answer["code"]) == (403, "forbidden")

    async def test_K6_not_sideways_out_of_the_unit(self, world: World) -> None:
        for who in (plain(world.division_head), plain(world.head)):
            status, answer = await world.post(who, ALL, wish(world.division_head, world.stranger))
            assert (status, answer["code"]) == (403, "target_out_of_reach")
        keeper = principal(world.stranger)
        assert (await world.post(keeper, ALL, wish(world.division_head, world.stranger)))[0] == 201

    async def test_positions_there_are_not(self, world: World) -> None:
        nowhere = world.secretary.model_copy(update={"position_id": new_id()})
        person = principal(world.head)
        assert (await world.post(person, ALL, wish(nowhere, world.secretary)))[0] == 404
        assert (await world.post(person, ALL, wish(world.secretary, nowhere)))[0] == 422
        status, answer = await world.post(person, ALL, wish(world.secretary, world.secretary))
        assert (status, answer["code"]) == (422, "same_position")

    async def test_how_far_it_is_is_shown_to_those_concerned(self, world: World, deputy: HeldPosition) -> None:
        person = plain(world.head)
        _, begun = await world.post(person, ALL, wish(world.division_head, deputy))
        path = f"/v1/dispositions/hand-overs/{begun['id']}"
        for who in (person, plain(world.division_head), plain(deputy), principal(world.stranger)):
            assert (await world.get(who, path))[0] == 200
        assert (await world.get(plain(world.stranger), path))[0] == 404
        assert (await world.get(person, f"/v1/dispositions/hand-overs/{new_id()}"))[0] == 404
