"""Whom a provider vouches for. Invariant: a subject is known by issuer and subject together, by nothing else."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from gateway.auth.oidc.providers import Provider

LONGEST_CLAIM = 300
SHOWN = ("preferred_username", "email", "name")


class Proven(BaseModel):
    """What is kept of an ID token that was believed: who, and the few claims that are needed to find them here."""

    model_config = ConfigDict(frozen=True)

    provider: str
    issuer: str
    subject: str
    claims: dict[str, str]
    second_factor: bool

    @classmethod
    def of(cls, provider: Provider, claims: dict[str, Any]) -> Self:
        """From the claims of a believed token; those of ``userinfo`` may be among them."""
        wanted = {*SHOWN, *(match.claim for match in provider.matches)}
        return cls(
            provider=provider.name,
            issuer=provider.issuer,
            subject=claims["sub"],
            claims={name: text for name in wanted if (text := _text(claims, name))},
            second_factor=_two_factors(provider, claims),
        )

    @property
    def label(self) -> str:
        """By what a person recognises who they are there."""
        return next((self.claims[name] for name in SHOWN if name in self.claims), self.subject)


def _text(claims: dict[str, Any], name: str) -> str | None:
    """A claim as text. An address nobody has checked is nobody's (OpenID Connect Core, section 5.7)."""
    value = claims.get(name)
    if name == "email" and claims.get("email_verified") not in (True, "true"):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip()[:LONGEST_CLAIM] or None


def _two_factors(provider: Provider, claims: dict[str, Any]) -> bool:
    methods, reference = claims.get("amr"), claims.get("acr")
    said = {one for one in methods if isinstance(one, str)} if isinstance(methods, list) else set()
    return bool(said & set(provider.second_factor_amr)) or reference in provider.second_factor_acr
