"""The HTTP door of sign-in. Invariant: no answer that holds a token may be kept by a cache."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import JSONResponse

from gateway.auth import sign_in
from gateway.auth.create_account import create_account
from gateway.auth.models import AccountView, Me, NewAccount, RefreshToken, SignIn, Tokens
from gateway.context import Ctx
from services.chassis.auth import Caller, Principal, require
from services.chassis.idempotency import IdempotencyKey
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page, page_of

router = APIRouter(tags=["gateway"])
Administrator = Annotated[Principal, Depends(require("organisation:write"))]


@router.post(
    "/v1/auth/token",
    operation_id="sign_in",
    summary="Sign in with name and password",
    response_model=Tokens,
    responses=problems(401, 422, 429),
)
async def token(body: SignIn, request: Request, response: Response, context: Ctx) -> Tokens:
    """Get tokens. After several failures from one address the account must wait there, and only there."""
    response.headers["Cache-Control"] = "no-store"
    address = request.client.host if request.client else "unknown"
    return await sign_in.sign_in(context, body.username, body.password.get_secret_value(), address)


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


@router.post(
    "/v1/accounts",
    operation_id="create_account",
    summary="Create an account",
    status_code=201,
    response_model=AccountView,
    responses=problems(401, 403, 409, 422),
)
async def create(body: NewAccount, caller: Administrator, context: Ctx, key: IdempotencyKey = None) -> AccountView:
    """For a person known to routing; what they may do follows from their assignments and the account's roles."""
    return await create_account(context, caller, key, body)


@router.get(
    "/v1/accounts",
    operation_id="list_accounts",
    summary="The accounts, newest first",
    response_model=Page[AccountView],
    responses=problems(401, 403, 422),
)
async def accounts(_: Administrator, context: Ctx, cursor: Cursor = None, limit: Limit = 50) -> Page[AccountView]:
    """One page of accounts."""
    rows, following = page_of(await context.accounts.page(cursor, limit), limit)
    items = [AccountView.model_validate({**row, "id": row["_id"]}) for row in rows]
    return Page(items=items, next=following)


@router.get("/.well-known/jwks.json", include_in_schema=False)
async def jwks(context: Ctx) -> Response:
    """The public keys, for services and for clients that verify tokens themselves."""
    return JSONResponse(context.keys.jwks(), headers={"Cache-Control": "public, max-age=60"})
