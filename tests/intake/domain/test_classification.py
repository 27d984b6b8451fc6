"""The archive classification: order, place, search, and comparing a file with it."""

from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.catalogue.class_file import plan_file
from services.intake.domain.catalogue.classification import (
    CODE,
    FIRST,
    ClassEntry,
    Classification,
    above,
    page_after,
    sort_key,
)

codes = st.from_regex(CODE, fullmatch=True).filter(str.isascii)


def catalogue(*entries: str) -> Classification:
    """One with these codes."""
    return Classification.of(1, [*FIRST.entries.values(), *(ClassEntry(code, f"Nama {code}") for code in entries)])


class TestPlace:
    """Where a code stands."""

    def test_dotted_codes_stand_under_what_comes_before_the_last_dot(self) -> None:
        assert above("000.1.2") == ["000.1"]
        assert above("000.1") == ["000"]

    def test_three_digits_stand_under_the_nearest_ten_or_hundred_there_is(self) -> None:
        assert above("621") == ["620", "600"]
        assert above("620") == ["600"]
        assert above("600") == []
        assert catalogue("621").parent("621") == "600"
        assert catalogue("620", "621").parent("621") == "620"

    @given(codes)
    def test_nothing_stands_under_itself(self, code: str) -> None:
        assert code not in above(code)


class TestOrder:
    """In what order codes come."""

    def test_numbers_are_compared_as_numbers(self) -> None:
        assert sorted(["000.10", "000.2", "000", "000.2.1"], key=sort_key) == ["000", "000.2", "000.2.1", "000.10"]

    @given(st.lists(codes, min_size=1, max_size=30, unique=True), st.integers(1, 7))
    def test_pages_hold_every_code_once(self, wanted: list[str], limit: int) -> None:
        entries = list(Classification.of(1, [ClassEntry(code, "x") for code in wanted]).entries.values())
        found: list[str] = []
        cursor = None
        while True:
            page, cursor = page_after(entries, cursor, limit)
            found += [one.code for one in page]
            if cursor is None:
                break
        assert found == [one.code for one in entries]
        assert sorted(found) == sorted(wanted)


class TestPlan:
    """What a file changes."""

    @given(st.lists(st.sampled_from([f"{group}00.{part}" for group in range(10) for part in range(5)]), unique=True))
    def test_what_was_taken_in_changes_nothing_when_taken_in_again(self, wanted: list[str]) -> None:
        rows = [(1, ("kode", "nama")), *((n, (code, f"Nama {code}")) for n, code in enumerate(wanted, start=2))]
        plan = plan_file(FIRST, "x", rows, whole=False)
        if not wanted:
            assert [one.row for one in plan.mistakes] == [None]
            return
        assert (plan.mistakes, plan.count("made")) == ([], len(wanted))
        after = plan.after(FIRST)
        again = plan_file(after, "x", rows, whole=False)
        assert (again.changes, again.mistakes, again.unchanged) == ([], [], len(wanted))
        assert set(after.entries) == set(FIRST.entries) | set(wanted)

    def test_a_whole_catalogue_retires_and_never_removes(self) -> None:
        rows = [(1, ("kode", "nama")), (2, ("600", "Pekerjaan Umum dan Ketenagaan"))]
        after = plan_file(catalogue("600.1"), "x", rows, whole=True).after(catalogue("600.1"))
        assert {code for code, entry in after.entries.items() if not entry.retired} == {"600"}
        assert set(after.entries) == set(catalogue("600.1").entries)
