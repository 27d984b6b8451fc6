"""``/v1/classifications``: the archive classification letters are filed under."""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, File, Query, Response, UploadFile
from pydantic import AwareDatetime, BaseModel

from services.chassis.auth import Caller
from services.chassis.conditions import Writer, tag
from services.chassis.openapi import problems
from services.chassis.pagination import Limit
from services.chassis.sheets import XLSX, write_workbook
from services.intake.commands.catalogue.import_classification import MOST_BYTES, import_classification
from services.intake.context import Ctx
from services.intake.domain.catalogue.class_file import ClassPlan
from services.intake.domain.catalogue.classification import ClassEntry, Classification, page_after
from services.intake.domain.draft import Classification as Code

router = APIRouter(prefix="/v1/classifications", tags=["intake"])


class ClassView(BaseModel):
    """A code. ``children`` counts the codes in use right under it."""

    code: str
    name: str
    parent: str | None
    children: int
    retired: bool


class ClassPage(BaseModel):
    """A page of the catalogue, by code. ``version`` is the whole catalogue's, 0 before anything was brought in."""

    version: int
    items: list[ClassView]
    next: str | None


class MistakeView(BaseModel):
    """What is wrong, where, as a sentence."""

    sheet: str
    row: int | None
    column: str | None
    message: str


class ClassChangeView(BaseModel):
    """What becomes of a code. One without a row follows from the file's not naming it."""

    row: int | None
    action: Literal["made", "changed", "retired", "restored"]
    code: str
    name: str
    former_name: str | None


class ImportView(BaseModel):
    """What was done, or would be. Nothing is done while there is a mistake."""

    dry_run: bool
    version: int
    made: int
    changed: int
    retired: int
    restored: int
    unchanged: int
    errors: list[MistakeView]
    items: list[ClassChangeView]


class VersionView(BaseModel):
    """A version of the catalogue, who brought it in, and what it changed."""

    version: int
    file: str
    by_name: str
    at: AwareDatetime
    made: int
    changed: int
    retired: int
    restored: int


class VersionList(BaseModel):
    """The versions there were, the latest first."""

    items: list[VersionView]


Words = Annotated[str | None, Query(max_length=100, description="The beginning of a code, or words of the name.")]
Under = Annotated[Code | None, Query(description="Those right under this code.")]
Main = Annotated[bool, Query(description="The main groups alone.")]
Retired = Annotated[bool, Query(description="Whether those in use no more are listed too.")]
After = Annotated[Code | None, Query(description="`next` of the page before.")]
DryRun = Annotated[bool, Query(description="Only say what would be done, and every mistake.")]
Whole = Annotated[bool, Query(description="The file is the whole catalogue: what it does not name is retired.")]


@router.get(
    "",
    operation_id="list_classifications",
    summary="The archive classification, by code",
    responses=problems(401, 403, 422),
)
async def get_classifications(
    context: Ctx,
    _: Caller,
    response: Response,
    q: Words = None,
    parent: Under = None,
    main: Main = False,
    retired: Retired = False,
    cursor: After = None,
    limit: Limit = 50,
) -> ClassPage:
    """Searched by `q`, walked by `parent`. Its tag is the version of the whole catalogue."""
    catalogue = await context.classifications.present()
    tag(response, catalogue.version)
    page, following = page_after(catalogue.find(q, parent, main=main, retired=retired), cursor, limit)
    return ClassPage(version=catalogue.version, items=[_view(catalogue, one) for one in page], next=following)


@router.get(
    "/versions",
    operation_id="list_classification_versions",
    summary="Which versions of the classification there were",
    responses=problems(401, 403),
)
async def get_versions(context: Ctx, _: Caller) -> VersionList:
    """Who brought them in, and what they changed."""
    return VersionList(items=[VersionView.model_validate(row) for row in await context.classifications.history()])


@router.get(
    "/export.xlsx",
    operation_id="export_classifications",
    summary="The classification as a workbook that can be taken in again",
    response_class=Response,
    responses={200: {"content": {XLSX: {}}, "description": "The workbook"}, **problems(401, 403)},
)
async def get_export(context: Ctx, _: Caller) -> Response:
    """Retired codes included."""
    catalogue = await context.classifications.present()
    rows = [["kode", "nama", "aktif"]]
    rows += [[one.code, one.name, "tidak" if one.retired else "ya"] for one in catalogue.entries.values()]
    choices = {"klasifikasi": {"aktif": ["ya", "tidak"]}}
    content = await asyncio.to_thread(write_workbook, {"klasifikasi": rows}, choices)
    name = f"klasifikasi-v{catalogue.version}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=XLSX, headers=headers)


@router.post(
    "/import",
    operation_id="import_classifications",
    summary="Take the classification in from an XLSX or CSV file",
    responses=problems(401, 403, 409, 413, 422),
)
async def post_import(
    context: Ctx,
    caller: Writer,
    file: Annotated[
        UploadFile, File(description="XLSX or CSV with the columns `kode`, `nama` and, if wanted, `aktif`.")
    ],
    dry_run: DryRun = True,
    whole: Whole = False,
) -> ImportView:
    """All of it or, where there is a mistake (422), nothing. The same file again changes nothing. From the first
    file on, letters are filed only under codes that are in the catalogue."""
    content = await file.read(MOST_BYTES + 1)
    plan, version = await import_classification(
        context, caller, content, file.filename or "berkas", whole=whole, dry_run=dry_run
    )
    return _planned(plan, version, dry_run=dry_run)


def _view(catalogue: Classification, one: ClassEntry) -> ClassView:
    return ClassView(
        code=one.code,
        name=one.name,
        parent=catalogue.parent(one.code),
        children=catalogue.children[one.code],
        retired=one.retired,
    )


def _planned(plan: ClassPlan, version: int, *, dry_run: bool) -> ImportView:
    return ImportView(
        dry_run=dry_run,
        version=version,
        made=plan.count("made"),
        changed=plan.count("changed"),
        retired=plan.count("retired"),
        restored=plan.count("restored"),
        unchanged=plan.unchanged,
        errors=[
            MistakeView(sheet=one.sheet, row=one.row, column=one.column, message=one.message) for one in plan.mistakes
        ],
        items=[
            ClassChangeView(
                row=one.row,
                action=one.action,
                code=one.entry.code,
                name=one.entry.name,
                former_name=one.former_name,
            )
            for one in plan.changes
        ],
    )
