"""The doors of a session that has begun: going on, ending it, and who one is in it."""

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response

from gateway.audit.origin import From
from gateway.auth import session_acts
from gateway.auth.answer import tokens_of
from gateway.auth.cookies import clear_cookies, cookie_of, set_cookies
from gateway.auth.csrf import check_request, csrf_token
from gateway.auth.models import RefreshToken, Tokens
from gateway.auth.session_models import Me, Switch, Switched
from gateway.auth.session_rows import Opened
from gateway.auth.subjects import account_of, subject_of
from gateway.auth.who import described
from gateway.context import Ctx
from gateway.credentials import Caller
from services.chassis.openapi import problems

router = APIRouter(tags=["gateway"])
Leaving = Annotated[RefreshToken | None, Body(description="Not needed by a browser, whose cookie tells.")]


@router.post(
    "/v1/auth/refresh",
    operation_id="refresh_tokens",
    summary="Swap the refresh token for new tokens",
    response_model=Tokens,
    responses=problems(401, 422, 429, 503),
)
async def refresh(body: RefreshToken, response: Response, context: Ctx, origin: From) -> Tokens:
    """Each refresh token works once; one that comes back after the next was used ends its session. Whoever got no
    answer may ask again for some seconds and gets the same.
    """
    response.headers["Cache-Control"] = "no-store"
    opened = await context.sessions.refresh(body.refresh_token, address=origin.address, request_id=origin.request_id)
    return await tokens_of(context, await account_of(context, opened.session), opened)


@router.post(
    "/v1/auth/logout",
    operation_id="sign_out",
    summary="End the session of a refresh token, or of the browser's cookie",
    status_code=204,
    responses=problems(403, 422, 429, 503),
)
async def logout(request: Request, context: Ctx, origin: From, body: Leaving = None) -> Response:
    """Nothing of the session works afterwards, its access tokens included. What is unknown or ended is no error."""
    cookie = None if body else cookie_of(request.scope)
    answer = Response(status_code=204)
    if cookie:
        check_request(request.scope, cookie.secret)
        session = await context.sessions.of_cookie(cookie.session_id, cookie.secret)
        clear_cookies(request.scope, answer)
    else:
        session = await context.sessions.of_refresh_token(body.refresh_token) if body else None
    if session:
        await session_acts.sign_out(context, session, origin)
    return answer


@router.get(
    "/v1/me",
    operation_id="who_am_i",
    summary="Who am I, and what do I hold",
    response_model=Me,
    responses=problems(401, 403, 429, 503),
)
async def me(caller: Caller, response: Response, context: Ctx) -> Me:
    """What the access token says, and what one might act as: new assignments show there at once, in the token with
    the next one.
    """
    response.headers["Cache-Control"] = "no-store"
    session = await context.sessions.get(caller.session_id) if caller.session_id else None
    return await described(context, caller, session)


@router.put(
    "/v1/me/position",
    operation_id="switch_position",
    summary="Act as one of the positions one holds, or as all of them",
    response_model=Switched,
    responses=problems(401, 403, 422, 429, 503),
)
async def switch_position(
    body: Switch, caller: Caller, request: Request, response: Response, context: Ctx, origin: From
) -> Switched:
    """Without signing in again. The choice stays with this session, and tokens carry that position alone."""
    response.headers["Cache-Control"] = "no-store"
    session = await session_acts.switch(context, caller, body.position_id, origin)
    token = context.issuer.issue(await subject_of(context, await account_of(context, session), session))
    principal = await request.app.state.verifier.verify(token)
    known = await described(context, principal, session)
    cookie = cookie_of(request.scope) if session.keeping == "portal" else None
    if cookie and cookie.session_id == session.id:
        set_cookies(request.scope, response, Opened(session, cookie.secret), csrf_token(cookie.secret))
    if session.keeping == "portal":
        return Switched(**known.model_dump())
    return Switched(**known.model_dump(), access_token=token, expires_in=context.issuer.lifetime)
