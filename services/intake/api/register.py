"""``/v1/register``: the agenda books, as lists."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page
from services.intake.api.letters import Reader
from services.intake.api.models import LetterView
from services.intake.commands.list_register import list_register
from services.intake.context import Ctx

Training = Annotated[bool, Query(description="What was entered to practise, in place of what was meant.")]
router = APIRouter(prefix="/v1/register", tags=["intake"])


@router.get(
    "",
    operation_id="list_register",
    summary="The register of the caller's units, newest first",
    response_model=Page[LetterView],
    responses=problems(401, 403, 422),
)
async def register_page(
    context: Ctx, caller: Reader, cursor: Cursor = None, limit: Limit = 50, training: Training = False
) -> Page[LetterView]:
    """Only letters the caller may read; a page may hold fewer than ``limit`` and still have a ``next``. Void ones
    stand among them, with their reason."""
    letters, following = await list_register(context, caller, cursor, limit, training=training)
    return Page(items=[LetterView.of(letter) for letter in letters], next=following)
