"""The organisation as a file: taken in, given out, and empty to be filled in."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Query, Response, UploadFile
from pydantic import BaseModel

from services.chassis.conditions import Writer
from services.chassis.openapi import problems
from services.chassis.sheets import XLSX
from services.routing.commands.export_organisation import empty_workbook, export_organisation
from services.routing.commands.import_organisation import import_organisation
from services.routing.domain.importing.form import SheetName
from services.routing.domain.importing.plan import Plan
from services.routing.domain.organisation import EntityKind
from services.routing.registry import Org

router = APIRouter(prefix="/v1/organisation", tags=["routing"])
DryRun = Annotated[bool, Query(description="Only say what would be done, and every mistake.")]


class MistakeView(BaseModel):
    """What is wrong, where, as a sentence."""

    sheet: str
    row: int | None
    column: str | None
    message: str


class FieldView(BaseModel):
    """A field that changes."""

    field: str
    before: Any
    after: Any


class ItemView(BaseModel):
    """Something that is made or changed. One without a row follows from others."""

    sheet: str | None
    row: int | None
    action: Literal["made", "changed"]
    entity: EntityKind
    id: str
    label: str
    fields: list[FieldView]


class PlanView(BaseModel):
    """What was done, or would be. Nothing is done while there is a mistake."""

    dry_run: bool
    made: int
    changed: int
    unchanged: int
    errors: list[MistakeView]
    items: list[ItemView]


def plan_view(plan: Plan, *, dry_run: bool) -> PlanView:
    """The answer for a plan."""
    return PlanView(
        dry_run=dry_run,
        made=len(plan.changes.made),
        changed=len(plan.changes.changed),
        unchanged=plan.unchanged,
        errors=[
            MistakeView(sheet=one.sheet, row=one.row, column=one.column, message=one.message) for one in plan.mistakes
        ],
        items=[
            ItemView(
                sheet=item.sheet,
                row=item.row,
                action=item.action,
                entity=item.entity,
                id=item.id,
                label=item.label,
                fields=[FieldView(field=name, before=b, after=a) for name, (b, a) in item.fields.items()],
            )
            for item in plan.items
        ],
    )


@router.post(
    "/import",
    operation_id="import_organisation",
    summary="Take in units, positions, people and assignments from an XLSX or CSV file",
    responses=problems(401, 403, 413, 422),
)
async def post_import(
    org: Org,
    caller: Writer,
    file: Annotated[UploadFile, File(description="XLSX, or CSV of one sheet or with a column `jenis`.")],
    dry_run: DryRun = True,
    kind: Annotated[SheetName | None, Query(description="Which sheet a CSV file is.")] = None,
) -> PlanView:
    """All of it or, where there is a mistake (422), nothing. The same file again changes nothing."""
    plan = await import_organisation(org, caller, await file.read(), file.filename or "", kind, dry_run=dry_run)
    return plan_view(plan, dry_run=dry_run)


@router.get(
    "/import/template.xlsx",
    operation_id="get_import_workbook",
    summary="An empty workbook with headings, choices and explanations",
    response_class=Response,
    responses={200: {"content": {XLSX: {}}, "description": "The workbook"}, **problems(401, 403)},
)
async def get_workbook(_: Writer) -> Response:
    """To be filled in and taken in."""
    return _download(await empty_workbook(), "organisasi-kosong.xlsx")


@router.get(
    "/export.xlsx",
    operation_id="export_organisation",
    summary="The present organisation as a workbook that can be taken in again",
    response_class=Response,
    responses={200: {"content": {XLSX: {}}, "description": "The workbook"}, **problems(401, 403)},
)
async def get_export(org: Org, _: Writer) -> Response:
    """Numbers (NIP) included, so only for who keeps the organisation."""
    today: date = org.today()
    return _download(await export_organisation(org), f"organisasi-{today.isoformat()}.xlsx")


def _download(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=XLSX, headers=headers)
