"""The HTTP door of the status. Invariant: open to all, and the numbers to those who look after the house."""

from typing import Any

from fastapi import APIRouter, Request

from gateway.credentials import Credentials
from gateway.status.views import Status, view
from gateway.status.watching import Watch
from services.chassis.errors import ServiceError
from services.chassis.openapi import problems

router = APIRouter(tags=["gateway"])
READERS = frozenset({"auditor", "regency_admin"})
EXAMPLE = {
    "state": "degraded",
    "label": "Sebagian layanan terganggu.",
    "at": "2026-08-03T01:12:45.120Z",
    "services": [
        {
            "service": "notify",
            "name": "Pemberitahuan",
            "state": "degraded",
            "label": "Terganggu sebagian",
            "since": "2026-08-03T01:10:02.000Z",
            "numbers": None,
        }
    ],
}
DESCRIBED: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"example": EXAMPLE}}},
    **problems(429),
}


@router.get(
    "/v1/status",
    operation_id="get_status",
    summary="How the services are",
    response_model=Status,
    responses=DESCRIBED,
)
async def status(request: Request) -> Status:
    """For people and monitors: each service up, degraded or down, and since when.

    Backlog, age of the oldest event not yet sent and parked messages are told to auditors and administrators of the
    regency, who show who they are as anywhere else.
    """
    return await seen_by(request)


async def seen_by(request: Request) -> Status:
    """The status, with the numbers where the caller may know them."""
    watch: Watch = request.app.state.watch
    return view(await watch.snapshot(), numbers=await _may_know(request))


async def _may_know(request: Request) -> bool:
    """Whoever shows nothing, or nothing good, is a stranger here like any other, and not refused.

    So is who came by no row of the table: nobody has counted how often they ask.
    """
    if "row" not in request.scope["state"]:
        return False
    credentials: Credentials = request.app.state.credentials
    try:
        identity = await credentials.identify(request.scope, "administration")
    except ServiceError:
        return False
    principal = identity.principal
    roles = principal.roles | {held.role for held in principal.positions}
    return principal.client_id is None and bool(roles & READERS)
