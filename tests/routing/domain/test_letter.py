"""What follows from a letter's dispositions: its status, who must act, who coordinates."""

from services.contracts import disposition as d
from services.contracts.event import Event
from services.routing.domain.letter import status_of
from services.routing.domain.track import coordinating, who_must_act
from tests.routing.domain.news import declining, done, reading, recall, reply
from tests.routing.domain.samples import issue, letter, recipient
from tests.routing.domain.world import World


def run(names: list[str]) -> World:
    world = World.delivered()
    for name in names:
        world.hear(name)
    return world


def told(*events: Event) -> World:
    world = World.delivered()
    for event in events:
        world.happen(event)
    return world


class TestStatus:
    def test_H3_the_status_follows_the_letter_down_and_up(self) -> None:
        seen = []
        names = ["d1 issued", "d1 read", "d2 issued", "d1 replied", "d2 done", "d1 done", "d3 issued", "d3 over"]
        for length in range(len(names) + 1):
            world = run(names[:length])
            seen.append(status_of(world.dossier.letter, world.branches))
        assert seen == [
            "routed",
            "disposed",
            "disposed",
            "disposed",
            "in_progress",
            "in_progress",
            "in_progress",
            "in_progress",
            "done",
        ]

    def test_all_of_it_taken_back_the_letter_is_as_it_was(self) -> None:
        world = run(["d1 issued"])
        assert status_of(world.dossier.letter, world.branches) == "disposed"
        world.happen(recall("d1", "roads", "finance", all_done=True), 2)
        assert status_of(world.dossier.letter, world.branches) == "routed"
        assert world.branches[0].state == "sent"

    def test_all_of_it_given_back_likewise(self) -> None:
        news = (declining("d1", "roads", all_done=False), declining("d1", "finance", all_done=True))
        world = run(["d1 issued"])
        for version, event in enumerate(news, start=2):
            world.happen(event, version)
        assert status_of(world.dossier.letter, world.branches) == "routed"

    def test_a_letter_that_goes_nowhere_inside_is_registered(self) -> None:
        assert status_of(letter(), ()) == "registered"


class TestWhoMustAct:
    def test_before_any_disposition_the_holders(self) -> None:
        world = run([])
        assert [post.position_id for post in who_must_act(world.branches[0], world.dossier.letter, world.branches)] == [
            "head",
            "registrar",
        ]

    def test_H4_after_it_the_one_responsible(self) -> None:
        world = run(["d1 issued"])
        assert [post.position_id for post in who_must_act(world.branches[0], world.dossier.letter, world.branches)] == [
            "roads"
        ]

    def test_H5_the_others_coordinate(self) -> None:
        world = run(["d1 issued"])
        posts = coordinating(world.branches[0], world.dossier.letter, world.branches)
        assert [post.position_id for post in posts] == ["finance"]

    def test_who_has_answered_is_waited_for_no_more_where_an_answer_was_all_that_was_asked(self) -> None:
        answering = recipient("roads", responsible=True, closes_on="reply")
        asked = issue("d1", answering, recipient("finance", responsible=False, closes_on="completion"))
        world = told(asked, reply("d1", "roads"))
        posts = who_must_act(world.branches[0], world.dossier.letter, world.branches)
        assert [post.position_id for post in posts] == ["finance"]

    def test_an_answer_is_not_enough_where_completion_was_asked_for(self) -> None:
        asked = issue("d1", recipient("roads", responsible=True, closes_on="completion"))
        world = told(asked, reply("d1", "roads"))
        posts = who_must_act(world.branches[0], world.dossier.letter, world.branches)
        assert [post.position_id for post in posts] == ["roads"]

    def test_what_is_only_to_be_filed_closes_on_read(self) -> None:
        file_it = d.Instruction(code="arsipkan", label="Catat dan arsipkan", effect="closes")
        asked = issue("d1", recipient("clerk", responsible=True, instruction=file_it, closes_on="read"))
        world = told(asked, reading("d1", "clerk"), done("d1", "clerk", all_done=True))
        assert world.branches[0].state == "done"

    def test_who_passed_it_on_waits_for_those_below(self) -> None:
        world = run(["d1 issued", "d2 issued"])
        assert [post.position_id for post in who_must_act(world.branches[0], world.dossier.letter, world.branches)] == [
            "heavy"
        ]

    def test_what_was_given_back_from_below_lies_with_who_passed_it_on(self) -> None:
        world = run(["d1 issued", "d2 issued"])
        world.happen(declining("d2", "heavy", all_done=True), 2)
        posts = who_must_act(world.branches[0], world.dossier.letter, world.branches)
        assert [post.position_id for post in posts] == ["roads"]

    def test_H5_who_only_has_to_know_of_it_does_not_coordinate(self) -> None:
        knows = recipient("press", responsible=False, closes_on="read").model_copy(update={"role": "informed"})
        world = told(issue("d1", recipient("roads", responsible=True), recipient("finance", responsible=False), knows))
        posts = coordinating(world.branches[0], world.dossier.letter, world.branches)
        assert [post.position_id for post in posts] == ["finance"]

    def test_while_it_is_not_known_to_whom_it_was_given_it_lies_with_the_holders(self) -> None:
        world = told(done("d3", "clerk", all_done=True, branch_id="b2"))
        assert world.branches[1].state == "in_progress"
        posts = who_must_act(world.branches[1], world.dossier.letter, world.branches)
        assert [post.position_id for post in posts] == ["head", "registrar"]

    def test_a_disposition_below_keeps_the_branch_open(self) -> None:
        assert run(["d1 issued", "d2 issued", "d1 done"]).branches[0].state == "in_progress"

    def test_a_disposition_below_done_alone_does_not_close_the_branch(self) -> None:
        assert run(["d1 issued", "d2 issued", "d2 done"]).branches[0].state == "in_progress"

    def test_for_information_closes_on_read(self) -> None:
        assert run(["d3 issued", "d3 read", "d3 over"]).branches[1].state == "done"
