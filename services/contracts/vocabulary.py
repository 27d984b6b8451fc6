"""Words shared by the events of several services. Invariant: a value, once published, keeps its meaning."""

from typing import Literal

from pydantic import AwareDatetime

from services.contracts.event import Fact

Capacity = Literal["definitive", "plt", "plh", "pj", "pjs"]
Urgency = Literal["very_urgent", "urgent", "normal"]
Confidentiality = Literal["top_secret", "secret", "restricted", "ordinary"]
Direction = Literal["incoming", "outgoing", "internal"]
Category = Literal["invitation", "request", "report", "other"]
PartyKind = Literal["unit", "position", "external"]
LetterOutcome = Literal["policy", "decision", "reply", "activity", "noted"]
AbsenceKind = Literal["late", "absent", "on_duty", "leave", "away"]
"""What the presence feed (E-Absen) tells of an official. ``late`` alone leaves them reachable that day."""
LinkRelation = Literal["reply_to", "follows", "related"]


class Actor(Fact):
    """Who did it, as which position, and in which capacity: kept with every act."""

    person_id: str
    person_name: str
    position_id: str
    position_title: str
    unit_id: str
    unit_name: str
    capacity: Capacity


class Party(Fact):
    """Whom a letter is for or from. ``id`` is a unit's or position's; an external party has only a name."""

    kind: PartyKind
    id: str | None = None
    name: str


class Occasion(Fact):
    """What an invitation invites to. Half-open in time: from ``starts_at`` until just before ``ends_at``."""

    title: str
    place: str | None = None
    starts_at: AwareDatetime
    ends_at: AwareDatetime


class Access(Fact):
    """Who may read a letter. ``units`` speaks of those positions in a unit that handle its letters."""

    confidentiality: Confidentiality
    units: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
