"""The doors of a session that has begun: going on, ending it, and who one is in it."""

from fastapi import APIRouter, Response

from gateway.auth import sign_in
from gateway.auth.models import Me, RefreshToken, Tokens
from gateway.context import Ctx
from services.chassis.auth import Caller
from services.chassis.openapi import problems

router = APIRouter(tags=["gateway"])


@router.post(
    "/v1/auth/refresh",
    operation_id="refresh_tokens",
    summary="Swap the refresh token for new tokens",
    response_model=Tokens,
    responses=problems(401, 422),
)
async def refresh(body: RefreshToken, response: Response, context: Ctx) -> Tokens:
    """Each refresh token works once; one that is used twice ends its session."""
    response.headers["Cache-Control"] = "no-store"
    return await sign_in.refresh(context, body.refresh_token)


@router.post(
    "/v1/auth/logout",
    operation_id="sign_out",
    summary="End the session of a refresh token",
    status_code=204,
    responses=problems(422),
)
async def logout(body: RefreshToken, context: Ctx) -> Response:
    """No refresh token of the session works afterwards; its access token runs out by itself."""
    await context.sessions.close(body.refresh_token)
    return Response(status_code=204)


@router.get(
    "/v1/me",
    operation_id="who_am_i",
    summary="Who am I, and what do I hold",
    response_model=Me,
    responses=problems(401),
)
async def me(caller: Caller, response: Response) -> Me:
    """What the access token says: new assignments show after the next refresh."""
    response.headers["Cache-Control"] = "no-store"
    return Me(
        person_id=caller.person_id,
        name=caller.name,
        roles=sorted(caller.roles),
        scopes=sorted(caller.scopes),
        positions=list(caller.positions),
    )
