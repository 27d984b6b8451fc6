"""What lies undone with a unit. Invariant: says how it is at the instant it is asked for; what is kept does not age.

Ages are counted in days of twenty-four hours since the letter came to the unit.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from services.routing.domain.branch import OPEN
from services.routing.domain.figures import Row, WayFigures

AGES: tuple[tuple[str, int | None], ...] = (
    ("under_1_day", 1),
    ("1_to_3_days", 3),
    ("3_to_7_days", 7),
    ("7_to_14_days", 14),
    ("14_to_30_days", 30),
    ("over_30_days", None),
)
"""The name of each age, and at how many days the next begins."""
AGE_LABELS = ("< 1 hari", "1–3 hari", "3–7 hari", "7–14 hari", "14–30 hari", "> 30 hari")
_DAY = 24 * 3600 * 1000


@dataclass(frozen=True)
class Backlog:
    """Instants in milliseconds, in order: when each open branch came, by what has become of it, and deadlines.

    ``waiting`` are not followed up, ``working`` are; ``unread_copies`` and ``to_dispatch`` hold nobody up.
    """

    waiting: Sequence[int] = ()
    working: Sequence[int] = ()
    deadlines: Sequence[int] = ()
    unread_copies: Sequence[int] = ()
    to_dispatch: Sequence[int] = ()

    def __bool__(self) -> bool:
        """Whether anything lies there."""
        return any((self.waiting, self.working, self.unread_copies, self.to_dispatch))


@dataclass(frozen=True)
class Standing:
    """A backlog at an instant."""

    open: int
    not_followed_up: int
    overdue: int
    unread_copies: int
    to_dispatch: int
    ages: dict[str, int]
    oldest_at: datetime | None


def backlog_of(rows: Iterable[Row]) -> Backlog:
    """What of these rows is open."""
    open_ones = [row for row in rows if isinstance(row, WayFigures) and row.state in OPEN]
    asked = [row for row in open_ones if row.role == "addressee"]
    return Backlog(
        waiting=_in_order(row.opened_at for row in asked if row.state != "in_progress"),
        working=_in_order(row.opened_at for row in asked if row.state == "in_progress"),
        deadlines=_in_order(row.due_at for row in asked if row.due_at),
        unread_copies=_in_order(row.opened_at for row in open_ones if row.role == "copy"),
        to_dispatch=_in_order(row.opened_at for row in open_ones if row.role == "dispatch"),
    )


def heaped(parts: Iterable[Backlog]) -> Backlog:
    """Several as one."""
    known = list(parts)
    return Backlog(
        **{one.name: sorted(t for part in known for t in getattr(part, one.name)) for one in fields(Backlog)}
    )


def standing(backlog: Backlog, at: datetime) -> Standing:
    """How it is at an instant."""
    came = sorted((*backlog.waiting, *backlog.working))
    instant = _milliseconds(at)
    return Standing(
        open=len(came),
        not_followed_up=len(backlog.waiting),
        overdue=bisect_left(backlog.deadlines, instant),
        unread_copies=len(backlog.unread_copies),
        to_dispatch=len(backlog.to_dispatch),
        ages=_ages(came, instant),
        oldest_at=datetime.fromtimestamp(came[0] / 1000, UTC) if came else None,
    )


def _ages(came: Sequence[int], instant: int) -> dict[str, int]:
    found: dict[str, int] = {}
    younger = len(came)
    for name, days in AGES:
        older = bisect_left(came, instant - days * _DAY + 1) if days is not None else 0
        found[name] = younger - older
        younger = older
    return found


def _in_order(instants: Iterable[datetime]) -> list[int]:
    return sorted(_milliseconds(one) for one in instants)


def _milliseconds(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)
