"""The doors of one's sessions: where one is signed in, and ending it there."""

from fastapi import APIRouter, Response

from gateway.audit.origin import From
from gateway.auth import session_acts
from gateway.auth.device_names import device_of
from gateway.auth.session_models import SessionList, SessionsEnded, SessionView
from gateway.context import Ctx
from gateway.credentials import Caller
from services.chassis.ids import EntityId
from services.chassis.openapi import problems

router = APIRouter(tags=["gateway"])


@router.get(
    "/v1/me/sessions",
    operation_id="list_my_sessions",
    summary="Where I am signed in",
    response_model=SessionList,
    responses=problems(401, 403, 429, 503),
)
async def sessions(caller: Caller, context: Ctx, response: Response) -> SessionList:
    """All sessions that live, the last used first."""
    response.headers["Cache-Control"] = "no-store"
    mine = await session_acts.own_session(context, caller)
    found = await context.sessions.list_of(mine.account_id)
    views = [
        SessionView.model_validate(
            {**one.model_dump(), "device": device_of(one.user_agent), "current": one.id == mine.id}
        )
        for one in found
    ]
    return SessionList(items=views)


@router.delete(
    "/v1/me/sessions",
    operation_id="end_my_other_sessions",
    summary="Sign out everywhere else",
    response_model=SessionsEnded,
    responses=problems(401, 403, 429, 503),
)
async def end_others(caller: Caller, context: Ctx, origin: From) -> SessionsEnded:
    """All sessions but the present one end, at the gateway within two seconds."""
    return SessionsEnded(ended=await session_acts.end_others(context, caller, origin))


@router.delete(
    "/v1/me/sessions/{session_id}",
    operation_id="end_my_session",
    summary="Sign out there",
    status_code=204,
    responses=problems(401, 403, 404, 422, 429, 503),
)
async def end_one(session_id: EntityId, caller: Caller, context: Ctx, origin: From) -> Response:
    """One session ends, which may be the present one; a session of somebody else is not found."""
    await session_acts.end_own(context, caller, session_id, origin)
    return Response(status_code=204)
