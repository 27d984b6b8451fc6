"""What keeps browsers from harm. Invariant: added where it is missing; what a page says of itself stands.

Rules by the kind of content: data is never a page and shows nothing, a picture or a paper may be framed by our own
pages alone, and what could be a page of a service's is boxed in. Nothing is kept by a cache unless it says it may be.
"""

from collections.abc import Iterable

Fields = list[tuple[bytes, bytes]]
POLICY = b"content-security-policy"
FRAMES = b"x-frame-options"
KEPT = b"cache-control"
EVERYWHERE: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
DATA = ((POLICY, b"default-src 'none'; frame-ancestors 'none'"), (FRAMES, b"DENY"))
PAGE = (
    (POLICY, b"default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"),
    (FRAMES, b"DENY"),
    (b"permissions-policy", b"camera=(self), microphone=(), geolocation=(), payment=(), usb=()"),
)
PAPER = ((POLICY, b"frame-ancestors 'self'"), (FRAMES, b"SAMEORIGIN"))
"""A viewer of the browser's own shows a PDF in a page of its making, which a stricter policy would leave unstyled."""
PICTURE = ((POLICY, b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"), (FRAMES, b"SAMEORIGIN"))
REMEMBERED = 256


class SafeHeaders:
    """``hsts_seconds``: how long a browser that came by https comes by nothing else (RFC 6797); 0 for not at all."""

    def __init__(self, hsts_seconds: int) -> None:
        self._strict = (b"strict-transport-security", f"max-age={hsts_seconds}".encode("ascii"))
        self._by_kind: dict[bytes, tuple[tuple[bytes, bytes], ...]] = {}
        self._has_strict = hsts_seconds > 0

    def missing(self, headers: Iterable[tuple[bytes, bytes]], kind: bytes, status: int, *, secure: bool) -> Fields:
        """The fields that an answer of this kind lacks."""
        there = {name for name, _ in headers}
        added = [field for field in self._for(kind) if field[0] not in there]
        if KEPT not in there and status != 304:  # a 304 would change what is kept of the answer before it
            added.append((KEPT, b"no-store"))
        if secure and self._has_strict:
            added.append(self._strict)
        return added

    def _for(self, kind: bytes) -> tuple[tuple[bytes, bytes], ...]:
        known = self._by_kind.get(kind)
        if known is None:
            if len(self._by_kind) >= REMEMBERED:
                self._by_kind.clear()
            known = self._by_kind[kind] = EVERYWHERE + _rules(kind.split(b";")[0].strip().lower())
        return known


def _rules(kind: bytes) -> tuple[tuple[bytes, bytes], ...]:
    if kind in (b"text/html", b"application/xhtml+xml"):
        return PAGE
    if kind == b"application/pdf":
        return PAPER
    if kind.startswith(b"image/") and kind != b"image/svg+xml":
        return PICTURE
    return (*DATA, PAGE[-1]) if kind == b"image/svg+xml" else DATA
