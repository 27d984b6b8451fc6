"""Growth and forecast: a line through whole months, never through one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.usage import Usage, forecast

TODAY = date(2026, 11, 22)


def months(*added: int) -> list[tuple[date, int]]:
    """These bytes in the months before the present one."""
    first = 10 - len(added) + 1
    return [(date(2026, first + number, 1), bytes_) for number, bytes_ in enumerate(added)]


class TestForecast:
    @pytest.mark.parametrize("known", [[], months(100), [(date(2026, 11, 1), 100)]], ids=["none", "one", "present"])
    def test_nothing_is_told_from_less_than_two_whole_months(self, known: list[tuple[date, int]]) -> None:
        assert forecast(known, None, TODAY) is None

    def test_steady_growth_goes_on(self) -> None:
        told = forecast(months(100, 100, 100), None, TODAY)
        assert told is not None
        assert (told.bytes_a_month, told.bytes_in_a_year, told.full_on) == (100, 300 + 1200, None)

    def test_rising_growth_rises_on(self) -> None:
        told = forecast(months(100, 200, 300), None, TODAY)
        assert told is not None
        assert told.bytes_in_a_year == 600 + sum(range(400, 1600, 100))

    def test_month_without_letters_counts(self) -> None:
        told = forecast([(date(2026, 8, 1), 300), (date(2026, 10, 1), 300)], None, TODAY)
        assert told is not None
        assert told.bytes_a_month == 200

    def test_month_in_which_it_is_full(self) -> None:
        told = forecast(months(100, 100), 200 + 350, TODAY)
        assert told is not None
        assert told.full_on == date(2027, 3, 1)

    def test_full_already_is_full_now(self) -> None:
        told = forecast(months(100, 100), 150, TODAY)
        assert told is not None
        assert told.full_on == date(2026, 11, 1)

    def test_shrinking_growth_never_takes_away(self) -> None:
        told = forecast(months(500, 100), None, TODAY)
        assert told is not None
        assert told.bytes_in_a_year >= 600

    @given(st.lists(st.integers(0, 10**12), min_size=2, max_size=9), st.integers(1, 10**13))
    def test_what_is_there_is_never_less_and_full_never_before_now(self, added: list[int], capacity: int) -> None:
        told = forecast(months(*added), capacity, TODAY)
        assert told is not None
        assert told.bytes_in_a_year >= sum(added)
        assert told.full_on is None or told.full_on >= date(2026, 11, 1)


class TestUsage:
    @given(
        st.lists(st.integers(0, 10**9), min_size=7, max_size=7), st.lists(st.integers(0, 10**9), min_size=7, max_size=7)
    )
    def test_sums_field_by_field(self, one: list[int], other: list[int]) -> None:
        assert Usage(*one) + Usage(*other) == Usage(*(a + b for a, b in zip(one, other, strict=True)))
