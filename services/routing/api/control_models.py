"""What is answered about letters in lists."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from services.contracts.vocabulary import LetterOutcome
from services.routing.api.letter_models import LetterView, UnitRef, letter_view
from services.routing.domain.branch import State
from services.routing.domain.control import ControlRow
from services.routing.domain.letter import Status


class WhereView(BaseModel):
    """Where the letter is on one of its ways; ``to`` names whom it goes to."""

    unit_id: str
    to: str
    role: Literal["addressee", "copy"]
    state: State
    since: datetime


class ControlView(BaseModel):
    """A letter in the control list; ``where`` tells of the first 20 of its ``ways``.

    ``followed_up``: every addressee has made work of it or is done; never where it is void, and then it is not found
    by asking for those that are not followed up either.
    """

    letter: LetterView
    status: Status
    followed_up: bool
    outcome: LetterOutcome | None
    due_at: datetime | None
    registered_at: datetime
    registered_by: UnitRef
    where: list[WhereView]
    ways: int


def control_view(row: ControlRow) -> ControlView:
    """The answer for a row."""
    return ControlView(
        letter=letter_view(row.id, row.summary),
        status=row.status,
        followed_up=bool(row.followed_up),
        outcome=row.outcome,
        due_at=row.due_at,
        registered_at=row.registered_at,
        registered_by=UnitRef(id=row.registered_unit_id, name=row.registered_unit_name),
        ways=row.ways,
        where=[WhereView(**one.model_dump()) for one in row.where],
    )
