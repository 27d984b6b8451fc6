"""A part of a disposition, as it was given. Invariant: what it ends with is known of every one, also of those that were
given before events said so.
"""

from pydantic import BaseModel, ConfigDict

from services.contracts.disposition import ClosesOn, Recipient, RecipientRole

FIRST = 1
"""The version of what was kept before versions were: such things happened once."""


class Fact(BaseModel):
    """What is never changed but by making another."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Charge(Fact):
    """One instructed position, and the act with which its part is done. ``since`` is the version that gave it."""

    recipient_id: str
    position_id: str
    position_title: str
    unit_id: str
    unit_name: str
    responsible: bool
    closes_on: ClosesOn
    role: RecipientRole | None = None
    since: int = FIRST

    @property
    def takes_part(self) -> bool:
        """Whether it works on the letter, and does not only have to know of it."""
        return self.responsible or self.role != "informed"


def charge_of(recipient: Recipient, version: int) -> Charge:
    """The charge of a recipient."""
    return Charge(
        recipient_id=recipient.recipient_id,
        position_id=recipient.position_id,
        position_title=recipient.position_title,
        unit_id=recipient.unit_id,
        unit_name=recipient.unit_name,
        responsible=recipient.responsible,
        closes_on=recipient.closes_on or _asked_of(recipient),
        role=recipient.role,
        since=version,
    )


def _asked_of(recipient: Recipient) -> ClosesOn:
    """For an event that does not say it: only what asks for nothing is done when it is read."""
    told = all(instruction.effect == "closes_on_read" for instruction in recipient.instructions)
    return "read" if told else "completion"
