"""What lies undone, whether a leader was there, which months are asked for, what is saved."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import ServiceError
from services.routing.domain.absence import Absence
from services.routing.domain.assignment import Assignment
from services.routing.domain.figure_backlog import AGE_LABELS, AGES, Backlog, backlog_of, heaped, standing
from services.routing.domain.figure_baseline import saved
from services.routing.domain.figure_leaders import leader_on, leading
from services.routing.domain.figure_period import Period, period
from services.routing.domain.figures import Row
from services.routing.domain.organisation import Position, PositionRole
from tests.routing.domain.samples import AT, branch
from tests.routing.domain.test_figures_counts import ROWS

DAY = date(2026, 3, 2)


def seat(identifier: str, role: PositionRole = "head", **fields: Any) -> Position:
    given: dict[str, Any] = {
        "title": identifier,
        "unit_id": "unit-pu",
        "unit_name": "Dinas PU",
        "unit_kind": "agency",
        **fields,
    }
    return Position(id=identifier, role=role, **given)


def held(position_id: str, person_id: str, **fields: Any) -> Assignment:
    given: dict[str, Any] = {
        "person_name": person_id,
        "position_title": position_id,
        "unit_id": "unit-pu",
        "unit_name": "Dinas PU",
    }
    terms: dict[str, Any] = {"role": "head", "capacity": "definitive", "starts_on": date(2026, 1, 1), **fields}
    return Assignment(id=f"{position_id}/{person_id}", person_id=person_id, position_id=position_id, **given, **terms)


def gone(person_id: str, **fields: Any) -> Absence:
    given: dict[str, Any] = {"kind": "leave", "starts_on": DAY, "ends_on": DAY, **fields}
    return Absence(id=f"a-{person_id}", person_id=person_id, person_name=person_id, **given)


class TestStanding:
    @given(ROWS, st.integers(-5, 100))
    def test_the_ages_add_up_to_what_is_open(self, rows: list[Row], days: int) -> None:
        found = standing(backlog_of(rows), AT + timedelta(days=days))
        assert sum(found.ages.values()) == found.open
        assert found.not_followed_up <= found.open
        assert found.overdue <= found.open
        assert (found.oldest_at is None) == (found.open == 0)

    @given(st.lists(ROWS, max_size=4))
    def test_heaps_are_what_all_rows_together_are(self, parts: list[list[Row]]) -> None:
        whole = backlog_of([row for part in parts for row in part])
        assert standing(heaped(backlog_of(part) for part in parts), AT) == standing(whole, AT)

    @pytest.mark.parametrize(("hours", "age"), [(23.9, 0), (24, 1), (71, 1), (72, 2), (24 * 14, 4), (24 * 30, 5)])
    def test_an_age_begins_with_its_first_day(self, hours: float, age: int) -> None:
        came = round((AT - timedelta(hours=hours)).timestamp() * 1000)
        found = standing(Backlog(waiting=[came]), AT)
        assert list(found.ages.values()).index(1) == age
        assert len(found.ages) == len(AGES) == len(AGE_LABELS)

    def test_a_deadline_is_passed_only_after_it(self) -> None:
        due = Backlog(waiting=[0], deadlines=[round(AT.timestamp() * 1000)])
        assert standing(due, AT).overdue == 0
        assert standing(due, AT + timedelta(milliseconds=1)).overdue == 1

    def test_nothing_is_nothing(self) -> None:
        assert not Backlog()
        assert not Backlog(deadlines=[1])
        assert Backlog(unread_copies=[1])


class TestLeader:
    def test_who_is_there_is_present(self) -> None:
        assert leader_on(DAY, [seat("head")], [held("head", "w")], []) == "present"
        assert leader_on(DAY, [seat("head")], [held("head", "w")], [gone("somebody")]) == "present"

    @pytest.mark.parametrize("kind", ["absent", "on_duty", "leave", "away"])
    def test_H15_who_is_absent_is_away(self, kind: str) -> None:
        assert leader_on(DAY, [seat("head")], [held("head", "w")], [gone("w", kind=kind)]) == "away"

    def test_who_is_late_or_whose_absence_was_cancelled_is_there(self) -> None:
        late = [gone("w", kind="late"), gone("w", cancelled=True), gone("w", ends_on=DAY, starts_on=date(2026, 3, 1))]
        assert leader_on(DAY, [seat("head")], [held("head", "w")], late[:2]) == "present"
        assert leader_on(DAY + timedelta(days=1), [seat("head")], [held("head", "w")], late) == "present"

    def test_H15_nobody_in_the_position_is_vacant(self) -> None:
        over = held("head", "w", ends_on=date(2026, 3, 1))
        for holding in ([], [over], [held("head", "w", cancelled=True)]):
            assert leader_on(DAY, [seat("head")], holding, []) == "vacant"
        assert leader_on(DAY, [], [held("head", "w")], []) == "vacant"

    def test_a_plh_does_not_make_the_absent_holder_present(self) -> None:
        both = [held("head", "plh", capacity="plh"), held("head", "w")]
        assert leader_on(DAY, [seat("head")], both, [gone("w")]) == "away"

    def test_a_plt_leads_where_there_is_no_holder(self) -> None:
        assert leader_on(DAY, [seat("head")], [held("head", "p", capacity="plt")], []) == "present"

    def test_of_several_who_lead_one_there_is_enough(self) -> None:
        seats, holding = [seat("bupati", "leader"), seat("wabup", "leader")], [held("bupati", "b"), held("wabup", "w")]
        assert leader_on(DAY, seats, holding, [gone("b")]) == "present"
        assert leader_on(DAY, seats, holding, [gone("b"), gone("w")]) == "away"

    def test_a_letter_to_one_of_them_asks_for_that_one(self) -> None:
        staff = [seat("bupati", "leader"), seat("wabup", "leader"), seat("clerk", "registrar")]
        assert leading(branch(), staff) == staff[:2]
        assert leading(branch().model_copy(update={"position_id": "wabup"}), staff) == [staff[1]]
        assert leading(branch().model_copy(update={"position_id": "clerk"}), staff) == staff[:2]
        assert leading(branch(), [seat("head", active=False), seat("other", unit_id="unit-x")]) == []


class TestPeriod:
    def test_is_a_year_until_now_where_nothing_is_asked(self) -> None:
        found = period(None, None, "2026-03")
        assert (found, len(found.months)) == (Period("2025-04", "2026-03"), 12)
        assert found.months[8:10] == ["2025-12", "2026-01"]

    def test_what_is_asked_is_kept(self) -> None:
        assert period("2026-01", "2026-02", "2026-09").months == ["2026-01", "2026-02"]
        assert period("2026-01", None, "2026-03") == Period("2026-01", "2026-03")
        assert period(None, "2025-12", "2026-03") == Period("2025-01", "2025-12")
        assert period("2026-05", None, "2026-03") == Period("2026-05", "2026-05")

    @pytest.mark.parametrize(("first", "last"), [("2026-02", "2026-01"), ("2023-01", "2026-01")])
    def test_one_that_is_none_or_too_long_is_refused(self, first: str, last: str) -> None:
        with pytest.raises(ServiceError) as refusal:
            period(first, last, "2026-03")
        assert refusal.value.status == 422


class TestSaved:
    def test_B1_is_the_share_of_the_time_before(self) -> None:
        assert saved(7200, 1800) == 0.75
        assert saved(3600, 7200) == -1

    def test_of_nothing_measured_nothing_is_said(self) -> None:
        assert saved(None, 1) is None
        assert saved(0, 1) is None
        assert saved(1, None) is None
