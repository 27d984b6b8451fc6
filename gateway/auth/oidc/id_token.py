"""Believing an ID token (OpenID Connect Core, section 3.1.3.7). Invariant: every rule holds, or nobody signs in."""

import base64
import hashlib
import hmac
import json
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry

from gateway.auth.oidc.fetching import ProviderWrong
from gateway.auth.oidc.metadata import Directory
from gateway.auth.oidc.providers import Provider

LEEWAY_SECONDS = 30
OLDEST_SECONDS = 600
"""A token that was issued longer ago than a sign-in takes is an old one."""
LONGEST_TOKEN = 32 * 1024
LONGEST_SUBJECT = 255
KEY_TYPES = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}


async def believed(
    provider: Provider, directory: Directory, token: str, *, nonce: str, access_token: str, at: float
) -> dict[str, Any]:
    """The claims of a token that is all it must be; ProviderWrong for any other."""
    header = _header(token)
    algorithm = header.get("alg")
    if algorithm not in provider.algorithms:
        raise ProviderWrong("the token is signed in a way that is not allowed")
    kid = header.get("kid")
    if kid is not None and not isinstance(kid, str):
        raise ProviderWrong("the token's key has no proper name")
    key = await directory.key(kid, KEY_TYPES[algorithm[:2]])
    try:
        claims = jwt.decode(token, key, algorithms=[algorithm]).claims
        _rules(provider, at).validate(claims)
    except (JoseError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ProviderWrong(f"the token does not hold: {type(error).__name__}") from None
    _check_audience(claims, provider.client_id)
    _check_subject(claims)
    if at - claims["iat"] > OLDEST_SECONDS:
        raise ProviderWrong("the token is an old one")
    if not _same(claims.get("nonce"), nonce):
        raise ProviderWrong("the token is of another sign-in")
    if "at_hash" in claims and not _same(claims["at_hash"], half_hash(access_token, algorithm)):
        raise ProviderWrong("the token does not go with the access token")
    return claims


def half_hash(text: str, algorithm: str) -> str:
    """The left half of a hash, as ``at_hash`` is made (Core, section 3.1.3.6)."""
    digest = HASHES.get(algorithm[2:], hashlib.sha512)(text.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


def _rules(provider: Provider, at: float) -> JWTClaimsRegistry:
    return JWTClaimsRegistry(
        now=int(at),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )


def _check_audience(claims: dict[str, Any], client_id: str) -> None:
    """For us and for nobody else: we trust no further audience, so a token for one more is refused (rule 3)."""
    audience = claims["aud"]
    if audience != client_id and audience != [client_id]:
        raise ProviderWrong("the token is for another audience")
    if "azp" in claims and claims["azp"] != client_id:
        raise ProviderWrong("the token was issued to another client")


def _check_subject(claims: dict[str, Any]) -> None:
    subject = claims["sub"]
    if not subject or len(subject) > LONGEST_SUBJECT:
        raise ProviderWrong("the token has no proper subject")


def _header(token: str) -> dict[str, Any]:
    """The header, which is not believed yet: it only says which key to try."""
    part = token.split(".", 1)[0] if len(token) <= LONGEST_TOKEN else ""
    try:
        header = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        raise ProviderWrong("the token cannot be read") from None
    if not isinstance(header, dict) or "crit" in header or not isinstance(header.get("alg"), str):
        raise ProviderWrong("the token's header is not one we know")
    return header


def _same(given: object, wanted: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode(), wanted.encode())
