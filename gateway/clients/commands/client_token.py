"""An app's secret for a token (RFC 6749, section 4.4). Invariant: every refusal of an app reads the same.

Refusals are problem documents as everywhere, with the two members that section 5.2 asks for, so that clients written
for OAuth understand them.
"""

import base64
import binascii
from collections import Counter
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_plus

from gateway.audit.origin import Origin
from gateway.clients.grants import in_order
from gateway.clients.key_text import read_key
from gateway.clients.standing import Standing
from gateway.clients.token_models import ClientToken
from gateway.context import Context
from services.chassis.clock import now
from services.chassis.errors import ServiceError

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 20
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@dataclass(frozen=True)
class Asked:
    """What was asked for, by whom."""

    client_id: str
    secret: str
    scope: str | None
    by_header: bool


async def client_token(context: Context, asked: Asked, origin: Origin) -> ClientToken:
    """A token good for the grants asked for, for all the app has where none are named."""
    standing = await _standing(context, asked)
    if standing is None:
        await _record_refusal(context, origin)
        raise _unknown_client(asked.by_header)
    wanted = frozenset((asked.scope or "").split()) or standing.grants
    if not wanted <= standing.grants or not wanted:
        raise refusal(400, "invalid_scope", "Aplikasi ini tidak memiliki hak yang diminta.")
    context.apps.usage.used(standing.credential.id, now())
    return ClientToken(
        access_token=context.apps.tokens.issue(standing.credential, wanted),
        expires_in=context.apps.tokens.lifetime,
        scope=" ".join(in_order(wanted)),
    )


def asked_in(body: bytes, content_type: str, authorization: str | None) -> Asked:
    """What the request asks for; 400 where it cannot be read or says one thing twice (section 3.2)."""
    fields = _fields(body, content_type)
    if "grant_type" not in fields:
        raise refusal(400, "invalid_request", "Parameter grant_type tidak ada.")
    if fields["grant_type"] != "client_credentials":
        raise refusal(400, "unsupported_grant_type", "Hanya grant_type client_credentials yang didukung.")
    basic = _basic(authorization)
    named = fields.get("client_id"), fields.get("client_secret")
    if basic and (named[1] or named[0] not in (None, basic[0])):
        raise refusal(400, "invalid_request", "Aplikasi memperkenalkan diri dengan dua cara.")
    client_id, secret = basic or (named[0] or "", named[1] or "")
    return Asked(client_id, secret, fields.get("scope"), basic is not None)


async def _standing(context: Context, asked: Asked) -> Standing | None:
    kind, identifier = read_key(asked.secret) or (None, "")
    standing = await context.apps.standings.of(identifier) if kind == "secret" else None
    if standing is None or not standing.credential.fits(asked.secret) or standing.client.id != asked.client_id:
        return None
    return standing if standing.works(now()) else None


def _fields(body: bytes, content_type: str) -> dict[str, str]:
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise refusal(400, "invalid_request", f"Isi permintaan harus berupa {FORM}.")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise refusal(400, "invalid_request", "Isi permintaan tidak dapat dibaca.") from None
    if any(times > 1 for times in Counter(name for name, _ in pairs).values()):
        raise refusal(400, "invalid_request", "Ada parameter yang disebut dua kali.")
    return {name: value for name, value in pairs if value}


def _basic(authorization: str | None) -> tuple[str, str] | None:
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise _unknown_client(True) from None
    if not colon:
        raise _unknown_client(True)
    return unquote_plus(name), unquote_plus(secret)


async def _record_refusal(context: Context, origin: Origin) -> None:
    await context.audit.record(
        "client.token",
        outcome="refused",
        actor=None,
        subject="client:unknown",
        address=origin.address,
        request_id=origin.request_id,
    )


def _unknown_client(by_header: bool) -> ServiceError:
    scheme = {"WWW-Authenticate": 'Basic realm="lontar"'} if by_header else {}
    return refusal(401, "invalid_client", "Aplikasi tidak dikenal atau rahasianya tidak berlaku.", scheme)


def refusal(status: int, error: str, detail: str, headers: dict[str, str] | None = None) -> ServiceError:
    """A refusal that OAuth clients understand; ``detail`` is in ASCII, as section 5.2 asks."""
    said = {"error": error, "error_description": detail}
    return ServiceError(status, error, detail, headers={**NO_STORE, **(headers or {})}, extra=said)
