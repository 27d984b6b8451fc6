"""A disposition. Invariants: at most one responsible recipient; no position twice; its state follows from its parts.

``version`` counts the events published of it, so it is also the sequence of the newest one on its stream. Who is
responsible is settled per desk (``domain.desk``): a second disposition on a branch may leave it to the first.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import AwareDatetime, Field, computed_field

from services.contracts.disposition import Attachment
from services.contracts.vocabulary import Actor, Category, Confidentiality, Urgency
from services.disposition.domain.memory import Memory
from services.disposition.domain.recipient import DispositionRecipient, Part, Seat

DispositionState = Literal["open", "done", "returned", "recalled"]
"""``returned``: all who were left gave it back; ``recalled``: nobody is left because it was taken back."""
Deed = Literal[
    "read",
    "receive",
    "reply",
    "pass_on",
    "progress",
    "complete",
    "decline",
    "comment",
    "question",
    "answer",
    "recall",
    "amend",
    "add",
    "reopen",
    "hand_over",
]


class Parent(Part):
    """The recipient of another disposition who passes it on with this one."""

    disposition_id: str
    recipient_id: str


class LetterLine(Part):
    """What a list shows of the letter, as its register says it now. ``training``: it was entered to practise."""

    agenda_number: int
    year: int
    tracking_code: str
    sender: str
    kind: str
    category: Category
    urgency: Urgency
    confidentiality: Confidentiality
    training: bool = False


class Amendment(Part):
    """What was changed about a part, before and after."""

    note: str | None = None
    former_note: str | None = None
    due_on: date | None = None
    former_due_on: date | None = None


class Act(Part):
    """What was done, by whom and in which capacity. Acts are added, never changed.

    Without an actor it is the house that did it. ``recipient_id`` is the part it is about; ``answers`` the question
    that an answer belongs to; ``seat`` where a part was handed to.
    """

    id: str
    disposition_id: str
    recipient_id: str | None = None
    kind: Deed
    text: str | None = None
    quick_reply: str | None = None
    percent: int | None = None
    attachments: tuple[Attachment, ...] = ()
    answers: str | None = None
    outgoing_letter_id: str | None = None
    amendment: Amendment | None = None
    seat: Seat | None = None
    actor: Actor | None = None
    at: AwareDatetime


class Disposition(Part):
    """One act of instructing, with all it asked of whom.

    ``owner`` is the position that waits for the answers: the issuer's, or the one it was handed over to. ``above`` are
    the positions that gave it down to the issuer, the nearest first. ``desk`` is where one recipient is responsible.
    """

    id: str
    letter_id: str
    letter_subject: str
    letter: LetterLine | None = None
    branch_id: str | None = None
    parent: Parent | None = None
    desk: str
    above: tuple[str, ...] = ()
    issuer: Actor
    owner: Seat
    note: str | None = None
    recipients: tuple[DispositionRecipient, ...]
    issued_at: AwareDatetime
    version: int = 1
    memory: Memory = Field(default=Memory(), exclude=True)

    def model_post_init(self, _: object, /) -> None:
        """Refuse what no disposition may be."""
        live = Counter(one.position_id for one in self.recipients if one.is_live)
        if any(times > 1 for times in live.values()):
            raise ValueError("a position is instructed once")
        if sum(one.responsible and one.is_live for one in self.recipients) > 1:
            raise ValueError("at most one recipient is responsible")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def state(self) -> DispositionState:
        """How far it is as a whole."""
        live = self.live
        if not live:
            return "returned" if any(one.state == "declined" for one in self.recipients) else "recalled"
        return "open" if any(one.is_open for one in live) else "done"

    @property
    def is_open(self) -> bool:
        """Whether somebody is still to act."""
        return self.state == "open"

    @property
    def live(self) -> tuple[DispositionRecipient, ...]:
        """Those who still are recipients."""
        return tuple(one for one in self.recipients if one.is_live)

    @property
    def responsible(self) -> DispositionRecipient | None:
        """The recipient that answers for the whole, where it is one of this disposition."""
        return next((one for one in self.live if one.responsible), None)

    @property
    def parties(self) -> frozenset[str]:
        """The positions it is between: who gave it, and to whom, without those it was taken back from unread.

        What was read is taken back with the registration of its letter alone; who read it goes on seeing what it was.
        """
        to = (one.position_id for one in self.recipients if one.state != "recalled" or one.read_at is not None)
        return frozenset({self.owner.position_id, *to})

    def recipient(self, recipient_id: str) -> DispositionRecipient | None:
        """The recipient with this id, or None."""
        return next((one for one in self.recipients if one.recipient_id == recipient_id), None)

    def recipient_at(self, position_id: str) -> DispositionRecipient | None:
        """The live recipient that is this position, or None."""
        return next((one for one in self.live if one.position_id == position_id), None)

    def having(self, recipients: Iterable[DispositionRecipient], **facts: Any) -> Self:
        """The same with these recipients in the place of those with their ids, and further ones behind."""
        changed = {one.recipient_id: one for one in recipients}
        kept = [changed.pop(one.recipient_id, one) for one in self.recipients]
        fields: dict[str, Any] = {name: getattr(self, name) for name in type(self).model_fields}
        # Made anew, not copied: a copy would not be asked whether it may be.
        return type(self)(**{**fields, **facts, "recipients": (*kept, *changed.values())})

    def with_part(self, recipient_id: str, at: datetime, **facts: Any) -> Self:
        """The same with new facts about one part."""
        return self.having([self.part(recipient_id).with_facts(at, **facts)])

    def acted(self, recipient_id: str, at: datetime, **facts: Any) -> Self:
        """The same after an act of the part's holder, who has therefore read it."""
        return self.having([self.part(recipient_id).seen(at, **facts)])

    def part(self, recipient_id: str) -> DispositionRecipient:
        """The recipient with this id; LookupError where there is none."""
        found = self.recipient(recipient_id)
        if found is None:
            raise LookupError(recipient_id)
        return found


def desk_of(parent: Parent | None, branch_id: str | None, letter_id: str, position_id: str) -> str:
    """Where one recipient is responsible: below a recipient who passes on, else on the branch of the letter."""
    if parent is not None:
        return parent.recipient_id
    return branch_id or f"{letter_id}/{position_id}"
