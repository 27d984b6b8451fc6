"""A disposition. Invariants: one responsible recipient; no position twice; done exactly when every recipient is.

``version`` counts the events published of it, so it is also the sequence of the newest one on its stream.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.contracts.disposition import Instruction
from services.contracts.vocabulary import Actor
from services.disposition.domain.progress import Deed, Demand, State, after


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Parent(_Part):
    """The recipient of another disposition who passes it on with this one."""

    disposition_id: str
    recipient_id: str


class DispositionRecipient(_Part):
    """A position that was instructed, and how far it is. ``closes_on`` is the act that makes it done."""

    recipient_id: str
    position_id: str
    position_title: str
    unit_id: str
    unit_name: str
    responsible: bool
    instructions: tuple[Instruction, ...]
    note: str | None = None
    due_on: date | None = None
    closes_on: Demand
    state: State = "sent"
    read_at: datetime | None = None
    replied_at: datetime | None = None
    done_at: datetime | None = None

    def after(self, deed: Deed, at: datetime) -> "DispositionRecipient":
        """The recipient once ``deed`` was done; every deed shows that it was read, and each first time is kept."""
        state = after(self.state, deed, self.closes_on)
        changes = {
            "state": state,
            "read_at": self.read_at or at,
            "replied_at": self.replied_at or (at if deed == "reply" else None),
            "done_at": self.done_at or (at if state == "done" else None),
        }
        return self.model_copy(update=changes)


class Act(_Part):
    """What a recipient did, by whom and in which capacity. Acts are added, never changed."""

    id: str
    disposition_id: str
    recipient_id: str
    kind: Deed
    text: str | None = None
    actor: Actor
    at: datetime


class Disposition(_Part):
    """One act of instructing, with all it asked of whom."""

    id: str
    letter_id: str
    letter_subject: str
    branch_id: str | None = None
    parent: Parent | None = None
    issuer: Actor
    note: str | None = None
    recipients: tuple[DispositionRecipient, ...]
    state: Literal["open", "done"] = "open"
    issued_at: datetime
    version: int = 1

    def model_post_init(self, _: object, /) -> None:
        """Refuse what no disposition may be."""
        positions = [one.position_id for one in self.recipients]
        if len(set(positions)) != len(positions):
            raise ValueError("a position is instructed once")
        if sum(one.responsible for one in self.recipients) != 1:
            raise ValueError("exactly one recipient is responsible")

    @property
    def parties(self) -> frozenset[str]:
        """The positions it is between: the issuer's and the recipients'."""
        return frozenset({self.issuer.position_id, *(one.position_id for one in self.recipients)})

    def recipient(self, recipient_id: str) -> DispositionRecipient | None:
        """The recipient with this id, or None."""
        return next((one for one in self.recipients if one.recipient_id == recipient_id), None)

    def recipient_at(self, position_id: str) -> DispositionRecipient | None:
        """The recipient that is this position, or None."""
        return next((one for one in self.recipients if one.position_id == position_id), None)

    def after(self, act: Act) -> "Step":
        """What comes of a recipient's act. The version is left to whoever publishes."""
        before = self.recipient(act.recipient_id)
        if before is None:
            raise LookupError(act.recipient_id)
        now = before.after(act.kind, act.at)
        recipients = tuple(now if one is before else one for one in self.recipients)
        done = all(one.state == "done" for one in recipients)
        changed = self.model_copy(update={"recipients": recipients, "state": "done" if done else "open"})
        return Step(changed, before.read_at is None, before.state != "done" and now.state == "done")


@dataclass(frozen=True)
class Step:
    """A disposition after a deed, and what was new about it."""

    disposition: Disposition
    newly_read: bool
    newly_done: bool

    @property
    def all_done(self) -> bool:
        """Whether this very deed left no recipient to act."""
        return self.newly_done and self.disposition.state == "done"
