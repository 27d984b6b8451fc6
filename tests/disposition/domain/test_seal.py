"""Codes and digests of printed sheets."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.ids import new_id
from services.contracts.vocabulary import Actor
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.first_catalogue import FIRST_INSTRUCTIONS
from services.disposition.domain.recipient import DispositionRecipient, Seat
from services.disposition.domain.seal import CODE_BITS, Seal, as_issued, code_of, content_of, digest, state_of

AT = datetime(2026, 3, 3, 1, 30, tzinfo=UTC)
ISSUER = Actor(
    person_id=new_id(),
    person_name="Made Arta",
    position_id=new_id(),
    position_title="Kepala Dinas PU",
    unit_id=new_id(),
    unit_name="Dinas Pekerjaan Umum",
    capacity="plt",
)


def a_part(*codes: str, **facts: Any) -> DispositionRecipient:
    """A recipient."""
    given = {
        "recipient_id": new_id(),
        "position_id": new_id(),
        "position_title": "Sekretaris Dinas PU",
        "unit_id": ISSUER.unit_id,
        "unit_name": ISSUER.unit_name,
        "role": "coordinating",
        "instructions": tuple(FIRST_INSTRUCTIONS[code].instruction() for code in codes or ("pelajari",)),
        "closes_on": "reply",
        "issued_at": AT,
    }
    return DispositionRecipient.model_validate(given | facts)


def a_disposition(*parts: DispositionRecipient, **facts: Any) -> Disposition:
    """A disposition with these parts."""
    seat = Seat(**ISSUER.model_dump(include=set(Seat.model_fields)), since=AT)
    given: dict[str, Any] = {"letter_subject": "Rapat", "desk": "x", "note": None, "letter_id": "x"}
    fixed = {"id": "d", "issuer": ISSUER, "owner": seat, "recipients": parts or (a_part(),), "issued_at": AT}
    return Disposition(**(given | fixed | facts))


def a_seal(disposition: Disposition) -> Seal:
    """The seal of a page of it."""
    return Seal(
        id=code_of(1),
        disposition_id=disposition.id,
        signer="Plt. Kepala Dinas PU",
        unit_name="Dinas Pekerjaan Umum",
        signed_on=date(2026, 3, 3),
        content=digest(content_of(disposition)),
        page="x",
        sealed_at=AT,
    )


class TestCode:
    @given(st.integers(0, 2**CODE_BITS - 1))
    def test_it_is_read_however_it_is_written(self, number: int) -> None:
        code = code_of(number)
        written = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
        assert as_issued(written) == as_issued(code) == code

    @given(st.integers(0, 2**CODE_BITS - 1), st.integers(0, 2**CODE_BITS - 1))
    def test_two_numbers_are_two_codes(self, one: int, other: int) -> None:
        assert (code_of(one) == code_of(other)) == (one == other)

    @given(st.text(max_size=40))
    def test_whatever_else_is_none(self, text: str) -> None:
        found = as_issued(text)
        assert found is None or as_issued(found) == found

    def test_it_cannot_be_guessed(self) -> None:
        assert CODE_BITS >= 80


class TestContent:
    def test_answers_are_no_part_of_it(self) -> None:
        before = a_disposition()
        part = before.recipients[0]
        after = before.acted(part.recipient_id, AT, replied_at=AT, percent=40, progressed_at=AT)
        assert content_of(after) == content_of(before)

    def test_work_handed_over_was_ordered_of_the_one_before(self) -> None:
        before = a_disposition()
        part = before.recipients[0]
        facts = {"position_id": new_id(), "position_title": "Kepala Bidang", "former": (part.seat(),)}
        after = before.with_part(part.recipient_id, AT, **facts)
        assert state_of(a_seal(before), after) == "unchanged"

    @pytest.mark.parametrize(
        "facts",
        [{"note": "Segera"}, {"due_on": date(2026, 3, 9)}, {"role": "responsible"}, {"instructions": ()}],
    )
    def test_whatever_was_ordered_otherwise_is_told(self, facts: dict[str, Any]) -> None:
        before = a_disposition()
        after = before.with_part(before.recipients[0].recipient_id, AT, **facts)
        assert state_of(a_seal(before), after) == "changed"

    def test_one_of_two_taken_back_is_a_change_and_both_a_recall(self) -> None:
        before = a_disposition(a_part(), a_part())
        first, second = (one.recipient_id for one in before.recipients)
        one = before.with_part(first, AT, recalled_at=AT)
        both = one.with_part(second, AT, recalled_at=AT)
        assert [state_of(a_seal(before), found) for found in (before, one, both)] == [
            "unchanged",
            "changed",
            "recalled",
        ]

    def test_changed_back_it_holds_again(self) -> None:
        before = a_disposition()
        part = before.recipients[0].recipient_id
        there = before.with_part(part, AT, note="Segera")
        back = there.with_part(part, AT, note=None)
        assert state_of(a_seal(before), back) == "unchanged"
