"""``/v1/letters/duplicates``: was this paper registered before? Asked before registering it."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.contracts.vocabulary import Party, PartyKind
from services.intake.api.letters import Registrar
from services.intake.api.models import Warned
from services.intake.commands.acting import acting_position
from services.intake.commands.find_doubles import Marked, find_doubles
from services.intake.context import Ctx
from services.intake.domain.draft import Name
from services.intake.domain.likeness import file_mark, paper_mark

router = APIRouter(prefix="/v1/letters/duplicates", tags=["intake"])


class Paper(BaseModel):
    """What is known of a paper, by which it may be known again. Without a sender it is the acting unit's own."""

    model_config = ConfigDict(extra="forbid")

    sender_kind: PartyKind = "unit"
    sender_id: EntityId | None = Field(default=None, description="Of a unit or a position.")
    sender_name: Name | None = Field(default=None, description="Of an external party.")
    letter_number: Name | None = None
    letter_date: date | None = None
    sha256: list[Annotated[str, Field(pattern="^[0-9a-f]{64}$")]] = Field(
        default=[], max_length=20, description="Of the scans, in hexadecimal."
    )
    training: bool = False
    as_position: EntityId | None = None

    def sender(self, unit_id: str) -> Party:
        """As a letter would name it."""
        own = self.sender_kind == "unit" and self.sender_id is None
        return Party(kind=self.sender_kind, id=unit_id if own else self.sender_id, name=self.sender_name or "")


class DoublesView(BaseModel):
    """What a registration would be warned of; empty where nothing like it is registered."""

    items: list[Warned]


@router.get(
    "",
    operation_id="find_duplicate_letters",
    summary="Whether a paper was registered in the acting unit's books before",
    responses=problems(401, 403, 422),
)
async def get_doubles(context: Ctx, caller: Registrar, paper: Annotated[Paper, Query()]) -> DoublesView:
    """By sender, number and date, and by the bytes of each scan. What was voided does not count."""
    unit_id = acting_position(caller, paper.as_position).unit_id
    training = paper.training
    mark = paper_mark(unit_id, paper.sender(unit_id), paper.letter_number, paper.letter_date, training=training)
    files = [Marked(f"{one[:12]}…", file_mark(unit_id, one, training=training)) for one in paper.sha256]
    found = await find_doubles(context, mark, files)
    return DoublesView(items=[Warned.model_validate(one) for one in found.warnings])
