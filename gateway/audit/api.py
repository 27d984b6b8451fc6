"""The record of sign-ins and administration, for auditors. Invariant: it can be read here, and nothing else."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict
from starlette.responses import StreamingResponse

from gateway.audit import reading
from gateway.audit.entries import GROUPS, AuditActor, Outcome
from gateway.audit.origin import From
from gateway.audit.reading import AuditQuery
from gateway.audit.table import lines
from gateway.context import Ctx
from gateway.credentials import Caller
from services.chassis.auth import Principal
from services.chassis.errors import forbidden
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page

router = APIRouter(prefix="/v1/audit/identity", tags=["gateway"])
READERS = frozenset({"auditor", "regency_admin"})
EXAMPLE = {
    "items": [
        {
            "id": "01984f6e-7c1a-7d3e-9b52-3f6f0f6c2a11",
            "seq": 4711,
            "at": "2026-08-03T01:12:45.120Z",
            "kind": "sign_in.password",
            "outcome": "done",
            "actor": {
                "kind": "person",
                "id": "01984f6e-0000-7000-8000-000000000001",
                "name": "Ni Luh Ayu",
                "session_id": "01984f6e-7c19-7000-8000-000000000002",
            },
            "subject": "account:01984f6e-0000-7000-8000-000000000003",
            "address": "10.8.0.14",
            "request_id": "01984f6e-7c10-7000-8000-000000000004",
            "details": {"second_factor": "totp"},
            "previous_hash": "8c1f0b…",
            "hash": "f3a97d…",
        }
    ],
    "next": None,
}


class IdentityAuditView(BaseModel):
    """One entry; `seq` and `hash` are its place in the chain."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    seq: int
    at: datetime
    kind: str
    outcome: Outcome
    actor: AuditActor | None
    subject: str
    address: str
    request_id: str
    details: dict[str, str]
    previous_hash: str
    hash: str


async def reader(caller: Caller) -> Principal:
    """FastAPI dependency: an auditor or an administrator of the regency."""
    roles = {held.role for held in caller.positions} | caller.roles
    if caller.client_id or not roles & READERS:
        raise forbidden("Catatan masuk hanya untuk auditor dan administrator kabupaten.")
    return caller


async def conditions(
    kind: Annotated[
        str | None,
        Query(
            pattern=rf"^({'|'.join(GROUPS)})(\.[a-z][a-z0-9_]*)*$",
            max_length=100,
            description="A kind, or its first part.",
        ),
    ] = None,
    actor_id: Annotated[str | None, Query(min_length=1, max_length=100, description="Who did it.")] = None,
    subject: Annotated[
        str | None, Query(min_length=1, max_length=200, description="What it was done to, as `account:<id>`.")
    ] = None,
    outcome: Annotated[Outcome | None, Query()] = None,
    since: Annotated[AwareDatetime | None, Query(description="This instant and later.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Before this instant.")] = None,
) -> AuditQuery:
    """FastAPI dependency: what is asked for."""
    return AuditQuery(kind, actor_id, subject, outcome, since, until)


Reader = Annotated[Principal, Depends(reader)]
Conditions = Annotated[AuditQuery, Depends(conditions)]


@router.get(
    "",
    operation_id="list_identity_audit",
    summary="Who signed in, and what was administered",
    response_model=Page[IdentityAuditView],
    responses={
        200: {"content": {"application/json": {"example": EXAMPLE}}},
        **problems(401, 403, 422, 429),
    },
)
async def entries(
    _: Reader, context: Ctx, wanted: Conditions, cursor: Cursor = None, limit: Limit = 50
) -> Page[IdentityAuditView]:
    """Newest first, for auditors and the regency's administrators. A page may be short and still have a `next`."""
    await context.audit.link_all()
    query = AuditQuery(**{**vars(wanted), "cursor": cursor, "limit": limit})
    shown, following = await reading.page(context.audit, query)
    return Page(items=[IdentityAuditView.model_validate(one) for one in shown], next=following)


@router.get(
    "/export.csv",
    operation_id="export_identity_audit",
    summary="The same as a table, all of it",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Newest first, in UTF-8; what a program could take for a formula begins with an apostrophe.",
            "content": {"text/csv": {"schema": {"type": "string"}, "example": "seq,id,at,kind,outcome\r\n"}},
        },
        **problems(401, 403, 422, 429),
    },
)
async def export(
    caller: Reader,
    context: Ctx,
    came: From,
    wanted: Conditions,
    separator: Annotated[Literal["comma", "semicolon"], Query(description="What stands between the cells.")] = "comma",
) -> StreamingResponse:
    """Exporting is itself recorded, with what was asked for."""
    asked = {name: str(value) for name, value in vars(wanted).items() if value is not None and name != "limit"}
    await context.audit.act("audit.exported", caller, came, "record:identity", details=asked)
    await context.audit.link_all()
    pieces: AsyncIterator[bytes] = lines(
        reading.everything(context.audit, wanted), ";" if separator == "semicolon" else ","
    )
    headers = {"Content-Disposition": 'attachment; filename="catatan-masuk.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(pieces, media_type="text/csv; charset=utf-8", headers=headers)
