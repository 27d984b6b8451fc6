"""The doors of administering accounts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from gateway.audit.origin import From
from gateway.auth import administer_account
from gateway.auth.accounts import AccountRole, Sought
from gateway.auth.create_account import create_account
from gateway.auth.models import AccountChange, AccountView, CreatedAccount, NewAccount, OneTimePassword
from gateway.context import Ctx
from gateway.credentials import Caller
from services.chassis.auth import Principal
from services.chassis.conditions import SeenVersion, tag
from services.chassis.errors import forbidden
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page

router = APIRouter(tags=["gateway"])
Words = Annotated[str | None, Query(max_length=100, description="Words of name or username, or parts of them.")]
SignedIn = Annotated[bool | None, Query(description="`false`: those who have never signed in.")]


async def _administrator(caller: Caller) -> Principal:
    if "organisation:write" not in caller.scopes:
        raise forbidden()
    return caller


Administrator = Annotated[Principal, Depends(_administrator)]


async def _sought(
    q: Words = None, active: bool | None = None, signed_in: SignedIn = None, role: AccountRole | None = None
) -> Sought:
    return Sought(q=q, active=active, signed_in=signed_in, role=role)


@router.post(
    "/v1/accounts",
    operation_id="create_account",
    summary="Create an account",
    status_code=201,
    response_model=CreatedAccount,
    responses=problems(401, 403, 409, 422, 429, 503),
)
async def create(
    body: NewAccount, caller: Administrator, context: Ctx, origin: From, response: Response, key: IdempotencyKey = None
) -> CreatedAccount:
    """For a person routing knows; what they may do follows from their assignments and the account's roles.

    Whose person it is stays for good: `warnings` says where nothing was told of a position of theirs, now or ever, or
    where they have an account already.
    """
    created = await create_account(context, caller, origin, key, body)
    tag(response, created.version)
    return created


@router.get(
    "/v1/accounts",
    operation_id="list_accounts",
    summary="The accounts, newest first",
    response_model=Page[AccountView],
    responses=problems(401, 403, 422, 429, 503),
)
async def accounts(
    _: Administrator,
    context: Ctx,
    sought: Annotated[Sought, Depends(_sought)],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[AccountView]:
    """One page of those that are sought."""
    rows = await context.accounts.page(sought, cursor, limit)
    following = rows[limit - 1].id if len(rows) > limit else None
    return Page(items=[AccountView.of(account) for account in rows[:limit]], next=following)


@router.get(
    "/v1/accounts/{account_id}",
    operation_id="get_account",
    summary="An account",
    response_model=AccountView,
    responses=problems(401, 403, 404, 422, 429, 503),
)
async def account(account_id: EntityId, _: Administrator, context: Ctx, response: Response) -> AccountView:
    """With the ETag a change asks for."""
    found = await administer_account.found(context, account_id)
    tag(response, found.version)
    return AccountView.of(found)


@router.patch(
    "/v1/accounts/{account_id}",
    operation_id="change_account",
    summary="Change an account, switch it off or on",
    response_model=AccountView,
    responses=problems(401, 403, 404, 409, 412, 422, 429, 503),
)
async def change(
    account_id: EntityId,
    body: AccountChange,
    caller: Administrator,
    context: Ctx,
    origin: From,
    response: Response,
    seen: SeenVersion,
) -> AccountView:
    """Whoever is switched off or loses a role is signed out everywhere at once. One administrator always remains."""
    changed = await administer_account.change_account(context, caller, origin, account_id, body, seen)
    tag(response, changed.version)
    return AccountView.of(changed)


@router.post(
    "/v1/accounts/{account_id}/one-time-password",
    operation_id="make_one_time_password",
    summary="Make a password to tell the account's owner",
    response_model=OneTimePassword,
    responses=problems(401, 403, 404, 409, 422, 429, 503),
)
async def one_time_password(
    account_id: EntityId, caller: Administrator, context: Ctx, origin: From, response: Response
) -> OneTimePassword:
    """It opens nothing but the choice of another. The password before no longer works, and every session ends."""
    response.headers["Cache-Control"] = "no-store"
    password, until = await administer_account.make_one_time_password(context, caller, origin, account_id)
    return OneTimePassword(password=password, expires_at=until)


@router.delete(
    "/v1/accounts/{account_id}/second-factor",
    operation_id="reset_second_factor",
    summary="Take away a second factor that was lost",
    status_code=204,
    responses=problems(401, 403, 404, 409, 422, 429, 503),
)
async def reset(account_id: EntityId, caller: Administrator, context: Ctx, origin: From) -> Response:
    """For whoever has lost app and recovery codes: make sure who asks. Every session of the account ends."""
    await administer_account.reset_second_factor(context, caller, origin, account_id)
    return Response(status_code=204)
