"""How every sign-in ends: with tokens for an app or cookies for a browser. Invariant: a session is kept in one way."""

from functools import partial

from fastapi import Request, Response

from gateway.audit.origin import origin
from gateway.auth.accounts import Account
from gateway.auth.cookies import cookie_of, require_safe_way, set_cookies
from gateway.auth.csrf import check_site, csrf_token
from gateway.auth.models import Tokens
from gateway.auth.session_models import PortalSession, Staying
from gateway.auth.session_rows import Opened
from gateway.auth.signed import Signed
from gateway.auth.subjects import subject_of
from gateway.context import Context

PORTALS = Staying(keeping="portal")
APPS = Staying()


async def check_staying(context: Context, request: Request, staying: Staying) -> None:
    """Refuse what could not be answered with cookies, before a password is looked at."""
    if staying.keeping == "portal":
        check_site(request.scope)
        require_safe_way(request.scope, allowed=context.settings.cookies_without_https)


async def admit(
    context: Context,
    signed: Signed,
    request: Request,
    response: Response,
    *,
    staying: Staying = APPS,
) -> Tokens | PortalSession:
    """Open a session for who has proved who they are; ``response`` gets the cookies where they are wanted."""
    if staying.keeping == "portal":
        require_safe_way(request.scope, allowed=context.settings.cookies_without_https)
    account, came = signed.account, await origin(request)
    opened = await context.sessions.open(
        account.id,
        via=signed.via,
        address=came.address,
        user_agent=request.headers.get("user-agent", ""),
        second_factor=signed.second_factor,
        keeping=staying.keeping,
        remembered=staying.keeping == "portal" and staying.remember,
        version=account.version,
        put_down=partial(signed.put_down, context.audit, came),
    )
    response.headers["Cache-Control"] = "no-store"
    if staying.keeping == "app":
        return await tokens_of(context, account, opened)
    await _end_former(context, request)
    token = csrf_token(opened.secret)
    set_cookies(request.scope, response, opened, token)
    return PortalSession(csrf_token=token, expires_at=opened.expires_at)


async def tokens_of(context: Context, account: Account, opened: Opened) -> Tokens:
    """The tokens of an app's session, with the person's positions as they are now."""
    subject = await subject_of(context, account, opened.session)
    return Tokens(
        access_token=context.issuer.issue(subject),
        expires_in=context.issuer.lifetime,
        refresh_token=opened.secret,
        refresh_expires_at=opened.expires_at,
    )


async def _end_former(context: Context, request: Request) -> None:
    """Whoever signs in anew in the same browser leaves no session behind that nobody sees."""
    cookie = cookie_of(request.scope)
    former = await context.sessions.of_cookie(cookie.session_id, cookie.secret) if cookie else None
    if former:
        await context.sessions.end(former.id, "replaced")
