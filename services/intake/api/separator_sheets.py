"""``/v1/separator-sheets.pdf``: what is laid in front of each letter of a pile before it is scanned."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator, StringConstraints

from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.contracts.vocabulary import Category, Confidentiality, Direction, Urgency
from services.intake.api.letters import Registrar
from services.intake.commands.batches.print_sheets import SheetsWanted, print_sheets
from services.intake.context import Ctx
from services.intake.domain.batches.sheet import LONGEST_KIND_BYTES, SheetDefaults

router = APIRouter(tags=["intake"])
PDF: dict[int | str, dict[str, Any]] = {
    200: {"description": "A4", "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
}


def _short(kind: str) -> str:
    if len(kind.encode()) > LONGEST_KIND_BYTES:
        raise ValueError(f"a kind on a sheet has at most {LONGEST_KIND_BYTES} bytes")
    return kind


Kind = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_KIND_BYTES),
    AfterValidator(_short),
]
Count = Annotated[int, Query(ge=1, le=100, description="How many sheets.")]
Unit = Annotated[EntityId | None, Query(description="Whose sheets; by default the caller's acting unit.")]
Addressee = Annotated[EntityId | None, Query(description="The unit the letters are for.")]
Duplex = Annotated[bool, Query(description="Print the back of each sheet too, for scanners that read both sides.")]


@router.get(
    "/v1/separator-sheets.pdf",
    operation_id="print_separator_sheets",
    summary="Separator sheets, to be printed",
    response_class=Response,
    responses={**PDF, **problems(401, 403, 422)},
)
async def sheets(
    context: Ctx,
    caller: Registrar,
    unit: Unit = None,
    direction: Direction | None = None,
    kind: Kind | None = None,
    category: Category | None = None,
    urgency: Urgency | None = None,
    confidentiality: Confidentiality | None = None,
    addressee: Addressee = None,
    count: Count = 10,
    duplex: Duplex = False,
) -> Response:
    """What is given is suggested for every letter behind such a sheet. The sheets can be used again and again."""
    defaults = SheetDefaults(
        direction=direction,
        kind=kind,
        category=category,
        urgency=urgency,
        confidentiality=confidentiality,
        addressee=addressee,
    )
    pdf = await print_sheets(context, caller, SheetsWanted(unit, defaults, count, duplex))
    headers = {"Content-Disposition": 'inline; filename="lembar-pemisah.pdf"', "Cache-Control": "private, no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)
