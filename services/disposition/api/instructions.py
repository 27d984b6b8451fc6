"""The instruction catalogue."""

from fastapi import APIRouter
from pydantic import BaseModel

from services.chassis.auth import Caller
from services.chassis.openapi import problems
from services.contracts.disposition import Instruction
from services.disposition.domain.catalogue import CATALOGUE

router = APIRouter(tags=["disposition"])


class Catalogue(BaseModel):
    """All instructions, in the order of the printed sheet."""

    items: list[Instruction]


@router.get(
    "/v1/instructions",
    summary="The instructions a disposition may give, with what each asks for",
    operation_id="list_instructions",
    responses=problems(401),
)
async def list_instructions(_: Caller) -> Catalogue:
    """The whole catalogue; it is short."""
    return Catalogue(items=list(CATALOGUE.values()))
