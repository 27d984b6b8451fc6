"""Whether a position can be given work on a day, and who should be offered where its holder is away.

Invariant: work belongs to the position, so an absence never refuses anything: it warns, and names who stands in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from services.contracts.vocabulary import AbsenceKind
from services.routing.domain.absence import Absence, governing
from services.routing.domain.assignment import PREFIXES, Assignment
from services.routing.domain.organisation import Position
from services.routing.domain.wording import spoken

STATES: dict[AbsenceKind, str] = {
    "late": "terlambat",
    "absent": "tidak hadir",
    "on_duty": "dinas luar",
    "leave": "cuti",
    "away": "tidak di tempat",
}


@dataclass(frozen=True)
class Availability:
    """A position on a day: its holder, who stands in or fills the vacancy, and what is known of them being away."""

    position: Position
    on: date
    holder: Assignment | None = None
    acting: Assignment | None = None
    holder_away: Absence | None = None
    acting_away: Absence | None = None

    @property
    def in_charge(self) -> Assignment | None:
        """Who acts for the position: the acting official where there is one."""
        return self.acting or self.holder

    @property
    def absence(self) -> Absence | None:
        """The absence to warn of: the holder's, else that of who acts."""
        return self.holder_away or self.acting_away

    @property
    def instead(self) -> Assignment | None:
        """Whom to offer where somebody is away: of holder and acting official the one who is there."""
        if self.absence is None:
            return None
        there = ((self.acting, self.acting_away), (self.holder, self.holder_away))
        return next((one for one, away in there if one is not None and away is None), None)

    @property
    def attended(self) -> bool:
        """Whether somebody is there to act for the position."""
        return self.in_charge is not None and (self.absence is None or self.instead is not None)


def availability(
    position: Position, assignments: Iterable[Assignment], absences: Mapping[str, list[Absence]], on: date
) -> Availability:
    """What the assignments to the position and the absences of their people (by person) come to on the day."""
    held = [one for one in assignments if one.position_id == position.id and one.holds(on)]
    holder = next((one for one in held if not one.is_acting), None)
    acting = next((one for one in held if one.is_acting), None)

    def away(assignment: Assignment | None) -> Absence | None:
        return governing(absences.get(assignment.person_id, []), on) if assignment else None

    return Availability(position, on, holder, acting, away(holder), away(acting))


def warning(state: Availability) -> str | None:
    """What whoever gives work to the position should know; None where there is nothing to know."""
    title = state.position.title
    if not state.position.active:
        return f"Jabatan {title} sudah tidak aktif."
    if state.in_charge is None:
        return f"Jabatan {title} sedang kosong."
    if state.holder_away is not None:
        return f"{title} sedang {_told(state.holder_away)}. {_stand_in(state)}"
    if state.acting is not None and state.acting_away is not None:
        return f"{state.acting.display} sedang {_told(state.acting_away)}. {_stand_in(state)}"
    if state.holder is not None and state.acting is not None:
        until = f" s.d. {spoken(state.acting.ends_on)}" if state.acting.ends_on else ""
        return f"{title} sedang diwakili {_title(state.acting)} {state.acting.person_name}{until}."
    return None


def _told(absence: Absence) -> str:
    until = f" s.d. {spoken(absence.ends_on)}" if absence.ends_on else ""
    return f"{STATES[absence.kind]}{until}"


def _stand_in(state: Availability) -> str:
    if state.instead is None:
        also = "juga sedang tidak ada; " if state.holder_away and state.acting else ""
        who = f"{_title(state.acting)} {also}belum" if also and state.acting else "Belum"
        return f"{who} ada pejabat pengganti."
    return f"{_title(state.instead)}: {state.instead.person_name}."


def _title(assignment: Assignment) -> str:
    return PREFIXES[assignment.capacity].strip() or "Pejabat definitif"
