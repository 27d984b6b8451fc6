"""What is measured of a letter. Invariant: a pure function of its history, and of whether the units' leaders were there
when it came; so it can be computed again at any time and says the same.

A row a branch and one for the letter itself. A branch belongs to the local month it was opened in, a letter to that of
its registration, and they stay there. Who acted belongs to the month of the act.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.contracts import routing as r
from services.contracts.event import Event
from services.contracts.vocabulary import Actor, LetterOutcome
from services.routing.domain.branch import Branch, State
from services.routing.domain.dossier import Dossier
from services.routing.domain.figure_measures import Leader, Measure, WayRole
from services.routing.domain.figure_path import between, measured, steps_taken, work_on
from services.routing.domain.letter import Status, status_of

ACTORS = ("registered_by", "issuer", "actor", "requester")
INSTANTS = ("delivered_at", "issued_at", "at", "registered_at")
"""Where an event tells who did it, and when; of several the first."""


class WayFigures(BaseModel):
    """What is measured of a branch. ``measures`` are milliseconds.

    ``opened``: somebody there has seen it. ``acted``: something was done about it. ``overdue``: it was not done when
    its deadline came; ``in_time``: it was. ``by_acting``: the first disposition was given by an acting official.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    letter_id: str
    unit_id: str
    month: str
    role: WayRole
    state: State
    opened_at: AwareDatetime
    due_at: AwareDatetime | None = None
    leader: Leader = "vacant"
    opened: bool = False
    acted: bool = False
    overdue: bool = False
    in_time: bool = False
    by_acting: bool = False
    measures: dict[Measure, int] = {}


class LetterFigures(BaseModel):
    """What is counted of a letter, for the unit that entered it. ``sent``: that unit is the sender itself."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    letter_id: str
    unit_id: str
    month: str
    sent: bool
    status: Status
    outcome: LetterOutcome | None = None
    measures: dict[Measure, int] = {}


Row = WayFigures | LetterFigures


@dataclass(frozen=True)
class Deeds:
    """Who of a unit did something in a month, and when last."""

    positions: frozenset[str]
    people: frozenset[str]
    last_at: datetime

    def __add__(self, other: "Deeds") -> "Deeds":
        """Both together."""
        last_at = max(self.last_at, other.last_at)
        return Deeds(self.positions | other.positions, self.people | other.people, last_at)


def month_of(instant: datetime, zone: ZoneInfo) -> str:
    """ "2026-03", as the calendar on the wall says."""
    return instant.astimezone(zone).strftime("%Y-%m")


def rows_of(
    dossier: Dossier, history: Iterable[Event], zone: ZoneInfo, leaders: Mapping[str, Leader]
) -> tuple[Row, ...]:
    """The letter's rows. ``leaders`` tells of each branch whether who leads its unit was there when it was opened."""
    events = tuple(history)
    awaited = _awaited(events)
    ways: list[Row] = []
    for branch in dossier.branches:
        asked_at = dossier.letter.registered_at if branch.id in awaited else None
        way = _outward(branch, dossier) if branch.external_name else _inward(branch, dossier, events, asked_at)
        leader = leaders.get(branch.id, "vacant")
        ways.append(way.model_copy(update={"month": month_of(branch.opened_at, zone), "leader": leader}))
    return (*ways, _of_letter(dossier, zone))


def deeds_of(history: Iterable[Event], zone: ZoneInfo) -> dict[tuple[str, str], Deeds]:
    """Per unit and month who acted."""
    found: dict[tuple[str, str], Deeds] = {}
    for event in history:
        actor, at = _first(event, ACTORS), _first(event, INSTANTS)
        if not isinstance(actor, Actor) or not isinstance(at, datetime):
            continue
        deed = Deeds(frozenset({actor.position_id}), frozenset({actor.person_id}), at)
        key = (actor.unit_id, month_of(at, zone))
        found[key] = found[key] + deed if key in found else deed
    return found


def _inward(branch: Branch, dossier: Dossier, events: Sequence[Event], asked_at: datetime | None) -> WayFigures:
    work = work_on(branch, dossier, events)
    taken = steps_taken(branch, work)
    done_at = dict(taken).get("step_done")
    due_at = branch.due_at if branch.role == "addressee" else None
    late = bool(due_at and done_at and done_at > due_at)
    return _way(branch, branch.role).model_copy(
        update={
            "due_at": due_at,
            "opened": branch.read is not None or work.disposed_at is not None,
            "acted": any((branch.received, branch.returned, branch.redirected, branch.closed, work.disposed_at)),
            "overdue": branch.overdue or late,
            "in_time": bool(due_at and done_at) and not (branch.overdue or late),
            "by_acting": work.capacity not in (None, "definitive"),
            "measures": measured(branch, taken, asked_at),
        }
    )


def _outward(branch: Branch, dossier: Dossier) -> WayFigures:
    sent = branch.state == "done"
    measures = {"to_dispatch": between(dossier.letter.registered_at, branch.since)} if sent else {}
    return _way(branch, "dispatch").model_copy(update={"opened": sent, "acted": sent, "measures": measures})


def _way(branch: Branch, role: WayRole) -> WayFigures:
    return WayFigures(
        id=branch.id,
        letter_id=branch.letter_id,
        unit_id=branch.unit_id,
        month="",
        role=role,
        state=branch.state,
        opened_at=branch.opened_at,
    )


def _of_letter(dossier: Dossier, zone: ZoneInfo) -> LetterFigures:
    letter = dossier.letter
    done_at = letter.completed_at
    return LetterFigures(
        id=letter.id,
        letter_id=letter.id,
        unit_id=letter.registered_by.unit_id,
        month=month_of(letter.registered_at, zone),
        sent=letter.summary.sender.kind != "external",
        status=status_of(letter, dossier.branches),
        outcome=letter.outcome,
        measures={"to_completion": between(letter.registered_at, done_at)} if done_at else {},
    )


def _awaited(events: Iterable[Event]) -> frozenset[str]:
    """The branches that the house opened by itself: where a person brought a letter on, no arrival was waited for."""
    found: list[str] = []
    for event in events:
        if isinstance(event, r.LetterDelivered):
            found += [one.branch_id for one in (*event.branches, *event.external)]
        elif isinstance(event, r.LetterForwarded) and event.actor is None:
            found += [one.branch_id for one in event.branches]
    return frozenset(found)


def _first(event: Event, names: Sequence[str]) -> Any:
    return next((value for name in names if (value := getattr(event, name, None)) is not None), None)
