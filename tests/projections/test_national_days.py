"""National days: what the library tells is what offices keep."""

from datetime import date

import pytest

from services.projections.national_days import national_days


class TestNationalDays:
    @pytest.mark.parametrize("year", [2024, 2025, 2026, 2027])
    def test_public_holidays_and_joint_leave_are_told_apart(self, year: int) -> None:
        kinds = [kind for kind, _ in national_days(year).values()]
        assert kinds.count("national") >= 15
        assert kinds.count("joint_leave") >= 5

    @pytest.mark.parametrize(
        ("day", "named"),
        [(date(2024, 3, 11), "Nyepi"), (date(2025, 3, 29), "Nyepi"), (date(2026, 3, 19), "Nyepi")],
    )
    def test_nyepi_is_where_the_decrees_put_it(self, day: date, named: str) -> None:
        kind, name = national_days(day.year)[day]
        assert kind == "national"
        assert named in name

    def test_what_is_not_decreed_yet_is_called_an_estimate(self) -> None:
        assert any("perkiraan" in name for _, name in national_days(2040).values())

    @pytest.mark.parametrize("year", [1900, 2101, 9999])
    def test_years_nobody_knows_of_have_none(self, year: int) -> None:
        assert national_days(year) == {}
