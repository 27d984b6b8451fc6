"""The instruction catalogue."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.chassis.auth import Caller
from services.chassis.conditions import SeenVersion, Writer, tag
from services.chassis.idempotency import IdempotencyKey
from services.chassis.openapi import problems
from services.disposition.api.catalogue_models import (
    CodePath,
    InstructionForm,
    InstructionView,
    Lang,
    NewInstruction,
    Retired,
    instruction_view,
)
from services.disposition.commands.keep_catalogue import add_entry, change_entry
from services.disposition.context import Ctx
from services.disposition.domain.catalogue import InstructionEntry

router = APIRouter(prefix="/v1/instructions", tags=["disposition"])


class Catalogue(BaseModel):
    """All instructions, in the order of the printed sheet."""

    items: list[InstructionView]


@router.get(
    "",
    summary="The instructions a disposition may give, with what each asks for",
    operation_id="list_instructions",
    responses=problems(401, 422),
)
async def list_instructions(_: Caller, context: Ctx, lang: Lang = "id", retired: Retired = False) -> Catalogue:
    """The whole catalogue; it is short."""
    found = (await context.instructions.all()).values()
    return Catalogue(items=[instruction_view(one, lang) for one in found if retired or not one.retired])


@router.post(
    "",
    status_code=201,
    summary="Add an instruction",
    operation_id="add_instruction",
    responses=problems(401, 403, 409, 422),
)
async def post_instruction(
    body: NewInstruction, caller: Writer, context: Ctx, response: Response, key: IdempotencyKey = None
) -> InstructionView:
    """409 where the code was ever used, by one in use no more too."""
    made = await add_entry(context, context.instructions, InstructionEntry, caller, key, body.facts())
    return _shown(made, response)


@router.put(
    "/{code}",
    summary="Change what an instruction is called, asks for, and where it stands",
    operation_id="change_instruction",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def put_instruction(
    code: CodePath, body: InstructionForm, caller: Writer, context: Ctx, seen: SeenVersion, response: Response
) -> InstructionView:
    """Dispositions given before keep the label and the effect they were given with."""
    return _shown(await change_entry(context, context.instructions, caller, code, seen, body.facts()), response)


@router.post(
    "/{code}/retire",
    summary="Give an instruction no more",
    operation_id="retire_instruction",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def retire_instruction(
    code: CodePath, caller: Writer, context: Ctx, seen: SeenVersion, response: Response
) -> InstructionView:
    """What was given with it goes on as it was; again changes nothing."""
    return _shown(await change_entry(context, context.instructions, caller, code, seen, {"retired": True}), response)


@router.post(
    "/{code}/restore",
    summary="Give a retired instruction again",
    operation_id="restore_instruction",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def restore_instruction(
    code: CodePath, caller: Writer, context: Ctx, seen: SeenVersion, response: Response
) -> InstructionView:
    """Again changes nothing."""
    return _shown(await change_entry(context, context.instructions, caller, code, seen, {"retired": False}), response)


def _shown(one: InstructionEntry, response: Response) -> InstructionView:
    tag(response, one.version)
    return instruction_view(one)
