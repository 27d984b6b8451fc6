"""Counts and times of any number of rows. Invariant: exact, in whatever parts the rows are counted and put together.

So the times themselves are kept, in order, and not their medians: of two medians no third can be made. The value at a
share of the way through n times in order is the one at place (n - 1) * share, counted from 0, and between two places
in proportion; that is what ``statistics.quantiles(method="inclusive")`` and PERCENTILE.INC of spreadsheets say.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.routing.domain.branch import LEFT
from services.routing.domain.figure_measures import by_leader
from services.routing.domain.figures import LetterFigures, Row, WayFigures

MEDIAN, P90 = 0.5, 0.9


@dataclass(frozen=True)
class Tally:
    """``counts`` by name, ``times`` by measure in milliseconds, the shortest first."""

    counts: Mapping[str, int] = field(default_factory=dict)
    times: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def count(self, name: str) -> int:
        """How many; 0 for what was never counted."""
        return self.counts.get(name, 0)

    def counted_by(self, kind: str) -> dict[str, int]:
        """Of ``state``: how many in each state."""
        start = f"{kind}/"
        return {name.removeprefix(start): n for name, n in sorted(self.counts.items()) if name.startswith(start)}


@dataclass(frozen=True)
class Times:
    """How many times, and in seconds the median and what nine of ten kept within; None where there are none."""

    count: int
    median_seconds: float | None = None
    p90_seconds: float | None = None


def tally(rows: Iterable[Row]) -> Tally:
    """What these rows come to."""
    counts: Counter[str] = Counter()
    times: dict[str, list[int]] = {}
    for row in rows:
        counts.update(_of_way(row) if isinstance(row, WayFigures) else _of_letter(row))
        for measure, milliseconds in row.measures.items():
            times.setdefault(measure, []).append(milliseconds)
            if isinstance(row, WayFigures) and measure == "to_disposition":
                times.setdefault(by_leader(row.leader), []).append(milliseconds)
    return Tally(dict(counts), {measure: sorted(found) for measure, found in times.items()})


def together(parts: Iterable[Tally]) -> Tally:
    """What the parts come to as one."""
    counts: Counter[str] = Counter()
    times: dict[str, list[int]] = {}
    for part in parts:
        counts.update(part.counts)
        for measure, found in part.times.items():
            times.setdefault(measure, []).extend(found)
    return Tally(dict(counts), {measure: sorted(found) for measure, found in times.items()})


def times_of(counted: Tally, measure: str) -> Times:
    """The times of a measure in short."""
    found = counted.times.get(measure, ())
    if not found:
        return Times(0)
    return Times(len(found), _seconds(percentile(found, MEDIAN)), _seconds(percentile(found, P90)))


def percentile(ordered: Sequence[int], share: float) -> float:
    """The value at ``share`` of the way through values that are in order; there must be one."""
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _seconds(milliseconds: float) -> float:
    return round(milliseconds / 1000, 3)


def _of_way(row: WayFigures) -> list[str]:
    found = [f"role/{row.role}", f"state/{row.state}"]
    if row.role == "dispatch":
        return found
    found.append(f"leader/{row.leader}")
    if row.state in LEFT and not row.acted:
        return found  # taken back before anybody there could do anything about it
    found.append("delivered")
    if row.role == "addressee":
        found += ["asked", *(["timed"] if row.due_at else [])]
        found += [name for name in ("acted", "in_time", "overdue", "by_acting") if getattr(row, name)]
    return [*found, *(["opened"] if row.opened else [])]


def _of_letter(row: LetterFigures) -> list[str]:
    outcome = [f"outcome/{row.outcome}"] if row.outcome else []
    return ["letters", f"status/{row.status}", *(["sent"] if row.sent else ["entered"]), *outcome]
