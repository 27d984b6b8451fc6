"""The receipt of a letter, to be printed."""

from typing import Any

from fastapi import APIRouter, Response

from services.chassis.auth import Caller
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.routing.commands.print_receipt import print_receipt
from services.routing.context import Ctx

router = APIRouter(prefix="/v1/letters", tags=["routing"])
PDF: dict[int | str, dict[str, Any]] = {
    200: {"description": "Half a page (A5)", "content": {"application/pdf": {"schema": {"type": "string"}}}}
}


@router.get(
    "/{letter_id}/receipt.pdf",
    operation_id="print_receipt",
    summary="The receipt for the sender, with tracking code and check word",
    response_class=Response,
    responses={**PDF, **problems(401, 404, 422)},
)
async def get_receipt(context: Ctx, caller: Caller, letter_id: EntityId) -> Response:
    """For whoever may read the letter; it can be printed again, and is the same but for who printed it when."""
    letter, pdf = await print_receipt(context, caller, letter_id)
    name = f"tanda-terima-{letter.summary.agenda_number}-{letter.summary.year}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)
