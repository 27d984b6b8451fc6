"""Counting rows, in whatever parts."""

import statistics
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.figure_counts import Tally, percentile, tally, times_of, together
from services.routing.domain.figure_measures import LEADERS, by_leader
from services.routing.domain.figures import LetterFigures, Row, WayFigures
from tests.routing.domain.samples import AT

VALUES = st.lists(st.integers(0, 10**12), min_size=1, max_size=60)
STATES = ("sent", "read", "received", "in_progress", "done", "returned", "recalled", "redirected")


@st.composite
def way(draw: st.DrawFn) -> WayFigures:
    """Any row of a branch."""
    opened = draw(st.booleans())
    return WayFigures(
        id=draw(st.uuids()).hex,
        letter_id="letter",
        unit_id="unit",
        month="2026-03",
        role=draw(st.sampled_from(["addressee", "copy", "dispatch"])),
        state=draw(st.sampled_from(STATES)),
        opened_at=AT - timedelta(days=draw(st.integers(0, 60))),
        due_at=draw(st.sampled_from([None, AT])),
        leader=draw(st.sampled_from(LEADERS)),
        opened=opened,
        acted=opened and draw(st.booleans()),
        measures=draw(
            st.dictionaries(st.sampled_from(["to_inbox", "to_read", "to_disposition"]), st.integers(0, 10**9))
        ),
    )


LETTER = st.builds(
    LetterFigures,
    id=st.uuids().map(str),
    letter_id=st.just("letter"),
    unit_id=st.just("unit"),
    month=st.just("2026-03"),
    sent=st.booleans(),
    status=st.sampled_from(["routed", "done"]),
    outcome=st.sampled_from([None, "reply", "noted"]),
    measures=st.just({}),
)
ROWS: st.SearchStrategy[list[Row]] = st.lists(st.one_of(way(), LETTER), max_size=40)


class TestPercentile:
    @given(VALUES, st.floats(0, 1))
    def test_lies_within_what_was_measured(self, values: list[int], share: float) -> None:
        assert min(values) <= percentile(sorted(values), share) <= max(values)

    @given(VALUES, st.floats(0, 1), st.floats(0, 1))
    def test_of_a_larger_share_is_not_less(self, values: list[int], one: float, other: float) -> None:
        ordered = sorted(values)
        assert percentile(ordered, min(one, other)) <= percentile(ordered, max(one, other)) * (1 + 1e-12) + 1e-6

    @given(st.lists(st.integers(0, 10**9), min_size=2, max_size=60))
    def test_is_what_the_standard_library_and_spreadsheets_say(self, values: list[int]) -> None:
        ordered = sorted(values)
        assert abs(percentile(ordered, 0.5) - statistics.median(ordered)) < 1e-3
        assert abs(percentile(ordered, 0.9) - statistics.quantiles(ordered, n=10, method="inclusive")[8]) < 1e-3

    def test_of_one_value_is_that_value(self) -> None:
        assert percentile([7], 0.9) == 7


class TestTally:
    @given(ROWS)
    def test_every_branch_is_counted_once(self, rows: list[Row]) -> None:
        counted = tally(rows)
        ways = [row for row in rows if isinstance(row, WayFigures)]
        assert sum(counted.counted_by("role").values()) == len(ways)
        assert sum(counted.counted_by("state").values()) == len(ways)
        assert sum(counted.counted_by("leader").values()) == sum(row.role != "dispatch" for row in ways)
        letters = len(rows) - len(ways)
        assert counted.count("sent") + counted.count("entered") == counted.count("letters") == letters
        assert sum(counted.counted_by("status").values()) == letters

    @given(ROWS)
    def test_no_part_is_larger_than_its_whole(self, rows: list[Row]) -> None:
        counted = tally(rows)
        assert counted.count("opened") <= counted.count("delivered")
        assert counted.count("acted") <= counted.count("asked") <= counted.count("delivered")
        assert counted.count("timed") <= counted.count("asked")

    @given(ROWS)
    def test_the_parts_by_leader_are_together_the_whole(self, rows: list[Row]) -> None:
        counted = tally(rows)
        parts = [one for leader in LEADERS for one in counted.times.get(by_leader(leader), ())]
        assert sorted(parts) == list(counted.times.get("to_disposition", ()))

    @given(ROWS, st.integers(1, 5))
    def test_counted_in_parts_and_put_together_it_is_the_same(self, rows: list[Row], parts: int) -> None:
        whole = tally(rows)
        assert together(tally(rows[start::parts]) for start in range(parts)) == whole
        for measure in whole.times:
            assert times_of(whole, measure).count == len(whole.times[measure])

    @given(ROWS)
    def test_the_median_is_not_over_the_90th_percentile(self, rows: list[Row]) -> None:
        counted = tally(rows)
        for measure, values in counted.times.items():
            times = times_of(counted, measure)
            assert times.median_seconds is not None
            assert times.p90_seconds is not None
            assert values[0] / 1000 - 0.001 <= times.median_seconds <= times.p90_seconds <= values[-1] / 1000 + 0.001

    def test_of_nothing_there_are_no_times(self) -> None:
        times = times_of(Tally(), "to_read")
        assert (times.count, times.median_seconds, times.p90_seconds) == (0, None, None)

    def test_what_was_taken_back_unread_was_not_there_to_be_opened(self) -> None:
        given_back = WayFigures(
            id="b", letter_id="l", unit_id="u", month="2026-03", role="addressee", state="recalled", opened_at=AT
        )
        assert tally([given_back]).count("delivered") == 0
        assert tally([given_back.model_copy(update={"state": "redirected", "acted": True})]).count("delivered") == 1
