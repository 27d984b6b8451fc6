"""Taking back what was not read yet."""

import asyncio

from services.chassis.ids import new_id
from services.contracts.disposition import DispositionRecalled, ResponsibleChanged
from tests.disposition.world import Json, World, to
from tests.events import published, types_published

REASON = {"reason": "Salah alamat"}


def path(given: Json) -> str:
    return f"/v1/dispositions/{given['id']}/recall"


def ids(given: Json, *numbers: int) -> list[str]:
    return [given["recipients"][number]["recipient_id"] for number in numbers]


class TestRecall:
    async def test_whole_is_taken_back_and_its_recipients_are_told(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        status, answer = await world.post(world.head, path(given), REASON)
        assert status == 200
        assert answer["disposition"]["state"] == "recalled"
        assert [one["state"] for one in answer["disposition"]["recipients"]] == ["recalled", "recalled"]
        event = DispositionRecalled.read((await published(world.service))[-1].data)
        assert (event.all_done, event.reason, set(event.recipient_ids)) == (True, "Salah alamat", set(ids(given, 0, 1)))
        assert set(event.told) == {world.division_head.position_id, world.secretary.position_id}
        _, seen = await world.get(world.head, f"/v1/dispositions/{given['id']}")
        assert [(act["kind"], act["text"]) for act in seen["acts"]] == [("recall", "Salah alamat")] * 2

    async def test_recipient_finds_nothing_any_more_and_is_told_why_nothing_can_be_done(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.post(world.head, path(given))
        assert (await world.get(world.division_head, f"/v1/dispositions/{given['id']}"))[0] == 404
        status, answer = await world.act(world.division_head, given, "read")
        assert (status, answer["code"], answer["state"]["state"]) == (409, "recalled", "recalled")

    async def test_again_changes_nothing(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.post(world.head, path(given))
        status, again = await world.post(world.head, path(given))
        assert (status, again["act"]) == (200, None)
        assert len(await types_published(world.service)) == 2

    async def test_what_was_read_stays_and_nothing_is_taken_by_halves(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        await world.act(world.secretary, given, "read", recipient=1)
        status, answer = await world.post(world.head, path(given))
        assert (status, answer["code"], answer["state"]["state"]) == (409, "already_read", "read")
        assert world.secretary.title in answer["detail"]
        _, seen = await world.get(world.head, f"/v1/dispositions/{given['id']}")
        assert [one["state"] for one in seen["recipients"]] == ["sent", "read"]

    async def test_one_of_several_is_taken_back_and_the_rest_goes_on(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        status, answer = await world.post(world.head, path(given), {"recipient_ids": ids(given, 1)})
        assert (status, answer["disposition"]["state"]) == (200, "open")
        assert [one["state"] for one in answer["disposition"]["recipients"]] == ["sent", "recalled"]

    async def test_last_open_one_taken_back_leaves_it_done(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, "diketahui"), to(world.secretary))
        await world.act(world.division_head, given, "read")
        _, answer = await world.post(world.head, path(given), {"recipient_ids": ids(given, 1)})
        assert answer["disposition"]["state"] == "done"
        event = DispositionRecalled.read((await published(world.service))[-1].data)
        assert event.all_done

    async def test_H4_another_is_responsible_where_the_responsible_one_is_taken_back(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        _, answer = await world.post(world.head, path(given), {"recipient_ids": ids(given, 0)})
        assert answer["disposition"]["recipients"][1]["role"] == "responsible"
        event = ResponsibleChanged.read((await published(world.service))[-1].data)
        assert event.recipient_id == ids(given, 1)[0]

    async def test_what_was_passed_on_is_done_when_all_below_is_taken_back(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        below = await world.disposed(world.division_head, to(world.officers[0]))
        await world.act(world.division_head, given, "complete")
        _, above = await world.get(world.head, f"/v1/dispositions/{given['id']}")
        assert above["state"] == "open"
        await world.post(world.division_head, path(below))
        _, above = await world.get(world.head, f"/v1/dispositions/{given['id']}")
        assert (above["state"], above["recipients"][0]["below"]) == ("done", 0)


class TestRefused:
    async def test_only_whoever_gave_it_takes_it_back(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        for who, status in ((world.division_head, 403), (world.registrar, 403), (world.stranger, 404)):
            assert (await world.post(who, path(given)))[0] == status

    async def test_a_recipient_there_is_not(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        assert (await world.post(world.head, path(given), {"recipient_ids": [new_id()]}))[0] == 404

    async def test_on_a_state_that_is_no_longer(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        await world.act(world.secretary, given, "read", recipient=1)
        body = {"recipient_ids": ids(given, 0)}
        status, answer, _ = await world.call(world.head, "POST", path(given), body, {"If-Match": '"1"'})
        assert (status, answer["code"]) == (412, "changed_meanwhile")

    async def test_of_reading_and_taking_back_at_once_one_wins(self, world: World) -> None:
        for _ in range(3):
            letter = world.a_letter()
            await world.tell(letter)
            given = await world.disposed(world.head, to(world.division_head), letter_id=letter.letter_id)
            (read, _), (recall, _) = await asyncio.gather(
                world.act(world.division_head, given, "read"), world.post(world.head, path(given))
            )
            assert (read, recall) in ((200, 409), (409, 200))
