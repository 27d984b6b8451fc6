"""A row of the buku ekspedisi: what was sent to whom, and who took it there. Invariant: pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.contracts.routing import Branch
from services.contracts.vocabulary import Actor
from services.projections.titles import display_title
from services.projections.ways import destination

State = Literal["sent", "read", "received", "returned", "recalled", "redirected"]


class Signed(BaseModel):
    """Somebody did it, as whom, and when; ``reason`` or ``to`` where that belongs to it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    title: str
    unit: str
    at: AwareDatetime
    reason: str | None = None
    to: str | None = None


def signed(actor: Actor, at: datetime, **further: str | None) -> dict[str, Any]:
    """The document of a ``Signed``."""
    title = display_title(actor.position_title, actor.capacity)
    return {"name": actor.person_name, "title": title, "unit": actor.unit_name, "at": at, **further}


@dataclass(frozen=True)
class Sending:
    """A branch that was opened: by which unit, when, and for which letter. ``sent_by`` is None where a rule did it, and
    ``by_registrar`` where it was whoever registered the letter, which the letter itself says."""

    branch: Branch
    letter_id: str
    unit_id: str
    at: datetime
    training: bool
    sent_by: Actor | None = None
    by_registrar: bool = False

    @property
    def branch_id(self) -> str:
        """The row's id."""
        return self.branch.branch_id

    def fields(self) -> dict[str, Any]:
        """What of a row the sending tells."""
        branch = self.branch
        return {
            "letter_id": self.letter_id,
            "unit_id": self.unit_id,
            "role": branch.role,
            "to": destination(branch),
            "to_unit": None if branch.external_name or branch.position_id is None else branch.unit_name,
            "outside": branch.external_name is not None,
            "within": branch.external_name is None and branch.unit_id == self.unit_id,
            "training": self.training,
            "sent_at": self.at,
            "sent_by": signed(self.sent_by, self.at) if self.sent_by else None,
            "by_registrar": self.by_registrar,
        }


class Dispatch(BaseModel):
    """What was sent on one way. ``within`` stays in the unit; ``outside`` leaves the house, and is closed when sent.

    ``closings`` are by the version of the letter's stream: a way may be opened again, and the latest holds.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    letter_id: str
    unit_id: str
    role: Literal["addressee", "copy"]
    to: str
    to_unit: str | None = None
    outside: bool = False
    within: bool = False
    training: bool = False
    sent_at: AwareDatetime
    sent_by: Signed | None = None
    by_registrar: bool = False
    read: Signed | None = None
    received: Signed | None = None
    returned: Signed | None = None
    recalled: Signed | None = None
    redirected: Signed | None = None
    closings: dict[str, Signed] = {}

    @property
    def receipt(self) -> Signed | None:
        """Who took it: whoever received it; outside the house, who recorded that it was sent."""
        if not self.outside:
            return self.received
        return self.closings[max(self.closings, key=int)] if self.closings else None

    @property
    def state(self) -> State:
        """How far it has come; how it left, where it did."""
        if self.recalled:
            return "recalled"
        if self.redirected:
            return "redirected"
        if self.returned:
            return "returned"
        return "received" if self.receipt else "read" if self.read else "sent"

    @property
    def exit(self) -> Signed | None:
        """How it left this way, the last word first."""
        return self.recalled or self.redirected or self.returned


@dataclass(frozen=True)
class Span:
    """Which part of a book: from an instant until just before another; rows of practice or of the unit itself too."""

    since: datetime | None = None
    until: datetime | None = None
    training: bool = False
    within: bool = False

    @property
    def name(self) -> str:
        """What tells lists of the same unit apart that are differently thick."""
        return f"{'training' if self.training else 'live'}/{'within' if self.within else 'out'}"

    def takes(self, one: Dispatch) -> bool:
        """Whether it is of the kind that is wanted."""
        return one.training == self.training and (self.within or not one.within)
