"""A recipient's state, from what happened to its part."""

from collections.abc import Iterable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.disposition.domain.progress import DEMANDS, Demand
from services.disposition.domain.recipient import DispositionRecipient, Seat
from tests.disposition.domain.samples import DAY, minute, numbered

ACTS: dict[str, dict[str, Any]] = {
    "read": {},
    "receive": {"received_at": minute(1)},
    "reply": {"replied_at": minute(1)},
    "progress": {"progressed_at": minute(1), "percent": 50},
    "pass_on": {"passed_on_at": minute(1)},
    "complete": {"completed_at": minute(1)},
}
demands = st.sampled_from(DEMANDS)
acts = st.lists(st.sampled_from(sorted(ACTS)), max_size=10)
ORDER = ("sent", "read", "received", "replied", "in_progress", "done")


def after(done: Iterable[str], demand: Demand, **facts: Any) -> DispositionRecipient:
    one = numbered(0, closes_on=demand, **facts)
    for number, act in enumerate(done):
        one = one.seen(minute(number), **ACTS[act])
    return one


class TestState:
    @given(acts, demands, st.sampled_from(sorted(ACTS)))
    def test_an_act_never_leads_back(self, done: list[str], demand: Demand, act: str) -> None:
        before = after(done, demand).state
        assert ORDER.index(after([*done, act], demand).state) >= ORDER.index(before)

    @given(acts, demands, st.data())
    def test_order_and_repetition_make_no_difference(
        self, done: list[str], demand: Demand, data: st.DataObject
    ) -> None:
        again = data.draw(st.permutations(done + done[: len(done) // 2]))
        assert after(again, demand).state == after(done, demand).state

    @given(acts, demands)
    def test_is_done_exactly_when_what_was_asked_for_was_given(self, done: list[str], demand: Demand) -> None:
        enough = {
            "read": bool(done),
            "reply": "reply" in done or "complete" in done,
            "completion": "complete" in done,
        }
        assert (after(done, demand).state == "done") == enough[demand]

    @given(acts, demands, st.integers(1, 5))
    def test_H5_what_is_open_below_keeps_it_from_being_done(self, done: list[str], demand: Demand, below: int) -> None:
        one = after(done, demand, below=below)
        assert one.state == "in_progress"
        assert one.is_open
        assert one.with_facts(minute(99), below=0).is_open != one.is_closed

    @given(acts, demands)
    def test_what_was_given_back_or_taken_is_nobodys_work(self, done: list[str], demand: Demand) -> None:
        for fact, state in (("declined_at", "declined"), ("recalled_at", "recalled")):
            one = after(done, demand).with_facts(minute(5), **{fact: minute(5)})
            assert (one.state, one.is_open, one.is_live) == (state, False, False)

    def test_the_usual_way(self) -> None:
        done = ["read", "receive", "reply", "progress", "complete"]
        states = [after(done[:count], "completion").state for count in range(len(done) + 1)]
        assert states == ["sent", "read", "received", "replied", "in_progress", "done"]


class TestFacts:
    def test_the_instant_of_being_done_is_that_of_the_last_act_it_took(self) -> None:
        one = after(["read", "complete"], "completion", below=1)
        assert one.done_at is None
        one = one.with_facts(minute(7), below=0)
        assert one.done_at == minute(7)
        assert one.with_facts(minute(8), percent=100).done_at == minute(7)

    def test_the_instant_is_forgotten_when_it_is_work_again(self) -> None:
        one = after(["complete"], "completion").with_facts(minute(9), completed_at=None)
        assert (one.state, one.done_at) == ("read", None)

    def test_the_first_reading_stays(self) -> None:
        assert after(["read", "reply", "read"], "completion").read_at == minute(0)


class TestSeat:
    def test_is_where_it_lies_since_it_was_given_or_handed_over(self) -> None:
        one = numbered(0)
        assert (one.seat().position_id, one.seat().since) == ("p0", DAY)
        moved = one.with_facts(minute(3), position_id="p9", since=minute(3), former=(one.seat(),))
        assert (moved.seat().position_id, moved.seat().since) == ("p9", minute(3))
        assert moved.former == (Seat(**one.seat().model_dump()),)
