"""One way a letter goes. Invariant: a branch's state is computed from what happened on it, never set.

sent -> read -> received -> in_progress -> done, with the exits returned, redirected and recalled. Facts of different
people are only added, so the order in which news of them arrives does not matter: work that was begun on a branch shows
through a return, a redirection or a recall that crossed it, until it is done. A
copy is for information and done when it is read. Where the letter's registration is void, every branch of it is voided,
whatever happened on it before or is heard of later.
"""

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.contracts.routing import Branch as PublishedBranch
from services.contracts.vocabulary import Actor, LetterOutcome
from services.projections.titles import display_title
from services.routing.domain.summary import LetterSummary

State = Literal["sent", "read", "received", "in_progress", "done", "returned", "recalled", "redirected", "voided"]
OPEN: frozenset[State] = frozenset({"sent", "read", "received", "in_progress"})
LEFT: frozenset[State] = frozenset({"recalled", "redirected", "voided"})
"""The letter does not go this way any more."""
Work = Literal["none", "open", "done"]
"""What has become of the dispositions given on a branch."""


class Act(BaseModel):
    """Who did it, as which position, and when."""

    model_config = ConfigDict(frozen=True)

    actor: Actor
    at: AwareDatetime

    @property
    def display(self) -> str:
        """ "Wayan Sudira (Plt. Kepala Dinas PU)"."""
        return f"{self.actor.person_name} ({display_title(self.actor.position_title, self.actor.capacity)})"


class ReasonedAct(Act):
    """An act that had to be explained."""

    reason: str


class Redirection(ReasonedAct):
    """``branch_id`` is the way the letter went instead."""

    branch_id: str


class Closing(Act):
    """What became of the letter on this branch."""

    outcome: LetterOutcome
    note: str | None = None


class Filing(Act):
    """``place`` is where the paper lies, if that was said."""

    place: str | None = None


class Reopening(ReasonedAct):
    """``over`` are the dispositions that were done by then: they do not close the branch again, unless they were
    ``opened`` by a later version than these.
    """

    over: frozenset[str] = frozenset()
    opened: dict[str, int] = {}

    def leaves_out(self, disposition_id: str, opened: int) -> bool:
        """Whether a disposition does not count any more, of which a part was last made work by version ``opened``."""
        return disposition_id in self.over and opened <= self.opened.get(disposition_id, 1)


class Branch(BaseModel):
    """A letter on its way to a unit, or to one position in it, or out of the house (``external_name``).

    ``open_to_unit``: the positions that handle the unit's letters may act on it, not its holders alone.
    ``sender_unit_id`` is the unit that entered the letter: it may take it back, and gets it back.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    letter_id: str
    version: int = 1
    role: Literal["addressee", "copy"]
    unit_id: str
    unit_name: str
    position_id: str | None = None
    position_title: str | None = None
    external_name: str | None = None
    holders: tuple[str, ...]
    open_to_unit: bool = True
    sender_unit_id: str
    rule: str | None = None
    letter: LetterSummary
    opened_at: AwareDatetime
    since: AwareDatetime
    due_at: AwareDatetime | None = None
    remind_at: AwareDatetime | None = None
    reminded: bool = False
    overdue: bool = False
    read: Act | None = None
    received: Act | None = None
    returned: ReasonedAct | None = None
    redirected: Redirection | None = None
    recalled: ReasonedAct | None = None
    closed: Closing | None = None
    reopened: Reopening | None = None
    filed: Filing | None = None
    work: Work = "none"

    @property
    def state(self) -> State:
        """Where the branch is, from what happened on it."""
        if self.letter.voided:
            return "voided"
        if self.work == "open":
            return "in_progress"
        if self.recalled or self.redirected:
            return "recalled" if self.recalled else "redirected"
        if self.closed or self.work == "done" or (self.role == "copy" and self.read):
            return "done"
        if self.returned:
            return "returned"
        if self.received or self.reopened:
            return "received"
        return "read" if self.read else "sent"

    @property
    def is_open(self) -> bool:
        """Whether somebody there still has to do something."""
        return self.state in OPEN

    @property
    def is_live(self) -> bool:
        """Whether the letter still goes this way."""
        return self.state not in LEFT

    @property
    def is_theirs(self) -> bool:
        """Whether it lies with those it came to, or did until its registration was declared void."""
        return self.is_live if not self.letter.voided else not (self.recalled or self.redirected)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to be done on it, by anybody."""
        return self.state == "done" or not self.is_live

    @property
    def to(self) -> str:
        """Whom it goes to, for people."""
        return self.external_name or self.position_title or self.unit_name

    @property
    def readers(self) -> list[str]:
        """Keys of those it lies with: its unit's handlers by how confidential the letter is, or its holders alone."""
        if self.external_name:
            return self.sender_readers
        return self.keys_of_unit(self.unit_id) if self.open_to_unit else list(self.holders)

    @property
    def sender_readers(self) -> list[str]:
        """Keys of those who handle the letters of the unit it came from."""
        return self.keys_of_unit(self.sender_unit_id)

    def keys_of_unit(self, unit_id: str) -> list[str]:
        """The keys of a unit's handlers who may see this letter."""
        trusted = trusted_key(unit_id)
        return [trusted] if self.letter.is_secret else [trusted, handlers_key(unit_id)]

    @property
    def watch_at(self) -> datetime | None:
        """When its deadline next asks for something: for a reminder, then for saying that it has passed."""
        if not self.is_open or self.role == "copy" or self.due_at is None or self.overdue:
            return None
        return self.due_at if self.reminded or self.remind_at is None else min(self.remind_at, self.due_at)

    def with_facts(self, at: datetime, **facts: object) -> Self:
        """The branch with new facts; ``since`` moves only with the state."""
        after = self.model_copy(update={**facts, "version": self.version + 1})
        return after if after.state == self.state else after.model_copy(update={"since": at})

    def published(self) -> PublishedBranch:
        """The branch as events tell of it when it is opened."""
        fields = set(PublishedBranch.model_fields) - {"branch_id"}
        return PublishedBranch(branch_id=self.id, **self.model_dump(include=fields))

    def snapshot(self) -> dict[str, Any]:
        """The present state, for whoever came second."""
        return {"id": self.id, "state": self.state, "since": self.since, "version": self.version}


def handlers_key(unit_id: str) -> str:
    """Stands for the positions that handle a unit's ordinary letters, and those alone."""
    return f"{unit_id}/handlers"


def trusted_key(unit_id: str) -> str:
    """Stands for the positions that handle all of a unit's letters, secret ones too."""
    return f"{unit_id}/trusted"


def opened_branch(
    told: PublishedBranch, letter_id: str, summary: LetterSummary, sender_unit_id: str, at: datetime
) -> Branch:
    """The branch an event tells of, as it was when it was opened."""
    fields = told.model_dump(exclude={"branch_id"})
    return Branch(
        id=told.branch_id,
        letter_id=letter_id,
        letter=summary,
        sender_unit_id=sender_unit_id,
        opened_at=at,
        since=at,
        **fields,
    )
