"""A recipient: a position that was instructed. Invariant: its state is computed from what happened to its part.

``below`` counts the dispositions it gave on with this part that are still open: what was passed on is done when all of
it is, so a part that is closed by its holder stays in progress until then.
"""

from datetime import date, datetime
from typing import Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, computed_field

from services.contracts.disposition import Instruction, RecipientRole
from services.disposition.domain.progress import GONE, OPEN, Demand, State


class Part(BaseModel):
    """What is never changed but by making another; fields of a later version are left out when it is read."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Seat(Part):
    """A position with what people call it. ``since`` is when it came to be the one concerned."""

    position_id: str
    position_title: str
    unit_id: str
    unit_name: str
    since: AwareDatetime


class Reminders(Part):
    """What was already said of a part: reminded of reading it so often, told the issuer of that, told that the deadline
    is near, and that it has passed. And when to say the next: remind of reading, tell the issuer, ask for a report,
    and remind of the work itself.
    """

    unread: int = 0
    escalated: bool = False
    neared: bool = False
    overdue: bool = False
    next_unread_at: AwareDatetime | None = None
    escalate_at: AwareDatetime | None = None
    next_report_at: AwareDatetime | None = None
    next_reminder_at: AwareDatetime | None = None


class DispositionRecipient(Part):
    """One part of a disposition. ``closes_on`` is the act that closes it; instants are those of first times.

    ``due_on`` is a local date and ``due_at`` the instant it is over; ``remind_at`` is when to remind of it.
    ``former`` are the positions it lay with before it was handed over, the first of them first; ``since`` is when it
    came to lie where it does, where that was later than it was given.
    """

    recipient_id: str
    position_id: str
    position_title: str
    unit_id: str
    unit_name: str
    role: RecipientRole
    instructions: tuple[Instruction, ...]
    note: str | None = None
    due_on: date | None = None
    due_at: AwareDatetime | None = None
    remind_at: AwareDatetime | None = None
    closes_on: Demand
    issued_at: AwareDatetime
    read_at: AwareDatetime | None = None
    received_at: AwareDatetime | None = None
    replied_at: AwareDatetime | None = None
    passed_on_at: AwareDatetime | None = None
    percent: int | None = None
    progressed_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    declined_at: AwareDatetime | None = None
    recalled_at: AwareDatetime | None = None
    reopened_at: AwareDatetime | None = None
    done_at: AwareDatetime | None = None
    outgoing_letter_id: str | None = None
    below: int = 0
    reminders: Reminders = Reminders()
    former: tuple[Seat, ...] = ()
    since: AwareDatetime | None = None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def state(self) -> State:
        """How far it is."""
        if self.recalled_at:
            return "recalled"
        if self.declined_at:
            return "declined"
        if self.is_closed:
            return "in_progress" if self.below else "done"
        if self.passed_on_at or self.progressed_at or self.below:
            return "in_progress"
        if self.replied_at:
            return "replied"
        if self.received_at:
            return "received"
        return "read" if self.read_at else "sent"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def responsible(self) -> bool:
        """Whether it is the one that answers for the whole."""
        return self.role == "responsible"

    @property
    def is_closed(self) -> bool:
        """Whether its holder has done what was asked, whatever is still open below."""
        if self.completed_at:
            return True
        enough = {"read": self.read_at, "reply": self.replied_at, "completion": None}
        return enough[self.closes_on] is not None

    @property
    def is_open(self) -> bool:
        """Whether something is waited for."""
        return self.state in OPEN

    @property
    def is_live(self) -> bool:
        """Whether it still is a recipient: it neither gave its part back nor had it taken."""
        return self.state not in GONE

    def with_facts(self, at: datetime, **facts: Any) -> Self:
        """The recipient with new facts; ``done_at`` is kept while it is done and forgotten when it no longer is."""
        after = self.model_copy(update=facts)
        done_at = (self.done_at or at) if after.state == "done" else None
        return after if after.done_at == done_at else after.model_copy(update={"done_at": done_at})

    def seen(self, at: datetime, **facts: Any) -> Self:
        """The same for an act of its holder: whoever acts has read it."""
        return self.with_facts(at, read_at=self.read_at or at, **facts)

    def seat(self) -> Seat:
        """The position it lies with."""
        return Seat(
            position_id=self.position_id,
            position_title=self.position_title,
            unit_id=self.unit_id,
            unit_name=self.unit_name,
            since=self.since or self.issued_at,
        )
