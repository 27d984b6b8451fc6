"""What routing knows of the dispositions given on a letter. Invariant: facts are only added, so the news of them may
arrive in any order and any number of times and leads to the same place.
"""

from typing import Self

from pydantic import BaseModel, ConfigDict

from services.contracts.disposition import ClosesOn, DispositionCompleted, DispositionIssued, Recipient


class Charge(BaseModel):
    """One instructed position, and the act with which its part is done."""

    model_config = ConfigDict(frozen=True)

    recipient_id: str
    position_id: str
    position_title: str
    unit_id: str
    unit_name: str
    responsible: bool
    closes_on: ClosesOn


def charge_of(recipient: Recipient) -> Charge:
    """The charge of a recipient."""
    return Charge(
        recipient_id=recipient.recipient_id,
        position_id=recipient.position_id,
        position_title=recipient.position_title,
        unit_id=recipient.unit_id,
        unit_name=recipient.unit_name,
        responsible=recipient.responsible,
        closes_on=recipient.closes_on or _asked_of(recipient),
    )


def _asked_of(recipient: Recipient) -> ClosesOn:
    """For an event that does not say it: only what asks for nothing is done when it is read."""
    told = all(instruction.effect == "closes_on_read" for instruction in recipient.instructions)
    return "read" if told else "completion"


class Disposition(BaseModel):
    """A disposition as far as it has been heard of; news of it may come before its issue does."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    branch_id: str | None = None
    parent_id: str | None = None
    parent_recipient_id: str | None = None
    issuer_unit_id: str | None = None
    charges: tuple[Charge, ...] = ()
    read: frozenset[str] = frozenset()
    answered: frozenset[str] = frozenset()
    completed: frozenset[str] = frozenset()
    all_done: bool = False

    def is_closed(self, charge: Charge) -> bool:
        """Whether nothing is left for this recipient to do."""
        enough = {
            "read": self.read | self.answered,
            "reply": self.answered,
            "completion": frozenset[str](),
        }
        return self.all_done or charge.recipient_id in self.completed | enough[charge.closes_on]

    @property
    def open_charges(self) -> tuple[Charge, ...]:
        """Those still to act."""
        return tuple(charge for charge in self.charges if not self.is_closed(charge))

    @property
    def is_done(self) -> bool:
        """Whether no recipient is left to act."""
        return self.all_done or bool(self.charges and not self.open_charges)

    @property
    def is_acted_on(self) -> bool:
        """Whether some recipient has done more than read it."""
        return bool(self.answered or self.completed or self.is_done)

    def after_issue(self, event: DispositionIssued) -> Self:
        """Issued: by whom, to whom, on which branch."""
        facts = {
            "branch_id": event.branch_id or self.branch_id,
            "parent_id": event.parent_disposition_id,
            "parent_recipient_id": event.parent_recipient_id,
            "issuer_unit_id": event.issuer.unit_id,
            "charges": tuple(charge_of(one) for one in event.recipients),
        }
        return self.model_copy(update=facts)

    def after_reading(self, recipient_id: str) -> Self:
        """A recipient opened it."""
        return self.model_copy(update={"read": self.read | {recipient_id}})

    def after_reply(self, recipient_id: str) -> Self:
        """A recipient answered."""
        return self.model_copy(update={"answered": self.answered | {recipient_id}})

    def after_completion(self, event: DispositionCompleted) -> Self:
        """A recipient is done, and with it perhaps the whole disposition."""
        facts = {
            "branch_id": self.branch_id or event.branch_id,
            "completed": self.completed | {event.recipient_id},
            "all_done": self.all_done or event.all_done,
        }
        return self.model_copy(update=facts)
