"""The doors of one's own links, and of leaving the provider too."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Request, Response

from gateway.audit.origin import From
from gateway.auth import session_acts
from gateway.auth.cookies import clear_cookies
from gateway.auth.oidc import linking
from gateway.auth.oidc.fetching import ProviderAway, ProviderWrong
from gateway.auth.oidc.models import LinkList, LinkView, NewLink, SignedOut
from gateway.auth.own_proofs import own_account, proved_owner
from gateway.context import Context, Ctx
from gateway.credentials import Caller
from services.chassis.openapi import problems

router = APIRouter(prefix="/v1/me", tags=["gateway"])


@router.get(
    "/oidc-links",
    operation_id="list_my_oidc_links",
    summary="By which providers I may sign in",
    response_model=LinkList,
    responses=problems(401, 403, 429),
)
async def links(caller: Caller, context: Ctx) -> LinkList:
    """One's own links, the oldest first."""
    account = await own_account(context, caller)
    return LinkList(items=[LinkView.model_validate(one) for one in await context.openid.links.held_by(account.id)])


@router.post(
    "/oidc-links",
    operation_id="link_my_oidc_account",
    summary="Link an account at a provider to mine",
    status_code=201,
    response_model=LinkView,
    responses=problems(401, 403, 409, 422, 429, 503),
)
async def add(body: NewLink, caller: Caller, context: Ctx, came: From) -> LinkView:
    """With the code from `/v1/auth/oidc/start`, begun with a `code_challenge`: an app's, or a page of this site's; and
    with the password, for a link is a lasting way in. Whoever has no password has an administrator make a one-time one.

    Takes no `Idempotency-Key`: the code works once, and the same account linked once more is the same link.
    """
    password = body.password.get_secret_value()
    account = await proved_owner(context, caller, came, password, body.second_factor_code)
    proven = await context.openid.handovers.take(body.code.get_secret_value(), body.code_verifier.get_secret_value())
    return LinkView.model_validate(await linking.link(context, caller, account, proven, came))


@router.delete(
    "/oidc-links/{link_id}",
    operation_id="unlink_my_oidc_account",
    summary="Take a link away",
    status_code=204,
    responses=problems(401, 403, 404, 409, 422, 429),
)
async def remove(
    link_id: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")], caller: Caller, context: Ctx, came: From
) -> Response:
    """Refused for the last way in: whoever has no password sets one first. Other sessions by a provider end."""
    await linking.unlink(context, caller, link_id, came)
    return Response(status_code=204)


@router.post(
    "/oidc-sign-out",
    operation_id="sign_out_of_oidc",
    summary="Sign out here, and at the provider",
    response_model=SignedOut,
    responses=problems(401, 403, 429),
)
async def sign_out(caller: Caller, request: Request, response: Response, context: Ctx, came: From) -> SignedOut:
    """Ends the session here; the browser then goes to `continue_at`, where the provider ends its own."""
    session = await session_acts.own_session(context, caller)
    await session_acts.sign_out(context, session, came)
    clear_cookies(request.scope, response)
    response.headers["Cache-Control"] = "no-store"
    return SignedOut(continue_at=await _farewell(context, session.account_id) if session.via == "oidc" else None)


async def _farewell(context: Context, account_id: str) -> str | None:
    """Where the provider used last ends its session (OpenID Connect RP-Initiated Logout 1.0, section 2)."""
    links = [one for one in await context.openid.links.held_by(account_id) if one.last_used_at]
    known = {one.name: one for one in context.openid.providers.all()}
    last = max(links, key=lambda one: one.last_used_at or one.linked_at, default=None)
    provider = known.get(last.provider) if last else None
    if provider is None or not provider.sign_out_there:
        return None
    try:
        place = (await context.openid.directory(provider).metadata()).end_session_endpoint
    except (ProviderAway, ProviderWrong):
        return None
    if place is None:
        return None
    back = {"client_id": provider.client_id, "post_logout_redirect_uri": f"{context.openid.providers.public_url}/"}
    return f"{place}{'&' if '?' in place else '?'}{urlencode(back)}"
