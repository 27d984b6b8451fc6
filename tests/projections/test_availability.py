"""B7: who is there for a position, and who is offered instead."""

from datetime import date
from typing import Any

import pytest

from services.contracts.routing import AbsenceChanged, AssignmentChanged
from services.contracts.vocabulary import AbsenceKind, Capacity
from services.projections.availability import Availability, Post, attendance, governing, warning

DAY = date(2026, 3, 5)
HEAD = Post("head", "Kepala Dinas PU")


def official(name: str, capacity: Capacity = "definitive", until: date | None = None, **more: Any) -> AssignmentChanged:
    """Somebody in the head's position."""
    fields = {
        "assignment_id": f"{name}-{capacity}",
        "person_id": name,
        "person_name": name,
        "position_id": HEAD.position_id,
        "position_title": HEAD.title,
        "unit_id": "u",
        "unit_name": "Dinas PU",
        "role": "head",
        "capacity": capacity,
        "starts_on": date(2026, 1, 1),
        "ends_on": until,
    }
    return AssignmentChanged.model_validate(fields | more)


def away(
    name: str, kind: AbsenceKind = "leave", until: date | None = date(2026, 3, 11), **fields: object
) -> AbsenceChanged:
    given = {"absence_id": f"{name}-{kind}-{until}", "person_id": name, "person_name": name, "kind": kind}
    return AbsenceChanged.model_validate({**given, "starts_on": date(2026, 3, 1), "ends_on": until, **fields})


def on_day(*parts: AssignmentChanged | AbsenceChanged, post: Post = HEAD) -> Availability:
    absences: dict[str, list[AbsenceChanged]] = {}
    for one in parts:
        if isinstance(one, AbsenceChanged):
            absences.setdefault(one.person_id, []).append(one)
    return attendance(post, [one for one in parts if isinstance(one, AssignmentChanged)], absences, DAY)


WAYAN = official("Wayan")
RATIH = official("Ratih", "plh", date(2026, 3, 14))


class TestAvailability:
    def test_a_holder_who_is_there_needs_no_warning(self) -> None:
        state = on_day(WAYAN)
        assert (state.attended, state.absence, state.instead, warning(state)) == (True, None, None, None)

    def test_B7_an_absent_holder_warns_and_the_plh_is_offered(self) -> None:
        state = on_day(WAYAN, RATIH, away("Wayan"))
        assert (state.instead, state.in_charge, state.attended) == (RATIH, RATIH, True)
        assert warning(state) == "Kepala Dinas PU sedang cuti s.d. 11 Maret 2026. Plh.: Ratih."

    def test_B7_without_a_plh_nobody_is_offered(self) -> None:
        state = on_day(WAYAN, away("Wayan", "on_duty", None))
        assert (state.instead, state.attended) == (None, False)
        assert warning(state) == "Kepala Dinas PU sedang dinas luar. Belum ada pejabat pengganti."

    def test_B7_who_is_merely_late_is_not_absent(self) -> None:
        state = on_day(WAYAN, away("Wayan", "late", DAY))
        assert (state.attended, warning(state)) == (True, None)

    def test_a_cancelled_absence_and_one_that_is_over_do_not_count(self) -> None:
        state = on_day(WAYAN, away("Wayan", cancelled=True), away("Wayan", "away", date(2026, 3, 4)))
        assert state.attended

    def test_P7_a_plt_in_a_vacancy_is_in_charge_without_a_warning(self) -> None:
        plt = official("Sari", "plt")
        state = on_day(plt)
        assert (state.in_charge, warning(state)) == (plt, None)

    def test_a_plt_who_is_away_has_nobody_behind(self) -> None:
        state = on_day(official("Sari", "plt"), away("Sari", "absent", DAY))
        assert not state.attended
        expected = "Plt. Kepala Dinas PU sedang tidak hadir s.d. 5 Maret 2026. Belum ada pejabat pengganti."
        assert warning(state) == expected

    def test_a_plh_beside_a_holder_nobody_said_is_away_is_told_of(self) -> None:
        expected = "Kepala Dinas PU sedang diwakili Plh. Ratih s.d. 14 Maret 2026."
        assert warning(on_day(WAYAN, RATIH)) == expected

    def test_where_the_plh_is_away_the_holder_is_offered(self) -> None:
        state = on_day(WAYAN, RATIH, away("Ratih", "away", DAY))
        assert state.instead == WAYAN
        expected = "Plh. Kepala Dinas PU sedang tidak di tempat s.d. 5 Maret 2026. Pejabat definitif: Wayan."
        assert warning(state) == expected

    def test_where_both_are_away_it_says_so(self) -> None:
        state = on_day(WAYAN, RATIH, away("Wayan"), away("Ratih", "on_duty", DAY))
        assert not state.attended
        expected = (
            "Kepala Dinas PU sedang cuti s.d. 11 Maret 2026. Plh. juga sedang tidak ada; belum ada pejabat pengganti."
        )
        assert warning(state) == expected

    def test_an_empty_and_a_closed_position_are_told_of(self) -> None:
        assert warning(on_day()) == "Jabatan Kepala Dinas PU sedang kosong."
        assert (
            warning(on_day(post=Post("head", "Kepala Dinas PU", active=False)))
            == "Jabatan Kepala Dinas PU sudah tidak aktif."
        )

    def test_who_held_it_another_time_does_not_count(self) -> None:
        assert on_day(official("Wayan", until=date(2026, 3, 4))).in_charge is None

    def test_what_was_cancelled_never_was(self) -> None:
        assert on_day(official("Wayan", cancelled=True)).in_charge is None


class TestGoverning:
    def test_the_longest_is_told(self) -> None:
        short, long = away("Wayan", "on_duty", DAY), away("Wayan")
        assert governing([short, long], DAY) == governing([long, short], DAY) == long

    @pytest.mark.parametrize(("day", "counts"), [(date(2026, 3, 1), True), (date(2026, 3, 12), False)])
    def test_both_ends_are_included(self, day: date, *, counts: bool) -> None:
        assert (governing([away("Wayan")], day) is not None) == counts
