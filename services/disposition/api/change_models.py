"""What those who gave a disposition send to change it."""

from datetime import date
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from services.chassis.ids import EntityId
from services.disposition.api.models import DispositionAct, Form, Reason
from services.disposition.domain.order import MOST_RECIPIENTS, NewRecipient, Note

WorkingDays = Annotated[int, Field(ge=1, le=120, description="So many working days from today.")]


class Recall(Form):
    """From whom it is taken back; from all where none is named."""

    recipient_ids: Annotated[tuple[EntityId, ...], Field(max_length=100)] = ()
    reason: Reason | None = None


class FurtherRecipients(Form):
    """Positions to instruct with the same disposition."""

    recipients: Annotated[list[NewRecipient], Field(min_length=1, max_length=MOST_RECIPIENTS)]


class _NewDeadline(Form):
    due_on: date | None = None
    working_days: WorkingDays | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:  # noqa: N804 - after validation it is an instance
        if self.due_on and self.working_days:
            raise ValueError("a deadline is a day or a number of working days, not both")
        return self

    def changes(self) -> dict[str, Any]:
        """What was sent of it, and nothing else: what is left out stays as it is."""
        return self.model_dump(include={"note", "due_on", "working_days"}, exclude_unset=True)


class AmendmentForm(_NewDeadline):
    """What is to change of a part: its note, its deadline, or both."""

    note: Note | None = None
    reason: Reason | None = None


class Reopening(_NewDeadline):
    """Why it is work again, and until when."""

    reason: Reason


class AddedRecipients(DispositionAct):
    """The disposition with its new recipients, and a sentence for each of these that nobody is there for."""

    warnings: tuple[str, ...] = ()
