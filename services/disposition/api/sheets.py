"""The lembar disposisi: printed, verified by the public, and its form."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, StringConstraints

from services.chassis.auth import Caller
from services.chassis.conditions import SeenVersion, Writer, tag
from services.chassis.ids import EntityId
from services.chassis.limits import address_of
from services.chassis.openapi import problems
from services.disposition.api.models import Form
from services.disposition.commands.print_sheet import print_sheet
from services.disposition.commands.set_sheet_form import set_sheet_form
from services.disposition.commands.verify_sheet import Verdict, verify_sheet
from services.disposition.context import Ctx
from services.disposition.domain.seal import SENTENCES, SealState
from services.disposition.domain.sheet_form import KeptForm, SheetForm

router = APIRouter(tags=["disposition"])
PDF: dict[int | str, dict[str, Any]] = {
    200: {"description": "Half a folio (165 x 215 mm)", "content": {"application/pdf": {"schema": {"type": "string"}}}}
}
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")]


@router.get(
    "/v1/dispositions/{disposition_id}/sheet.pdf",
    summary="The lembar disposisi, to be printed",
    operation_id="print_disposition_sheet",
    response_class=Response,
    responses={**PDF, **problems(401, 404, 422)},
)
async def get_sheet(disposition_id: EntityId, caller: Caller, context: Ctx) -> Response:
    """For whoever may see the disposition. Each page carries a code by which anybody can check that it is genuine."""
    disposition, pdf = await print_sheet(context, caller, disposition_id)
    line = disposition.letter
    name = f"disposisi-{line.agenda_number}-{line.year}.pdf" if line else "disposisi.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)


class Question(Form):
    """What stands on the paper. ``sha256`` is of the file somebody has, where they ask whether it was printed here."""

    code: Annotated[str, Field(min_length=1, max_length=64, description="The code, however it is written.")]
    sha256: Digest | None = None


class VerdictView(BaseModel):
    """Who signed it, and whether it still holds: ``label`` says so to people. Nothing of its content.

    ``genuine_file``: whether the file was printed here as it is; null where none was asked about.
    """

    kind: Literal["disposition_sheet"] = "disposition_sheet"
    kind_label: str = "Lembar disposisi"
    signed_by: str
    unit: str
    signed_on: date
    printed_at: datetime
    state: SealState
    label: str
    genuine_file: bool | None

    @classmethod
    def of(cls, verdict: Verdict) -> "VerdictView":
        """As the public is told."""
        seal = verdict.seal
        return cls(
            signed_by=seal.signer,
            unit=seal.unit_name,
            signed_on=seal.signed_on,
            printed_at=seal.sealed_at,
            state=verdict.state,
            label=SENTENCES[verdict.state],
            genuine_file=verdict.genuine_file,
        )


@router.post(
    "/v1/public/dispositions/verify",
    summary="Whether a printed lembar disposisi is genuine and still holds",
    operation_id="verify_disposition_sheet",
    responses=problems(404, 422, 429),
)
async def verify(body: Question, context: Ctx, request: Request, response: Response) -> VerdictView:
    """Without a token. Tells what was signed, by which position and when, never what it says."""
    response.headers["Cache-Control"] = "no-store"
    address = address_of(request.client)
    return VerdictView.of(await verify_sheet(context, body.code, body.sha256, address))


class FormView(BaseModel):
    """The form, and who set it: null for the one at the start."""

    form: SheetForm
    version: int
    by_name: str | None
    at: datetime | None


@router.get(
    "/v1/disposition-form",
    summary="The words and letterheads of the lembar disposisi",
    operation_id="read_disposition_form",
    responses=problems(401),
)
async def get_form(_: Caller, context: Ctx, response: Response) -> FormView:
    """Every signed-in person may see it."""
    return _form(await context.print_room.forms.read(), response)


@router.put(
    "/v1/disposition-form",
    summary="Set the words and letterheads of the lembar disposisi",
    operation_id="set_disposition_form",
    responses=problems(401, 403, 412, 422),
)
async def put_form(body: SheetForm, caller: Writer, context: Ctx, seen: SeenVersion, response: Response) -> FormView:
    """What is left out is as it was at the start. Sheets printed before stay genuine."""
    return _form(await set_sheet_form(context, caller, seen, body), response)


def _form(kept: KeptForm, response: Response) -> FormView:
    tag(response, kept.version)
    return FormView(form=kept.form, version=kept.version, by_name=kept.by_name, at=kept.at)
