"""Dates and hours, however they are written and misread."""

from datetime import date, time

import pytest

from services.intake.domain.suggestions.dates import dates_in, hours_in, month_of, weekday_of


class TestDates:
    @pytest.mark.parametrize(
        "text",
        [
            "12 Mei 2025",
            "l2 Mei 2O25",
            "12 MEI 2025",
            "12 Mel 2025",
            "12Mei2025",
            "12-05-2025",
            "12/5/2025",
            "12.05.2025",
            "Senin, 12 Mei 2025,",
        ],
    )
    def test_one_day_however_it_is_written(self, text: str) -> None:
        (found,) = dates_in(text)
        assert found.on() == date(2025, 5, 12)

    @pytest.mark.parametrize(
        ("word", "month"),
        [("Pebruari", 2), ("Nopember", 11), ("Agust", 8), ("JuIi", 7), ("Jun1", 6), ("Okt", 10), ("Septembcr", 9)],
    )
    def test_months_of_older_spelling_shortened_and_misread(self, word: str, month: int) -> None:
        assert month_of(word)[0] == month

    @pytest.mark.parametrize("word", ["dan", "Jalan", "hari", "nomor", "Jl", "pasal"])
    def test_other_words_are_no_months(self, word: str) -> None:
        assert month_of(word) == (None, False)

    @pytest.mark.parametrize("word", ["Juni", "Juli"])
    def test_june_and_july_are_told_apart(self, word: str) -> None:
        assert month_of(word)[1]
        assert month_of("Juni")[0] != month_of("Juli")[0]

    @pytest.mark.parametrize(
        "text",
        ["31 Februari 2025", "45 Mei 2025", "600.1.2/117/2025", "19700514 199503 1 003", "Mei 2025", "12 Mei 1789"],
    )
    def test_what_is_no_day_of_the_calendar_is_none(self, text: str) -> None:
        assert [one.on() for one in dates_in(text) if one.on()] == []

    @pytest.mark.parametrize("text", ["12-14 Mei 2025", "12 s.d. 14 Mei 2025", "12 sampai dengan 14 Mei 2025"])
    def test_several_days_of_one_month(self, text: str) -> None:
        (found,) = dates_in(text)
        assert (found.from_day(), found.on()) == (date(2025, 5, 12), date(2025, 5, 14))

    def test_day_without_a_year_has_none_until_one_is_given(self) -> None:
        (found,) = dates_in("Senin, 12 Mei pukul")
        assert found.on() is None
        assert found.on(2025) == date(2025, 5, 12)


class TestWeekdays:
    @pytest.mark.parametrize(("word", "day"), [("Senin", 0), ("Jum'at", 4), ("Jumat", 4), ("Se1asa", 1), ("Ahad", 6)])
    def test_days_of_the_week(self, word: str, day: int) -> None:
        assert weekday_of(word) == day


class TestHours:
    @pytest.mark.parametrize(
        ("text", "hours"),
        [
            ("09.00 WITA", [time(9)]),
            ("O9.3O", [time(9, 30)]),
            ("09:15-10:15 Wita", [time(9, 15), time(10, 15)]),
            ("24.00", []),
            ("Pukul : 11:30", [time(11, 30)]),
            ("Permendagri 83/2022", []),
        ],
    )
    def test_times_of_the_day(self, text: str, hours: list[time]) -> None:
        assert [one for _, _, one in hours_in(text)] == hours
