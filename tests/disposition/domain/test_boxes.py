"""Boxes: where a disposition stands, whatever was done with it."""

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.clock import now
from services.contracts.vocabulary import Actor
from services.disposition.domain.boxes import BOXES, GIVEN, given_boxes, received_boxes, tab, tabs_of
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.finding import Wanted, items_of
from services.disposition.domain.recipient import Reminders, Seat
from services.disposition.store.box_counts import changes_of
from tests.disposition.domain.parts import part
from tests.people import actor, principal

AT = now()
HEAD: Actor = actor(principal())
DEEDS = ("read_at", "received_at", "replied_at", "passed_on_at", "completed_at", "declined_at", "recalled_at")
ROLES = ("coordinating", "informed")


@st.composite
def dispositions(draw: st.DrawFn) -> Disposition:
    """A disposition of which anything has happened."""
    parts = []
    for number in range(draw(st.integers(1, 4))):
        done = draw(st.sets(st.sampled_from(DEEDS), max_size=4))
        facts: dict[str, Any] = dict.fromkeys(done, AT)
        facts["reminders"] = Reminders(overdue=draw(st.booleans()))
        facts["below"] = draw(st.integers(0, 1))
        facts["role"] = "responsible" if number == 0 else draw(st.sampled_from(ROLES))
        parts.append(part(AT, recipient_id=f"r{number}", position_id=f"p{number}", **facts))
    seat = Seat(since=AT, **HEAD.model_dump(include=set(Seat.model_fields)))
    return Disposition(
        id="d",
        letter_id="l",
        letter_subject="Surat",
        desk="b",
        issuer=HEAD,
        owner=seat,
        recipients=tuple(parts),
        issued_at=AT,
    )


class TestBoxes:
    @given(dispositions())
    def test_items_are_what_stands_at_the_tabs(self, one: Disposition) -> None:
        positions = frozenset({one.owner.position_id, *(part.position_id for part in one.recipients)})
        items = [tab(item.position_id, box) for box in BOXES for item in items_of(one, box, positions, Wanted())]
        assert Counter(items) == Counter(tabs_of(one))

    @given(dispositions())
    def test_given_stands_in_one_place_and_perhaps_is_overdue(self, one: Disposition) -> None:
        boxes = given_boxes(one)
        assert GIVEN.issuperset(boxes)
        assert len({"waiting", "answered", "returned", "given_done"}.intersection(boxes)) == 1

    @given(dispositions())
    def test_a_part_stands_in_one_place_and_perhaps_is_late(self, one: Disposition) -> None:
        for each in one.recipients:
            places = {"new", "to_do", "coordinating", "done"}.intersection(received_boxes(each))
            assert len(places) == (each.state != "recalled")

    @given(dispositions(), dispositions())
    def test_counts_that_follow_every_change_are_those_of_the_end(self, first: Disposition, then: Disposition) -> None:
        counted: Counter[str] = Counter()
        for change in (changes_of(None, first), changes_of(first, then)):
            for position_id, boxes in change.items():
                counted.update({f"{position_id}#{box}": by for box, by in boxes.items()})
        assert +counted == Counter(tabs_of(then))
        assert min(counted.values()) >= 0


class TestWanted:
    @given(dispositions())
    def test_every_item_is_found_by_the_state_of_its_part(self, one: Disposition) -> None:
        for each in one.recipients:
            mine = frozenset({each.position_id})
            items = items_of(one, "received", mine, Wanted(state=each.state))
            assert len(items) == (each.state != "recalled")
            opened = items_of(one, "received", mine, Wanted(state="open"))
            assert len(opened) == each.is_open

    def test_what_was_given_back_is_found_among_the_given(self) -> None:
        back = part(AT, declined_at=AT + timedelta(hours=1))
        seat = Seat(since=AT, **HEAD.model_dump(include=set(Seat.model_fields)))
        one = Disposition(
            id="d",
            letter_id="l",
            letter_subject="",
            desk="b",
            issuer=HEAD,
            owner=seat,
            recipients=(back,),
            issued_at=AT,
        )
        mine = frozenset({HEAD.position_id})
        assert len(items_of(one, "given", mine, Wanted(state="declined"))) == 1
        assert items_of(one, "given", mine, Wanted(state="open")) == []
