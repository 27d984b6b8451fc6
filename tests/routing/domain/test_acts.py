"""What may be done with a branch, act by act."""

import pytest

from services.routing.domain.branch import Branch
from services.routing.domain.letter import status_of
from services.routing.domain.track import who_must_act
from tests.routing.domain.samples import branch, way
from tests.routing.domain.world import World


def after(*steps: tuple[str, str, str] | str) -> World:
    world = World.delivered()
    for step in steps:
        world.hear(step) if isinstance(step, str) else world.do(*step)
    return world


class TestRead:
    def test_reading_moves_it_from_sent_to_read(self) -> None:
        assert after(("read", "b1", "head")).branch("b1").state == "read"

    def test_the_first_reading_stays(self) -> None:
        world = after(("read", "b1", "head"), ("read", "b1", "registrar"))
        read = world.branch("b1").read
        assert read is not None
        assert read.actor.position_id == "head"

    def test_a_copy_is_done_when_read(self) -> None:
        assert after(("read", "b3", "head")).branch("b3").state == "done"

    def test_what_was_taken_back_cannot_be_read(self) -> None:
        assert after(("recall", "b1", "operator"), ("read", "b1", "head")).refused == ["branch_recalled"]


class TestReceive:
    def test_receiving_unread_is_reading_too(self) -> None:
        one = after(("receive", "b1", "registrar")).branch("b1")
        assert (one.state, one.read) == ("received", one.received)

    def test_the_same_position_again_changes_nothing(self) -> None:
        once = after(("receive", "b1", "registrar"))
        twice = after(("receive", "b1", "registrar"), ("receive", "b1", "registrar"))
        assert twice.branch("b1") == once.branch("b1")

    def test_another_position_is_told_who_was_first(self) -> None:
        world = after(("receive", "b1", "registrar"), ("receive", "b1", "head"))
        assert world.refused == ["branch_already_received"]

    def test_work_that_has_begun_is_not_received_again(self) -> None:
        assert after("d1 issued", ("receive", "b1", "head")).refused == ["branch_already_in_progress"]


class TestReturn:
    def test_it_then_waits_for_who_sent_it(self) -> None:
        world = after(("return", "b1", "head"))
        one = world.branch("b1")
        assert one.state == "returned"
        assert [post.position_id for post in who_must_act(one, world.dossier.letter, world.branches)] == ["operator"]

    def test_all_returned_the_letter_is_returned(self) -> None:
        world = after(("return", "b1", "head"), ("return", "b2", "head"))
        assert status_of(world.dossier.letter, world.branches) == "returned"

    def test_a_copy_is_not_returned(self) -> None:
        assert after(("return", "b3", "head")).refused == ["branch_is_copy"]

    def test_what_is_being_worked_on_is_not_returned(self) -> None:
        assert after("d1 issued", ("return", "b1", "head")).refused == ["branch_already_in_progress"]

    def test_work_that_crossed_the_return_shows_through(self) -> None:
        assert after(("return", "b1", "head"), "d1 issued").branch("b1").state == "in_progress"


class TestRedirect:
    def test_the_letter_goes_on_to_the_other_place(self) -> None:
        world = after(("redirect", "b1", "head"))
        gone = world.branch("b1")
        assert gone.state == "redirected"
        assert gone.redirected is not None
        assert world.branch(gone.redirected.branch_id).state == "sent"

    def test_the_sender_sends_a_returned_letter_elsewhere(self) -> None:
        world = after(("return", "b1", "head"), ("redirect", "b1", "operator"))
        assert (world.branch("b1").state, world.refused) == ("redirected", [])

    def test_work_that_crossed_it_keeps_the_letter_open_until_it_is_done(self) -> None:
        world = after(("redirect", "b1", "head"), "d1 issued", ("close", "b2", "head"))
        new = world.branch("b1").redirected
        assert new is not None
        world.do("close", new.branch_id, "head")
        assert status_of(world.dossier.letter, world.branches) != "done"
        assert [
            post.position_id for post in who_must_act(world.branch("b1"), world.dossier.letter, world.branches)
        ] == ["roads"]
        world.hear("d1 done")
        assert status_of(world.dossier.letter, world.branches) == "done"

    def test_it_is_not_done_because_one_way_was_left(self) -> None:
        world = after(("redirect", "b1", "head"), ("close", "b2", "head"))
        assert status_of(world.dossier.letter, world.branches) == "in_progress"


class TestRecall:
    def test_unread_it_is_taken_back_and_closed_to_those_it_was_for(self) -> None:
        world = after(("recall", "b1", "operator"))
        assert world.branch("b1").state == "recalled"
        assert "unit-pu" not in world.dossier.letter.access.units

    def test_read_it_stays(self) -> None:
        world = after(("read", "b1", "head"), ("recall", "b1", "operator"))
        assert (world.branch("b1").state, world.refused) == ("read", ["branch_not_unread"])

    def test_recalled_everywhere_the_letter_is_back_in_its_book(self) -> None:
        world = after(*(("recall", name, "operator") for name in ("b1", "b2", "b3")))
        assert status_of(world.dossier.letter, world.branches) == "registered"


class TestClose:
    def test_all_closed_the_letter_is_done_with_the_outcome(self) -> None:
        world = after(("close", "b1", "head"), ("close", "b2", "head"))
        assert (world.dossier.letter.outcome, world.dossier.letter.completed_at is not None) == ("noted", True)

    def test_an_open_disposition_keeps_it_open(self) -> None:
        assert after("d1 issued", ("close", "b1", "head")).refused == ["branch_already_in_progress"]

    def test_the_sender_settles_what_came_back(self) -> None:
        world = after(("return", "b1", "head"), ("close", "b1", "operator"))
        assert world.branch("b1").state == "done"

    def test_what_goes_out_is_done_when_it_was_sent(self) -> None:
        world = World.delivered((way("out", unit_id="unit-village", holders=(), external_name="PT Karya"),))
        assert who_must_act(world.branch("out"), world.dossier.letter, world.branches)[0].position_id == "operator"
        world.do("close", "out", "operator")
        assert status_of(world.dossier.letter, world.branches) == "done"


class TestCopies:
    def test_a_letter_that_goes_out_in_copy_alone_is_done_when_it_is_read(self) -> None:
        world = World.delivered((way("c", role="copy"),))
        world.do("read", "c", "head")
        assert (status_of(world.dossier.letter, world.branches), world.dossier.letter.outcome) == ("done", "noted")


class TestReopen:
    def test_it_is_work_again_and_the_letter_no_longer_done(self) -> None:
        world = after(("close", "b1", "head"), ("close", "b2", "head"), ("reopen", "b1", "head"))
        assert world.branch("b1").state == "received"
        assert world.dossier.letter.completed_at is None

    def test_dispositions_that_were_done_by_then_do_not_close_it_again(self) -> None:
        world = after("d1 issued", "d1 done", ("reopen", "b1", "head"), "d1 done")
        assert world.branch("b1").state == "received"

    def test_what_came_back_and_was_settled_is_the_senders_again(self) -> None:
        world = after(("return", "b1", "head"), ("close", "b1", "operator"), ("reopen", "b1", "operator"))
        assert (world.branch("b1").state, world.refused) == ("returned", [])

    def test_what_was_given_back_and_worked_on_is_work_again(self) -> None:
        world = after(("return", "b1", "head"), "d1 issued", "d1 done", ("reopen", "b1", "head"))
        assert world.branch("b1").state == "received"

    def test_what_is_open_is_not_reopened(self) -> None:
        assert after(("reopen", "b1", "head")).refused == ["branch_not_done"]


class TestFile:
    def test_filed_everywhere_the_letter_is_archived(self) -> None:
        steps = [(act, name, "head") for name in ("b1", "b2") for act in ("close", "file")]
        world = after(*steps)
        assert status_of(world.dossier.letter, world.branches) == "archived"

    def test_what_is_open_is_not_filed(self) -> None:
        assert after(("file", "b1", "head")).refused == ["branch_not_done"]

    def test_another_position_is_told_who_filed_it(self) -> None:
        world = after(("close", "b1", "head"), ("file", "b1", "head"), ("file", "b1", "registrar"))
        assert world.refused == ["branch_already_filed"]


class TestReaders:
    def test_a_secret_letter_lies_with_the_trusted_alone(self) -> None:
        secret: Branch = branch(confidentiality="secret")
        assert secret.readers == ["unit-pu/trusted"]
        assert branch().readers == ["unit-pu/trusted", "unit-pu/handlers"]

    def test_a_letter_to_one_officer_lies_with_that_one_alone(self) -> None:
        own = branch().model_copy(update={"open_to_unit": False, "holders": ("officer",)})
        assert own.readers == ["officer"]


class TestPersistence:
    @pytest.mark.parametrize("act", ["return", "redirect", "recall"])
    def test_a_letter_that_is_done_cannot_leave(self, act: str) -> None:
        world = after(("close", "b1", "head"), (act, "b1", "registrar"))
        assert world.branch("b1").state == "done"
        assert len(world.refused) == 1
