"""B7: what routing makes of the rule that every service shares."""

from datetime import date

from services.routing.domain.absence import Absence
from services.routing.domain.assignment import Term, to
from services.routing.domain.availability import availability, warning
from services.routing.domain.organisation import Person, Position

DAY = date(2026, 3, 5)
HEAD = Position(id="head", title="Kepala Dinas PU", unit_id="u", unit_name="Dinas PU", unit_kind="agency", role="head")
TERM = Term(date(2026, 1, 1), None)
WAYAN, RATIH = Person(id="wayan", name="Wayan"), Person(id="ratih", name="Ratih")


class TestAvailability:
    def test_B7_an_absent_holder_warns_and_the_plh_is_offered(self) -> None:
        holder, plh = to(HEAD, WAYAN, "1", "definitive", TERM, None), to(HEAD, RATIH, "2", "plh", TERM, "SK 1")
        leave = Absence(id="3", person_id="wayan", person_name="Wayan", kind="leave", starts_on=DAY, ends_on=DAY)
        state = availability(HEAD, [holder, plh], {"wayan": [leave]}, DAY)
        assert (state.holder, state.instead, state.holder_away) == (holder, plh, leave)
        assert warning(state) == "Kepala Dinas PU sedang cuti s.d. 5 Maret 2026. Plh.: Ratih."

    def test_who_is_in_another_position_does_not_count(self) -> None:
        other = HEAD.model_copy(update={"id": "other"})
        state = availability(HEAD, [to(other, WAYAN, "1", "definitive", TERM, None)], {}, DAY)
        assert warning(state) == "Jabatan Kepala Dinas PU sedang kosong."
