"""``/v1/letters``: register one, see one. Which letters there are is routing's to list."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.chassis.auth import Principal, require
from services.chassis.conditions import tag
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.intake.api.description import registration_body
from services.intake.api.models import LetterView, Registered
from services.intake.api.upload import submission
from services.intake.commands.read_letter import read_letter
from services.intake.commands.register_letter import register_letter
from services.intake.context import Ctx

router = APIRouter(prefix="/v1/letters", tags=["intake"])

Registrar = Annotated[Principal, Depends(require("letters:register"))]
Reader = Annotated[Principal, Depends(require("letters:read"))]


@router.post(
    "",
    operation_id="register_letter",
    summary="Register a letter with its scans",
    status_code=201,
    response_model=Registered,
    responses={
        201: {"headers": {"Location": {"description": "Where the letter is", "schema": {"type": "string"}}}},
        **problems(400, 401, 403, 404, 409, 413, 415, 422),
    },
    openapi_extra={"requestBody": registration_body()},
)
async def register(request: Request, context: Ctx, caller: Registrar, key: IdempotencyKey = None) -> Response:
    """The letter gets the next number of its agenda book and a tracking code; the scans are kept as they are."""
    async with submission(request, context.settings) as sent:
        answer = await register_letter(context, caller, sent.draft, sent.scans, key, sent.scan_ids)
    headers = {"Location": f"/v1/letters/{answer['id']}"}
    return Response(orjson.dumps(answer), 201, headers=headers, media_type="application/json")


@router.get(
    "/{letter_id}",
    operation_id="get_letter",
    summary="One letter",
    response_model=LetterView,
    responses=problems(401, 403, 404, 422),
)
async def one(context: Ctx, caller: Reader, letter_id: EntityId, response: Response) -> LetterView:
    """404 equally for a letter that is not there and for one the caller may not read. Its tag is its version."""
    letter = await read_letter(context, caller, letter_id)
    tag(response, letter.version)
    return LetterView.of(letter)
