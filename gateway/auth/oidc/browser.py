"""What a browser is told on its way. Invariant: it is led to this house or to the app it came from, and a secret that
stands in an address stands behind the ``#`` or is bound to whoever asked for it.

After a sign-in here the browser gets a page that leads on by itself, not a redirect: ``SameSite=Strict`` cookies are
not sent along a chain of redirects that began at another site.
"""

from html import escape
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from gateway.auth.cookies import HOST_PREFIX
from gateway.auth.oidc.attempts import SECONDS, Attempt, Errand, cookie_name
from gateway.public_page import POLICY, SAFE
from gateway.tracking_page import STYLE
from services.chassis.errors import ServiceError

UNKEPT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
PAGE = """<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{refresh}<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/masuk/style.css">
</head>
<body>
<main>
<h1>{title}</h1>
<p>{sentence}</p>
<p>{links}</p>
</main>
</body>
</html>
"""
look = APIRouter(include_in_schema=False)


@look.get("/masuk/style.css")
async def style() -> Response:
    """How the pages of a sign-in look: like the others the public sees."""
    return Response(STYLE, media_type="text/css; charset=utf-8", headers=SAFE)


def leave(scope: Scope, attempt: Attempt, url: str) -> Response:
    """To the provider, with the attempt's secret in a cookie that comes back with the browser alone."""
    response = RedirectResponse(url, 303, headers=UNKEPT)
    secure = scope["scheme"] == "https"
    # Lax: the way back begins at the provider's site, and a followed link is all it is.
    response.set_cookie(
        _named(attempt.state, secure), attempt.secret, max_age=SECONDS, secure=secure, httponly=True, samesite="lax"
    )
    return response


def secret_of(request: Request, state: str) -> str | None:
    """The secret of the attempt with this state, where this browser has it."""
    return request.cookies.get(_named(state, request.scope["scheme"] == "https"))


def forget(scope: Scope, response: Response, state: str) -> Response:
    """The attempt is over."""
    secure = scope["scheme"] == "https"
    response.delete_cookie(_named(state, secure), secure=secure, httponly=True, samesite="lax")
    return response


def to_app(errand: Errand, public_url: str, said: dict[str, str]) -> Response:
    """Back to the app, with what it is told (RFC 6749, section 4.1.2)."""
    if errand.state is not None:
        said = {**said, "state": errand.state}
    place = f"{public_url}{errand.back_to}" if errand.back_to.startswith("/") else errand.back_to
    return RedirectResponse(f"{place}{'&' if '?' in place else '?'}{urlencode(said)}", 303, headers=UNKEPT)


def refused_to_app(errand: Errand, public_url: str, error: ServiceError) -> Response:
    """The same with a refusal; ``error_description`` is the stable code of ours."""
    word = "temporarily_unavailable" if error.status == 503 else "access_denied"
    return to_app(errand, public_url, {"error": word, "error_description": error.code})


def onward(public_url: str, path: str, sentence: str, fragment: dict[str, str] | None = None) -> Response:
    """The page that leads on by itself."""
    place = escape(f"{public_url}{path}" + (f"#{urlencode(fragment)}" if fragment else ""))
    return _page(
        200,
        "Lontar",
        sentence,
        f'<a href="{place}">Lanjutkan</a>',
        refresh=f'<meta http-equiv="refresh" content="0; url={place}">\n',
    )


def refusal(error: ServiceError, errand: Errand | None) -> Response:
    """The page for a person whose sign-in did not work, with a way to try again."""
    start = "/v1/auth/oidc/start"
    if errand is not None:
        start += f"?provider={quote(errand.provider)}&return_to={quote(errand.back_to, safe='')}"
        links = f'<a href="{escape(start)}">Coba masuk lagi</a>'
    else:
        links = '<a href="/">Kembali ke halaman depan</a>'
    response = _page(error.status, "Belum dapat masuk", error.detail, links)
    response.headers.update(error.headers)
    return response


def wants_page(request: Request) -> bool:
    """Whether it is a person's browser that asks."""
    return "text/html" in request.headers.get("accept", "")


def _page(status: int, title: str, sentence: str, links: str, *, refresh: str = "") -> Response:
    page = PAGE.format(title=escape(title), sentence=escape(sentence), links=links, refresh=refresh)
    headers = {**SAFE, **UNKEPT, "Content-Security-Policy": POLICY}
    return Response(page, status, media_type="text/html", headers=headers)


def _named(state: str, secure: bool) -> str:
    return f"{HOST_PREFIX if secure else ''}{cookie_name(state)}"
