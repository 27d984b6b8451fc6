"""Pages of other origins. Invariant: an origin is allowed by its whole name or not at all, never all of them.

What is not allowed gets no answer in words of CORS, which is what makes the browser refuse (Fetch standard, "CORS
protocol"). Whether the caller may do it is decided as for everybody else: CORS gives nobody a right.
"""

import re

from services.chassis.errors import ServiceError

Fields = list[tuple[bytes, bytes]]
_ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?")
METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE"
ASKED = (
    "Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-Modified-Since, If-None-Match, "
    "Last-Event-ID, Prefer, Range, Traceparent, Tracestate, Tus-Resumable, Upload-Checksum, Upload-Concat, "
    "Upload-Defer-Length, Upload-Length, Upload-Metadata, Upload-Offset, X-CSRF-Token, X-HTTP-Method-Override, "
    "X-Request-ID"
).encode("ascii")
TOLD = (
    "Accept-Ranges, Content-Disposition, Content-Range, Deprecation, ETag, Link, Location, RateLimit, "
    "RateLimit-Policy, Repr-Digest, Retry-After, Sunset, Tus-Extension, Tus-Max-Size, Tus-Resumable, Tus-Version, "
    "Upload-Expires, Upload-Length, Upload-Metadata, Upload-Offset, X-Request-ID"
).encode("ascii")
REMEMBERED_SECONDS = b"600"


class CrossOrigin:
    """``origins``: those allowed, with commas, as browsers write them; ``credentials``: whether with cookies."""

    def __init__(self, origins: str, *, credentials: bool) -> None:
        names = [origin.strip() for origin in origins.split(",") if origin.strip()]
        for name in names:
            if not _ORIGIN.fullmatch(name):
                raise ValueError(f"cors_origins: {name} is no origin; they look like https://app.example.go.id")
        self._allowed = frozenset(name.encode("ascii") for name in names)
        self._credentials: Fields = [(b"access-control-allow-credentials", b"true")] if credentials else []

    def preflight(self, origin: bytes) -> Fields:
        """The answer to a page that asks whether it may ask; 403 where it may not."""
        if origin not in self._allowed:
            raise ServiceError(403, "origin_refused", "Halaman ini tidak diizinkan memakai layanan.")
        return [
            (b"access-control-allow-methods", METHODS),
            (b"access-control-allow-headers", ASKED),
            (b"access-control-max-age", REMEMBERED_SECONDS),
            (b"vary", b"Access-Control-Request-Method, Access-Control-Request-Headers"),
        ]

    def fields(self, origin: bytes | None) -> Fields:
        """What an answer says to the page that asked. Caches are told that it depends on the origin, whoever asks."""
        if not self._allowed:
            return []
        varies = (b"vary", b"Origin")
        if origin not in self._allowed or origin is None:
            return [varies]
        return [
            varies,
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", TOLD),
            *self._credentials,
        ]
