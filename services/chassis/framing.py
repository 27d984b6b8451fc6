"""How a request may be framed. Invariant: where two readers could see two ends of it, it is refused before it is read.

The parser refuses much of this by itself (both framings at once, folded lines, bare line feeds); what it lets pass is
refused here, so that what stands before this server and what stands behind it agree where a request ends (RFC 9112,
sections 3.2, 6.1 and 6.3). Behind a head that asks for another protocol the parser reads no body at all, so one that
announces a body as well has two ends too.
"""

from collections.abc import Sequence

from services.chassis.errors import ServiceError

MOST_FIELDS = 100


def doubt(headers: Sequence[tuple[bytes, bytes]], version: str, *, upgrades: bool) -> ServiceError | None:
    """Why this head is not taken, or None. Names are in lower case; ``upgrades`` where the parser stops behind it."""
    if len(headers) > MOST_FIELDS:
        return ServiceError(431, "head_too_large", "Header permintaan terlalu besar.")
    hosts = lengths = codings = 0
    chunked, bodiless = True, True
    for name, value in headers:
        if name == b"host":
            hosts += 1
        elif name == b"content-length":
            lengths += 1
            bodiless = value == b"0"
        elif name == b"transfer-encoding":
            codings += 1
            bodiless = False
            chunked = value.strip().lower() == b"chunked"
    named = hosts == 1 if version == "1.1" else version == "1.0" and hosts <= 1
    framed = lengths + codings <= 1 and chunked and not (codings and version != "1.1")
    if named and framed and (bodiless or not upgrades):
        return None
    return unreadable()


def unreadable() -> ServiceError:
    """400 for what is no HTTP, or could be read in two ways."""
    return ServiceError(400, "bad_request", "Permintaan tidak dapat dibaca.")
