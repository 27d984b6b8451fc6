"""Deadline rules: the closest one decides, and none is an answer too."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.contracts.vocabulary import Urgency
from services.projections.working_days import WorkingCalendar
from services.routing.domain.deadline import (
    DEFAULT_RULES,
    MAX_WORKING_DAYS,
    DeadlineRules,
    KindRule,
    UrgencyRules,
    deadline_of,
)
from tests.projections.calendars import INSTANTS, MAKASSAR, calendars, klungkung

MONDAY = datetime.combine(date(2026, 3, 2), time(9), MAKASSAR).astimezone(UTC)
URGENCIES = st.sampled_from(["very_urgent", "urgent", "normal"])


def with_kinds(*rules: KindRule) -> DeadlineRules:
    """The defaults with these exceptions."""
    return DEFAULT_RULES.model_copy(update={"by_kind": rules})


class TestWorkingDays:
    @pytest.mark.parametrize(("urgency", "days"), [("very_urgent", 1), ("urgent", 2), ("normal", 5)])
    def test_by_default_offices_keep_the_old_rule(self, urgency: Urgency, days: int) -> None:
        assert DEFAULT_RULES.working_days(urgency, "Surat Dinas") == days

    def test_a_kind_may_have_its_own(self) -> None:
        rules = with_kinds(KindRule(kind="Surat Izin", working_days=14))
        assert rules.working_days("normal", "surat  izin ") == 14
        assert rules.working_days("normal", "Surat Dinas") == 5

    def test_a_kind_of_one_urgency_comes_before_the_kind(self) -> None:
        rules = with_kinds(
            KindRule(kind="Surat Izin", working_days=14), KindRule(kind="Surat Izin", urgency="urgent", working_days=3)
        )
        assert rules.working_days("urgent", "Surat Izin") == 3
        assert rules.working_days("very_urgent", "Surat Izin") == 14

    def test_a_kind_may_have_none(self) -> None:
        rules = with_kinds(KindRule(kind="Surat Edaran", working_days=None))
        assert rules.working_days("very_urgent", "Surat Edaran") is None

    def test_an_urgency_may_have_none(self) -> None:
        rules = DeadlineRules(by_urgency=UrgencyRules(very_urgent=1, urgent=2, normal=None))
        assert rules.working_days("normal", "Surat Dinas") is None


class TestRules:
    def test_each_kind_and_urgency_is_named_once(self) -> None:
        twice = [{"kind": "Surat Izin", "working_days": 1}, {"kind": "SURAT  IZIN", "working_days": 2}]
        with pytest.raises(ValidationError, match="once"):
            DeadlineRules.model_validate({**DEFAULT_RULES.model_dump(), "by_kind": twice})

    @pytest.mark.parametrize("days", [0, -1, MAX_WORKING_DAYS + 1, 1.5])
    def test_a_deadline_lies_within_reason(self, days: float) -> None:
        with pytest.raises(ValidationError):
            KindRule.model_validate({"kind": "Surat Izin", "working_days": days})


class TestDeadlineOf:
    def test_very_urgent_is_due_at_the_close_of_the_next_working_day(self) -> None:
        due = deadline_of(DEFAULT_RULES, klungkung(), "very_urgent", "Surat Dinas", MONDAY)
        assert due is not None
        assert due.due_at == datetime(2026, 3, 3, 8, tzinfo=UTC)
        assert due.remind_at == datetime(2026, 3, 3, 0, tzinfo=UTC)

    def test_no_rule_no_deadline(self) -> None:
        rules = with_kinds(KindRule(kind="Surat Edaran", working_days=None))
        assert deadline_of(rules, klungkung(), "urgent", "Surat Edaran", MONDAY) is None

    @given(calendars(), INSTANTS, URGENCIES)
    def test_it_is_told_in_utc_and_reminded_of_before(
        self, days: WorkingCalendar, at: datetime, urgency: Urgency
    ) -> None:
        due = deadline_of(DEFAULT_RULES, days, urgency, "Surat Dinas", at)
        assert due is not None
        assert at < due.remind_at < due.due_at
        assert due.due_at.tzinfo is UTC
