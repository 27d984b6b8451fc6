"""The doors of administering accounts."""

from typing import Annotated

from fastapi import APIRouter, Depends

from gateway.auth.create_account import create_account
from gateway.auth.models import AccountView, NewAccount
from gateway.context import Ctx
from services.chassis.auth import Principal, require
from services.chassis.idempotency import IdempotencyKey
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page, page_of

router = APIRouter(tags=["gateway"])
Administrator = Annotated[Principal, Depends(require("organisation:write"))]


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
