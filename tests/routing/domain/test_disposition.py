"""What is known of a disposition from its news: the last word on each thing holds, whatever came first."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.contracts import disposition as d
from services.contracts.event import Event
from services.routing.domain.branch import Reopening
from services.routing.domain.disposition import Disposition, State
from services.routing.domain.disposition_news import learned
from tests.routing.domain.news import (
    STREAMS,
    VERSIONS,
    adding,
    declining,
    done,
    handing_over,
    reading,
    recall,
    reopening,
    reply,
    responsible,
)
from tests.routing.domain.samples import AT, actor_at, issue, recipient

ROOT = issue("d1", recipient("roads", responsible=True), recipient("finance", responsible=False))
PLANNER = recipient("planner", responsible=False)


def heard(*news: Event) -> Disposition:
    """Everything, in order."""
    known = Disposition(id="d1")
    for version, event in enumerate(news, start=1):
        known = learned(known, event, version)
    return known


def waiting(known: Disposition) -> list[str]:
    return [one.position_id for one in known.open_charges]


def answers_for(known: Disposition) -> list[str]:
    return [one.position_id for one in known.parts if one.responsible]


class TestAnyOrder:
    @given(st.permutations(list(enumerate(STREAMS["d1"].values(), start=1))), st.data())
    @settings(max_examples=200, deadline=None)
    def test_what_is_known_does_not_depend_on_it(self, shuffled: list[tuple[int, Event]], data: st.DataObject) -> None:
        again = data.draw(st.lists(st.sampled_from(shuffled), max_size=10))
        known = Disposition(id="d1")
        for version, event in (*shuffled, *again):
            known = learned(known, event, version)
        assert known == heard(*STREAMS["d1"].values())
        assert (known.state, answers_for(known)) == ("done", ["treasurer"])

    @given(st.permutations(list(enumerate(STREAMS["d1"].values(), start=1))))
    @settings(max_examples=200, deadline=None)
    def test_it_is_never_done_before_the_word_that_says_so(self, shuffled: list[tuple[int, Event]]) -> None:
        known = Disposition(id="d1")
        done_at = {VERSIONS["d1 done"], VERSIONS["d1 over"]}
        for version, event in shuffled:
            known = learned(known, event, version)
            assert known.state == "open" or known.all_done in done_at


class TestState:
    def after(self, *news: Event) -> State:
        return heard(ROOT, *news).state

    def test_H4_done_when_every_part_is(self) -> None:
        assert self.after(done("d1", "roads", all_done=False)) == "open"
        assert self.after(done("d1", "roads", all_done=False), done("d1", "finance", all_done=True)) == "done"

    def test_before_it_is_known_to_whom_it_was_given_it_is_open(self) -> None:
        assert heard(done("d1", "roads", all_done=True)).state == "open"
        assert heard(adding("d1", PLANNER), done("d1", "planner", all_done=True)).state == "open"

    def test_all_given_back_it_is_as_if_it_had_not_been_given(self) -> None:
        back = (declining("d1", "roads", all_done=False), declining("d1", "finance", all_done=True))
        assert self.after(*back) == "gone"

    def test_all_taken_back_likewise(self) -> None:
        assert self.after(recall("d1", "roads", "finance", all_done=True)) == "gone"

    def test_what_one_did_counts_where_the_other_gave_it_back(self) -> None:
        assert self.after(done("d1", "roads", all_done=False), declining("d1", "finance", all_done=True)) == "done"
        assert self.after(done("d1", "roads", all_done=False), recall("d1", "finance", all_done=True)) == "done"

    def test_what_the_house_gives_back_counts_as_well(self) -> None:
        back = [declining("d1", who, all_done=who == "finance", by_nobody=True) for who in ("roads", "finance")]
        assert self.after(*back) == "gone"

    def test_somebody_added_makes_it_open_again(self) -> None:
        news = (done("d1", "roads", all_done=False), done("d1", "finance", all_done=True), adding("d1", PLANNER))
        assert self.after(*news) == "open"
        assert waiting(heard(ROOT, *news)) == ["planner"]
        assert self.after(*news, done("d1", "planner", all_done=True)) == "done"

    def test_a_part_made_work_again_is_waited_for(self) -> None:
        news = (done("d1", "roads", all_done=False), done("d1", "finance", all_done=True), reopening("d1", "roads"))
        assert waiting(heard(ROOT, *news)) == ["roads"]
        assert self.after(*news, reply("d1", "roads")) == "open"
        assert self.after(*news, done("d1", "roads", all_done=True)) == "done"

    def test_what_was_given_back_can_be_made_work_again(self) -> None:
        news = (declining("d1", "roads", all_done=False), reopening("d1", "roads", "reply"))
        assert waiting(heard(ROOT, *news)) == ["roads", "finance"]
        assert waiting(heard(ROOT, *news, reply("d1", "roads"))) == ["finance"]

    def test_an_answer_of_before_does_not_end_what_was_made_work_again(self) -> None:
        asked = issue("d1", recipient("roads", responsible=True, closes_on="reply"))
        over = (reply("d1", "roads"), done("d1", "roads", all_done=True))
        assert heard(asked, *over).state == "done"
        assert heard(asked, *over, reopening("d1", "roads", "reply")).state == "open"

    def test_an_answer_that_overtakes_the_giving_of_another_part_does_not_end_it(self) -> None:
        asked = issue("d1", recipient("roads", responsible=True, closes_on="reply"))
        assert learned(learned(Disposition(id="d1"), asked, 1), reply("d1", "roads"), 4).state == "open"

    def test_settled_below_without_a_word_it_is_done_when_its_parts_are(self) -> None:
        news = (done("d1", "roads", all_done=False), done("d1", "finance", all_done=False))
        assert self.after(*news) == "open"
        assert heard(ROOT, *news).knowing(has_below=True).state == "done"


class TestResponsible:
    def test_H4_a_successor_of_whoever_gave_it_back(self) -> None:
        news = (declining("d1", "roads", all_done=False), responsible("d1", "finance"))
        assert answers_for(heard(ROOT, *news)) == ["finance"]

    def test_H4_none_of_this_one_where_somebody_beside_it_is(self) -> None:
        assert answers_for(heard(ROOT, responsible("d1", None))) == []

    def test_H4_somebody_added_as_such(self) -> None:
        chief = recipient("chief", responsible=True)
        assert answers_for(heard(ROOT, responsible("d1", None), adding("d1", chief))) == ["chief"]
        assert answers_for(heard(ROOT, adding("d1", chief), responsible("d1", "roads"))) == ["roads"]


class TestPositions:
    def test_who_was_added_belongs_to_it(self) -> None:
        assert heard(ROOT, adding("d1", PLANNER)).positions == ("roads", "finance", "planner")

    def test_whom_it_was_taken_back_from_does_not(self) -> None:
        assert heard(ROOT, recall("d1", "finance", all_done=False)).positions == ("roads",)

    def test_who_gave_it_back_still_does(self) -> None:
        assert "roads" in heard(ROOT, declining("d1", "roads", all_done=False)).positions

    def test_a_part_goes_with_whom_it_was_handed_to(self) -> None:
        news = (handing_over("d1", "roads", "bridges", "roads"), handing_over("d1", "bridges", "tunnels", "roads"))
        assert heard(ROOT, *news).positions == ("tunnels", "finance")
        assert waiting(heard(ROOT, *news)) == ["tunnels", "finance"]

    def test_whoever_waits_for_the_answers_in_the_issuers_place_belongs_to_it(self) -> None:
        assert heard(ROOT, handing_over("d1", "head", "deputy")).positions == ("roads", "finance", "deputy")


class TestKeptBeforeVersionsWere:
    def test_it_is_read_as_what_it_was(self) -> None:
        kept = heard(ROOT).model_dump(mode="json") | {
            "read": ["r-roads"],
            "answered": ["r-roads"],
            "completed": ["r-roads", "r-finance"],
            "all_done": True,
        }
        for new in ("acted", "declined", "recalled", "reopened", "moved", "owner", "responsible", "some_left"):
            del kept[new]
        for charge in kept["charges"]:
            del charge["since"], charge["role"]
        known = Disposition.model_validate(kept)
        assert (known.state, known.is_acted_on, answers_for(known)) == ("done", True, ["roads"])
        assert learned(known, reopening("d1", "roads"), 9).state == "open"

    def test_what_was_done_when_a_branch_was_reopened_counts_once_it_is_work_again(self) -> None:
        act = {"actor": actor_at("head").model_dump(), "at": AT, "reason": "Ada susulan"}
        before = Reopening.model_validate({**act, "over": ["d1"]})
        known = heard(ROOT, done("d1", "roads", all_done=False), done("d1", "finance", all_done=True))
        assert before.leaves_out("d1", known.opened)
        assert not before.leaves_out("d1", learned(known, reopening("d1", "roads"), 4).opened)
        assert not before.leaves_out("d2", 1)


class TestReading:
    def test_for_information_closes_on_read(self) -> None:
        note = d.Instruction(code="diketahui", label="Untuk diketahui", effect="closes_on_read")
        asked = issue("d1", recipient("clerk", responsible=True, instruction=note))
        assert waiting(heard(asked)) == ["clerk"]
        assert waiting(heard(asked, reading("d1", "clerk"))) == []
