"""What the public is told of a letter. Invariant: a coarse word and a day, never what it says, who has it in hand or
what was instructed; of a letter that is not ordinary, not even which units it went to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from services.routing.domain.branch import Branch
from services.routing.domain.letter import Letter, Status, status_of, to_act_on

PublicState = Literal["received", "forwarded", "in_progress", "done", "returned", "void"]
LABELS: Mapping[PublicState, str] = {
    "received": "Diterima",
    "forwarded": "Diteruskan",
    "in_progress": "Sedang diproses",
    "done": "Selesai",
    "returned": "Dikembalikan",
    "void": "Pendaftaran dibatalkan",
}
PRACTICE = "Surat latihan"
STATES: Mapping[Status, PublicState] = {
    "registered": "received",
    "routed": "forwarded",
    "disposed": "in_progress",
    "in_progress": "in_progress",
    "done": "done",
    "archived": "done",
    "returned": "returned",
    "void": "void",
}
GUARDED_STATES: Mapping[PublicState, PublicState] = {
    "received": "received",
    "forwarded": "in_progress",
    "in_progress": "in_progress",
    "done": "done",
    "returned": "in_progress",
    "void": "void",
}
"""What is told of letters that are not ordinary."""


@dataclass(frozen=True)
class PublicStatus:
    """The word, the local day of the last change, and the units an ordinary letter lies with or was dealt with by."""

    state: PublicState
    changed_on: date
    units: tuple[str, ...] = ()
    training: bool = False

    @property
    def label(self) -> str:
        """The word for people; of a letter that was only entered to practise, that first."""
        label = LABELS[self.state]
        return f"{PRACTICE}: {label.lower()}" if self.training else label


def public_status(letter: Letter, branches: Sequence[Branch], zone: ZoneInfo) -> PublicStatus:
    """What is told of the letter as it is now."""
    state, training = STATES[status_of(letter, branches)], letter.summary.training
    if letter.voided:
        return PublicStatus(state, letter.voided.at.astimezone(zone).date(), (), training)
    if letter.summary.confidentiality != "ordinary":
        guarded = GUARDED_STATES[state]
        return PublicStatus(guarded, _guarded_day(letter, guarded, zone), (), training)
    ways = to_act_on(branches)
    changed_at = max((way.since for way in ways), default=letter.delivered_at)
    units = tuple(dict.fromkeys(way.unit_name for way in ways if way.external_name is None))
    return PublicStatus(state, changed_at.astimezone(zone).date(), units, training)


def _guarded_day(letter: Letter, state: PublicState, zone: ZoneInfo) -> date:
    """The day of what is told, not of what goes on inside."""
    at = letter.completed_at if state == "done" and letter.completed_at else letter.delivered_at
    return (letter.registered_at if state == "received" else at).astimezone(zone).date()
