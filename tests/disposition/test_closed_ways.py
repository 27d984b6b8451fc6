"""Disposing on a branch that its unit has closed."""

from services.contracts.routing import BranchClosed, BranchReopened
from tests.disposition.test_ways import first
from tests.disposition.world import Json, World, to
from tests.events import types_published
from tests.people import actor, principal


def closed(world: World) -> BranchClosed:
    """The office says the letter needs nothing more."""
    return BranchClosed(**_said(world), outcome="noted")


def _said(world: World) -> Json:
    letter = world.letter
    who = actor(principal(world.registrar))
    return {"letter_id": letter.letter_id, "branch_id": first(world), "actor": who, "at": letter.delivered_at}


class TestClosed:
    async def test_H12_nobody_disposes_what_is_done(self, world: World) -> None:
        await world.tell(closed(world), 3)
        status, answer = await world.dispose(world.head, to(world.secretary))
        assert (status, answer["code"]) == (409, "branch_done")
        assert answer["state"] == {"id": first(world), "state": "done"}
        assert answer["detail"] == (
            "Surat ini sudah dinyatakan selesai pada unit Anda, sehingga tidak dapat didisposisikan."
        )
        assert await types_published(world.service) == []

    async def test_H12_nobody_passes_on_what_is_done_but_may_still_answer(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.tell(closed(world), 3)
        status, answer = await world.dispose(world.division_head, to(world.officers[0]))
        assert (status, answer["code"]) == (409, "branch_done")
        assert (await world.act(world.division_head, given, "reply", {"text": "Siap!"}))[0] == 201

    async def test_nothing_becomes_work_again_on_what_is_done_until_it_is_opened_again(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.act(world.division_head, given, "complete", {"report": "Selesai"})
        await world.tell(closed(world), 3)
        because = {"reason": "Laporannya belum lengkap"}
        status, answer = await world.act(world.head, given, "reopen", because)
        assert (status, answer["code"]) == (409, "branch_done")
        _, seen = await world.get(world.head, f"/v1/dispositions/{given['id']}")
        assert seen["state"] == "done"
        await world.tell(BranchReopened(**_said(world), reason="Belum selesai"), 4)
        assert (await world.act(world.head, given, "reopen", because))[0] == 200

    async def test_what_was_opened_again_is_disposed_as_before(self, world: World) -> None:
        await world.tell(BranchReopened(**_said(world), reason="Belum selesai"), 4)
        await world.tell(closed(world), 3)
        assert (await world.dispose(world.head, to(world.secretary)))[0] == 201
