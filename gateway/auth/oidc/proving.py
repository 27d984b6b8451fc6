"""To a provider and back, with a proof of who it is. Invariant: what comes back is believed for the very sign-in that
began here, in this browser, with this provider.
"""

import hmac
import logging
from collections.abc import Mapping
from typing import Any

from gateway.audit.origin import Origin
from gateway.auth.oidc import code_flow, id_token
from gateway.auth.oidc.attempts import Attempt, Errand
from gateway.auth.oidc.fetching import ProviderAway, ProviderWrong, ask
from gateway.auth.oidc.metadata import Metadata
from gateway.auth.oidc.proven import Proven
from gateway.auth.oidc.providers import Provider
from gateway.context import Context
from services.chassis.auth import unauthenticated
from services.chassis.clock import now
from services.chassis.errors import ServiceError

log = logging.getLogger(__name__)
DECLINED = frozenset({"access_denied", "login_required", "interaction_required", "consent_required"})


async def begin(context: Context, provider: Provider, errand: Errand) -> tuple[Attempt, str]:
    """An attempt, and where the browser goes with it; 503 while the provider is away."""
    try:
        metadata = await context.openid.directory(provider).metadata()
    except (ProviderAway, ProviderWrong) as error:
        raise _away(provider, error) from None
    attempt = await context.openid.attempts.begin(errand)
    url = code_flow.authorization_url(
        provider,
        metadata,
        redirect_uri=context.openid.providers.callback(provider),
        state=attempt.state,
        nonce=attempt.nonce,
        verifier=attempt.verifier,
    )
    return attempt, url


async def prove(
    context: Context, provider: Provider, attempt: Attempt, said: Mapping[str, str], came: Origin
) -> Proven:
    """Whom the provider vouches for; 401 where that does not hold, 503 where it cannot be asked now."""
    try:
        return await _prove(context, provider, attempt, said)
    except ProviderAway as error:
        raise _away(provider, error) from None
    except ProviderWrong as error:
        log.warning("a sign-in by %s is refused: %s", provider.name, error)
        await note_refusal(context, provider.name, str(error), came)
        declined = said.get("error") in DECLINED
        code = "sign_in_declined" if declined else "sign_in_failed"
        detail = "Proses masuk dibatalkan." if declined else "Penyedia masuk tidak dapat memastikan siapa Anda."
        raise unauthenticated(code, f"{detail} Silakan coba lagi.") from None


async def note_refusal(context: Context, provider: str, why: str, came: Origin) -> None:
    """Put down that somebody was not let in."""
    await context.audit.record(
        "sign_in.oidc",
        outcome="refused",
        actor=None,
        subject="account:unknown",
        address=came.address,
        request_id=came.request_id,
        details={"provider": provider, "why": why},
    )


async def _prove(context: Context, provider: Provider, attempt: Attempt, said: Mapping[str, str]) -> Proven:
    directory = context.openid.directory(provider)
    metadata = await directory.metadata()
    _check_sender(metadata, said)
    if "error" in said:
        raise ProviderWrong(f"it says {said['error'][:60]!r}")
    if not said.get("code"):
        raise ProviderWrong("it sent no code")
    issued = await code_flow.exchange(
        provider,
        metadata,
        code=said["code"],
        redirect_uri=context.openid.providers.callback(provider),
        verifier=attempt.verifier,
    )
    claims = await id_token.believed(
        provider,
        directory,
        issued.id_token,
        nonce=attempt.nonce,
        access_token=issued.access_token,
        at=now().timestamp(),
    )
    if provider.userinfo:
        claims = await _with_userinfo(provider, metadata, issued.access_token, claims)
    return Proven.of(provider, claims)


def _check_sender(metadata: Metadata, said: Mapping[str, str]) -> None:
    """Who sent the browser back (RFC 9207): asked for of whoever says they tell it, believed of nobody else."""
    issuer = said.get("iss")
    if issuer is None and not metadata.authorization_response_iss_parameter_supported:
        return
    if issuer is None or not hmac.compare_digest(issuer.encode(), metadata.issuer.encode()):
        raise ProviderWrong("another issuer has answered")


async def _with_userinfo(
    provider: Provider, metadata: Metadata, access_token: str, claims: dict[str, Any]
) -> dict[str, Any]:
    """The claims with those of the userinfo endpoint, which must speak of the same subject (Core, section 5.3.2)."""
    if metadata.userinfo_endpoint is None:
        raise ProviderWrong("it has no userinfo endpoint")
    headers = {"Authorization": f"Bearer {access_token}"}
    answer = await ask(metadata.userinfo_endpoint, provider.tls, headers=headers)
    further = answer.json()
    if answer.status != 200 or further.get("sub") != claims["sub"]:
        raise ProviderWrong("its userinfo is of another subject")
    return {**further, **claims}


def _away(provider: Provider, error: Exception) -> ServiceError:
    log.warning("the provider %s cannot serve: %s", provider.name, error)
    detail = f"{provider.title} sedang tidak dapat dihubungi. Silakan coba lagi sebentar."
    return ServiceError(503, "provider_away", detail, headers={"Retry-After": "10"})
