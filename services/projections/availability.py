"""Whether a position can be given work on a day, and who should be offered where its holder is away.

Invariant: pure, and one rule for every service. Work belongs to the position, so an absence never refuses anything: it
warns, and names who stands in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeAlias, TypeVar

from services.contracts.routing import AbsenceChanged, AssignmentChanged
from services.contracts.vocabulary import AbsenceKind, Capacity
from services.projections.local_dates import long_date
from services.projections.titles import display_title, standing_in

STATES: dict[AbsenceKind, str] = {
    "late": "terlambat",
    "absent": "tidak hadir",
    "on_duty": "dinas luar",
    "leave": "cuti",
    "away": "tidak di tempat",
}


class Term(Protocol):
    """What is in force from one local date through another, or without an end."""

    @property
    def starts_on(self) -> date:
        """The first day."""
        ...

    @property
    def ends_on(self) -> date | None:
        """The last day, or None."""
        ...

    @property
    def cancelled(self) -> bool:
        """Whether it never was."""
        ...


class Seat(Term, Protocol):
    """A person in a position."""

    @property
    def person_id(self) -> str:
        """Whose it is."""
        ...

    @property
    def person_name(self) -> str:
        """The name."""
        ...

    @property
    def position_title(self) -> str:
        """What the position is called."""
        ...

    @property
    def capacity(self) -> Capacity:
        """Whether the person holds it or stands in."""
        ...


class Away(Term, Protocol):
    """That somebody is not there."""

    @property
    def kind(self) -> AbsenceKind:
        """In which way."""
        ...


S = TypeVar("S", bound=Seat)
A = TypeVar("A", bound=Away)


@dataclass(frozen=True)
class Attendance(Generic[S, A]):
    """A position on a day: its holder, who stands in or fills the vacancy, and what is known of them being away."""

    position_id: str
    title: str
    active: bool
    on: date
    holder: S | None = None
    acting: S | None = None
    holder_away: A | None = None
    acting_away: A | None = None

    @property
    def in_charge(self) -> S | None:
        """Who acts for the position: the acting official where there is one."""
        return self.acting or self.holder

    @property
    def absence(self) -> A | None:
        """The absence to warn of: the holder's, else that of who acts."""
        return self.holder_away or self.acting_away

    @property
    def instead(self) -> S | None:
        """Whom to offer where somebody is away: of holder and acting official the one who is there."""
        if self.absence is None:
            return None
        there = ((self.acting, self.acting_away), (self.holder, self.holder_away))
        return next((one for one, away in there if one is not None and away is None), None)

    @property
    def attended(self) -> bool:
        """Whether somebody is there to act for the position."""
        return self.in_charge is not None and (self.absence is None or self.instead is not None)


Availability: TypeAlias = Attendance[AssignmentChanged, AbsenceChanged]
"""The same as a service knows it that was told by routing."""


@dataclass(frozen=True)
class Post:
    """The position that is asked for."""

    position_id: str
    title: str
    active: bool = True


def attendance(post: Post, seats: Iterable[S], absences: Mapping[str, Sequence[A]], on: date) -> Attendance[S, A]:
    """What the assignments to the position and the absences of their people (by person) come to on the day."""
    held = [one for one in seats if in_force(one, on)]
    holder = next((one for one in held if one.capacity == "definitive"), None)
    acting = next((one for one in held if one.capacity != "definitive"), None)

    def away(seat: S | None) -> A | None:
        return governing(absences.get(seat.person_id, ()), on) if seat else None

    return Attendance(post.position_id, post.title, post.active, on, holder, acting, away(holder), away(acting))


def in_force(term: Term, day: date) -> bool:
    """Whether ``day`` lies in it."""
    return not term.cancelled and term.starts_on <= day <= (term.ends_on or date.max)


def counts_on(absence: Away, day: date) -> bool:
    """Whether the person is not there on ``day`` because of it: who is merely late is there."""
    return absence.kind != "late" and in_force(absence, day)


def governing(absences: Iterable[A], day: date) -> A | None:
    """The one to tell people of: of those that count on ``day`` the one that lasts longest."""
    counting = [one for one in absences if counts_on(one, day)]
    return max(counting, key=lambda one: (one.ends_on or date.max, one.starts_on, one.kind), default=None)


def warning(state: Attendance[S, A]) -> str | None:
    """What whoever gives work to the position should know; None where there is nothing to know."""
    title = state.title
    if not state.active:
        return f"Jabatan {title} sudah tidak aktif."
    if state.in_charge is None:
        return f"Jabatan {title} sedang kosong."
    if state.holder_away is not None:
        return f"{title} sedang {_told(state.holder_away)}. {_stand_in(state)}"
    if state.acting is not None and state.acting_away is not None:
        who = display_title(state.acting.position_title, state.acting.capacity)
        return f"{who} sedang {_told(state.acting_away)}. {_stand_in(state)}"
    if state.holder is not None and state.acting is not None:
        who = f"{standing_in(state.acting.capacity)} {state.acting.person_name}"
        return f"{title} sedang diwakili {who}{_until(state.acting)}."
    return None


def _until(term: Term) -> str:
    return f" s.d. {long_date(term.ends_on)}" if term.ends_on else ""


def _told(absence: Away) -> str:
    return f"{STATES[absence.kind]}{_until(absence)}"


def _stand_in(state: Attendance[S, A]) -> str:
    if state.instead is not None:
        return f"{standing_in(state.instead.capacity)}: {state.instead.person_name}."
    if state.holder_away and state.acting:
        return f"{standing_in(state.acting.capacity)} juga sedang tidak ada; belum ada pejabat pengganti."
    return "Belum ada pejabat pengganti."
