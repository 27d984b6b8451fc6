"""The cookies of a browser. Invariant: no script reads the one that signs in, no other site has it sent.

``__Host-`` binds a cookie to this very host and to HTTPS (RFC 6265bis, section 4.1.3), so that no neighbour under the
same domain can plant one. Browsers refuse that name on plain HTTP, where the cookies therefore have another: on this
machine itself, and elsewhere only where the settings allow it.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.types import Scope

from gateway.auth.session_rows import Opened
from gateway.headers import first
from services.chassis.clock import now
from services.chassis.errors import ServiceError

SESSION, CSRF = "lontar_session", "lontar_csrf"
HOST_PREFIX = "__Host-"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_VALUE = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([A-Za-z0-9_-]{43,65})\.([0-9]{1,9})")


@dataclass(frozen=True)
class PortalCookie:
    """What the cookie says. ``version`` counts the switches of position this browser knows of."""

    session_id: str
    secret: str
    version: int

    def __str__(self) -> str:
        return f"{self.session_id}.{self.secret}.{self.version}"

    def __repr__(self) -> str:
        return f"PortalCookie({self.session_id})"


def cookie_of(scope: Scope) -> PortalCookie | None:
    """The session cookie that was sent, if it looks like one."""
    wanted = _named(SESSION, secure=scope["scheme"] == "https")
    for name, value in scope["headers"]:
        if name == b"cookie":
            for pair in value.decode("latin-1").split(";"):
                key, _, content = pair.strip().partition("=")
                if key == wanted and (found := _VALUE.fullmatch(content)):
                    return PortalCookie(found[1], found[2], int(found[3]))
    return None


def set_cookies(scope: Scope, response: Response, opened: Opened, csrf_token: str) -> None:
    """Let the browser stay signed in: until it is closed, or where it is remembered as long as the session lives."""
    session = opened.session
    until = session.until if session.remembered else None
    cookie = PortalCookie(session.id, opened.secret, session.acting_version)
    _set(scope, response, SESSION, str(cookie), until, readable=False)
    _set(scope, response, CSRF, csrf_token, until, readable=True)


def clear_cookies(scope: Scope, response: Response) -> None:
    """Let the browser forget both."""
    secure = scope["scheme"] == "https"
    for name, httponly in ((SESSION, True), (CSRF, False)):
        response.delete_cookie(_named(name, secure=secure), secure=secure, httponly=httponly, samesite="strict")


def require_safe_way(scope: Scope, *, allowed: bool) -> None:
    """400 where a cookie would go over the network in the clear."""
    host = urlsplit(f"//{first(scope['headers'], b'host') or ''}").hostname
    if scope["scheme"] != "https" and host not in LOOPBACK and not allowed:
        detail = "Masuk lewat peramban hanya dapat dilakukan melalui HTTPS."
        raise ServiceError(400, "https_needed", detail)


def _set(scope: Scope, response: Response, name: str, value: str, until: datetime | None, *, readable: bool) -> None:
    secure = scope["scheme"] == "https"
    response.set_cookie(
        _named(name, secure=secure),
        value,
        max_age=None if until is None else max(1, int((until - now()).total_seconds())),
        path="/",
        secure=secure,
        httponly=not readable,
        samesite="strict",
    )


def _named(name: str, *, secure: bool) -> str:
    return f"{HOST_PREFIX}{name}" if secure else name
