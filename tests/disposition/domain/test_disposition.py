"""A disposition under any interleaving of its recipients' acts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.contracts.vocabulary import Actor
from services.disposition.domain.disposition import Act, Disposition, DispositionRecipient
from services.disposition.domain.progress import Deed, Demand

DAY = datetime(2026, 7, 1, 8, tzinfo=UTC)
ACTOR = Actor(
    person_id="p",
    person_name="Wayan",
    position_id="i",
    position_title="Kepala",
    unit_id="u",
    unit_name="Dinas",
    capacity="definitive",
)
deeds: st.SearchStrategy[Deed] = st.sampled_from(("read", "reply", "pass_on", "complete"))
demands: st.SearchStrategy[Demand] = st.sampled_from(("read", "reply", "completion"))


def recipient(number: int, demand: Demand, *, responsible: bool) -> DispositionRecipient:
    return DispositionRecipient(
        recipient_id=f"r{number}",
        position_id=f"p{number}",
        position_title="Staf",
        unit_id="u",
        unit_name="Dinas",
        responsible=responsible,
        instructions=(),
        closes_on=demand,
    )


def disposition(*demands_of: Demand) -> Disposition:
    recipients = tuple(recipient(n, demand, responsible=n == 0) for n, demand in enumerate(demands_of))
    return Disposition(id="d", letter_id="l", letter_subject="s", issuer=ACTOR, recipients=recipients, issued_at=DAY)


def act(number: int, deed: Deed, minute: int) -> Act:
    at = DAY + timedelta(minutes=minute)
    return Act(id=f"a{minute}", disposition_id="d", recipient_id=f"r{number}", kind=deed, actor=ACTOR, at=at)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Disposition, list[Act]]:
    subject = disposition(*draw(st.lists(demands, min_size=1, max_size=4)))
    pairs = draw(st.lists(st.tuples(st.integers(0, len(subject.recipients) - 1), deeds), max_size=20))
    return subject, [act(number, deed, minute) for minute, (number, deed) in enumerate(pairs)]


class TestAfter:
    @given(histories())
    def test_all_done_is_said_exactly_once_and_by_the_act_that_made_it_so(
        self, history: tuple[Disposition, list[Act]]
    ) -> None:
        subject, acts = history
        said = 0
        for one in acts:
            step = subject.after(one)
            said += step.all_done
            assert (step.disposition.state == "done") == all(r.state == "done" for r in step.disposition.recipients)
            subject = step.disposition
        assert said == (subject.state == "done")

    @given(histories())
    def test_a_recipient_is_newly_read_and_newly_done_at_most_once(
        self, history: tuple[Disposition, list[Act]]
    ) -> None:
        subject, acts = history
        read: list[str] = []
        done: list[str] = []
        for one in acts:
            step = subject.after(one)
            read += [one.recipient_id] * step.newly_read
            done += [one.recipient_id] * step.newly_done
            subject = step.disposition
        assert sorted(read) == sorted({one.recipient_id for one in acts})
        assert sorted(done) == sorted(r.recipient_id for r in subject.recipients if r.state == "done")

    @given(histories(), st.data())
    def test_interleaving_and_redelivery_reach_the_same_states(
        self, history: tuple[Disposition, list[Act]], data: st.DataObject
    ) -> None:
        subject, acts = history
        again = data.draw(st.permutations(acts + acts[: len(acts) // 2]))
        straight, mixed = subject, subject
        for one in acts:
            straight = straight.after(one).disposition
        for one in again:
            mixed = mixed.after(one).disposition
        assert [r.state for r in mixed.recipients] == [r.state for r in straight.recipients]
        assert mixed.state == straight.state

    @given(histories())
    def test_one_recipients_act_leaves_the_others_alone(self, history: tuple[Disposition, list[Act]]) -> None:
        subject, acts = history
        for one in acts:
            changed = subject.after(one).disposition
            assert [r for r in changed.recipients if r.recipient_id != one.recipient_id] == [
                r for r in subject.recipients if r.recipient_id != one.recipient_id
            ]
            subject = changed


class TestHoldsTogether:
    def test_H4_two_responsible_cannot_be_made(self) -> None:
        whole = disposition("read", "read").model_dump()
        whole["recipients"] = [one | {"responsible": True} for one in whole["recipients"]]
        with pytest.raises(ValidationError, match="exactly one recipient is responsible"):
            Disposition.model_validate(whole)

    def test_a_position_twice_cannot_be_made(self) -> None:
        whole = disposition("read", "read").model_dump()
        whole["recipients"] = [one | {"position_id": "p"} for one in whole["recipients"]]
        with pytest.raises(ValidationError, match="instructed once"):
            Disposition.model_validate(whole)
