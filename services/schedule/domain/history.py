"""What happened to a request or an event. Invariant: entries are added at the end and never changed."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.contracts.vocabulary import Actor


class Entry(BaseModel):
    """One happening: what, by whom in which capacity, when, and why where a reason was given."""

    model_config = ConfigDict(frozen=True)

    what: Literal["submitted", "approved", "declined", "booked", "letter_corrected", "letter_voided"]
    actor: Actor
    at: datetime
    reason: str | None = None
