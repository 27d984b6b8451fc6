"""Who opened confidential letters, and who was refused: for auditors."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.chassis.auth import Caller, Principal
from services.chassis.errors import forbidden
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import Limit, Page
from services.routing.commands.list_audit import AuditQuery, list_audit
from services.routing.context import Ctx
from services.routing.store.audit import What

router = APIRouter(prefix="/v1/audit", tags=["routing"])


class AuditView(BaseModel):
    """One reading or refusal."""

    at: datetime
    what: What
    letter_id: str
    file_id: str | None
    person_id: str
    person_name: str
    positions: list[str]


@router.get(
    "/letters",
    operation_id="list_letter_audit",
    summary="Who opened confidential letters, and who was refused",
    responses=problems(401, 403, 404, 422),
)
async def get_audit(
    context: Ctx,
    caller: Caller,
    letter_id: Annotated[EntityId | None, Query()] = None,
    person_id: Annotated[EntityId | None, Query()] = None,
    what: Annotated[Literal["opened", "refused"], Query()] = "refused",
    cursor: Annotated[EntityId | None, Query(description="`next` of the page before.")] = None,
    limit: Limit = 50,
) -> Page[AuditView]:
    """Newest first. For auditors and the regency's administrators."""
    _check(caller)
    entries, following = await list_audit(context, AuditQuery(letter_id, person_id, what, cursor, limit))
    views = [
        AuditView(
            at=one.at,
            what=one.what,
            letter_id=one.letter_id,
            file_id=one.file_id,
            person_id=one.by,
            person_name=one.name,
            positions=list(one.positions),
        )
        for one in entries
    ]
    return Page(items=views, next=following)


def _check(caller: Principal) -> None:
    roles = {held.role for held in caller.positions} | caller.roles
    if not roles & {"auditor", "regency_admin"}:
        raise forbidden("Catatan akses hanya untuk auditor dan administrator kabupaten.")
