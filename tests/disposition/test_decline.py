"""Giving one's part back."""

from services.contracts.disposition import DispositionDeclined, ResponsibleChanged
from tests.disposition.world import World, to
from tests.events import published

DECLINED = {"reason": "Bukan tugas kami"}


class TestDecline:
    async def test_H5_part_goes_back_with_the_reason(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        status, answer = await world.act(world.division_head, given, "decline", DECLINED)
        assert (status, answer["act"]["text"]) == (200, DECLINED["reason"])
        assert (answer["disposition"]["state"], answer["disposition"]["recipients"][0]["state"]) == (
            "returned",
            "declined",
        )
        event = DispositionDeclined.read((await published(world.service))[-1].data)
        assert (event.reason, event.all_done, event.position_title) == (
            DECLINED["reason"],
            True,
            world.division_head.title,
        )

    async def test_H4_another_who_works_on_it_becomes_responsible(self, world: World) -> None:
        informed = to(world.registrar, role="informed")
        given = await world.disposed(world.head, to(world.division_head), informed, to(world.secretary))
        _, answer = await world.act(world.division_head, given, "decline", DECLINED)
        assert [one["role"] for one in answer["disposition"]["recipients"][1:]] == ["informed", "responsible"]
        event = ResponsibleChanged.read((await published(world.service))[-1].data)
        assert event.recipient_id == given["recipients"][2]["recipient_id"]

    async def test_H4_also_one_of_another_disposition_on_the_same_branch(self, world: World) -> None:
        first = await world.disposed(world.head, to(world.division_head))
        second = await world.disposed(world.head, to(world.secretary))
        assert second["recipients"][0]["role"] == "coordinating"
        await world.act(world.division_head, first, "decline", DECLINED)
        _, seen = await world.get(world.head, f"/v1/dispositions/{second['id']}")
        assert seen["recipients"][0]["role"] == "responsible"

    async def test_again_changes_nothing_and_nothing_else_is_done_with_it(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.act(world.division_head, given, "decline", DECLINED)
        status, again = await world.act(world.division_head, given, "decline", DECLINED)
        assert (status, again["act"]) == (200, None)
        for what, body in (("reply", {"text": "Siap!"}), ("progress", {"percent": 5}), ("complete", None)):
            status, answer = await world.act(world.division_head, given, what, body)
            assert (status, answer["code"], answer["state"]["state"]) == (409, "declined", "declined")

    async def test_not_while_what_was_given_on_is_open_and_not_when_done(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        await world.disposed(world.division_head, to(world.officers[0]))
        status, answer = await world.act(world.division_head, given, "decline", DECLINED)
        assert (status, answer["code"]) == (409, "passed_on")
        await world.act(world.secretary, given, "complete", recipient=1)
        status, answer = await world.act(world.secretary, given, "decline", DECLINED, recipient=1)
        assert (status, answer["code"]) == (409, "state_changed")

    async def test_needs_a_reason(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        for body in (None, {}, {"reason": "  "}):
            assert (await world.act(world.division_head, given, "decline", body))[0] == 422
