"""Whether a browser's request comes from our own page. Invariant: a cookie alone changes nothing.

Three things, each of which would do: cookies are ``SameSite=Strict``, what the browser itself says of where a request
comes from (Fetch Metadata, RFC 6454) is looked at, and what changes something needs a token that only our own page can
read. The token follows from the session's secret, so it fits no other session and a planted one is worth nothing.
Sites under the same domain count as foreign: what runs at a neighbour's is not ours to trust.
"""

import base64
import hashlib
import hmac

from starlette.types import Scope

from gateway.credentials import SAFE_METHODS
from gateway.headers import first
from services.chassis.errors import ServiceError

FIELD = b"x-csrf-token"


def csrf_token(secret: str) -> str:
    """The token of the session with this secret."""
    made = hmac.digest(secret.encode(), b"lontar csrf token", hashlib.sha256)
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def check_request(scope: Scope, secret: str) -> None:
    """403 for a request another site has made, and for one that changes something without the session's token."""
    check_site(scope)
    if scope["method"] in SAFE_METHODS:
        return
    given = first(scope["headers"], FIELD) or ""
    if not hmac.compare_digest(given.encode("latin-1"), csrf_token(secret).encode()):
        detail = "Permintaan ini tidak dapat dipastikan berasal dari portal. Muat ulang halaman, lalu coba lagi."
        raise ServiceError(403, "csrf_failed", detail)


def check_site(scope: Scope) -> None:
    """403 for what another site has made a browser send; following a link to us is no harm."""
    headers = scope["headers"]
    site = first(headers, b"sec-fetch-site")
    safe = scope["method"] in SAFE_METHODS
    if site in ("cross-site", "same-site") and not (safe and first(headers, b"sec-fetch-mode") == "navigate"):
        raise _foreign()
    origin = first(headers, b"origin")
    if site is None and origin is not None and not safe and not _is_ours(origin, scope):
        raise _foreign()


def _is_ours(origin: str, scope: Scope) -> bool:
    scheme, _, authority = origin.lower().partition("://")
    host = (first(scope["headers"], b"host") or "").lower()
    # a proxy that ends TLS before us may not say so: HTTPS of the same host is never worse
    return bool(authority) and authority == host and scheme in ("https", scope["scheme"])


def _foreign() -> ServiceError:
    return ServiceError(403, "cross_site", "Permintaan dari situs lain tidak dilayani.")
