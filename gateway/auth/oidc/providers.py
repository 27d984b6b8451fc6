"""The providers that are trusted, as the operator has set them. Invariant: a provider that is set wrongly keeps the
gateway from starting; none is half trusted.
"""

import ssl
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, TypeAdapter, ValidationError, field_validator

from gateway.auth.oidc.addresses import AppRedirects, is_loopback
from gateway.settings import GatewaySettings
from services.chassis.errors import ServiceError, not_found
from services.chassis.settings import named_by

Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
"""Public key signatures alone: with a shared secret whoever verifies could sign, and ``none`` is no signature."""
ClaimName = Annotated[str, Field(min_length=1, max_length=100)]
CALLBACK = "/v1/auth/oidc/callback/"


class Match(BaseModel):
    """How somebody the provider knows is found here the first time: what ``claim`` says is their ``to``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    claim: ClaimName
    to: Literal["username", "nip", "person_id"]


class Provider(BaseModel):
    """One provider. ``name`` stands in addresses, ``title`` on the button.

    ``second_factor_amr`` and ``second_factor_acr`` are the words by which it says that two factors were asked for
    (RFC 8176; OpenID Connect Core, section 2); without any the house asks for its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,29}$")
    title: str = Field(min_length=1, max_length=60)
    issuer: str = Field(max_length=300)
    client_id: str = Field(min_length=1, max_length=300)
    client_secret_file: Path | None = None
    authentication: Literal["client_secret_basic", "client_secret_post", "none"] = "client_secret_basic"
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    algorithms: tuple[Algorithm, ...] = Field(default=("RS256", "PS256", "ES256", "EdDSA", "Ed25519"), min_length=1)
    userinfo: bool = False
    matches: tuple[Match, ...] = ()
    match_administrators: bool = False
    create_accounts: bool = False
    second_factor_amr: tuple[str, ...] = ("mfa",)
    second_factor_acr: tuple[str, ...] = ()
    acr_values: str | None = None
    sign_out_there: bool = True
    ca_file: Path | None = None

    @field_validator("issuer")
    @classmethod
    def _sound(cls, issuer: str) -> str:
        parts = urlsplit(issuer)
        if parts.query or parts.fragment or not is_trustworthy(issuer):
            raise ValueError("an issuer is an https address without query or fragment (http on this machine alone)")
        return issuer

    @field_validator("scopes")
    @classmethod
    def _openid(cls, scopes: tuple[str, ...]) -> tuple[str, ...]:
        if "openid" not in scopes:
            raise ValueError("openid must be among the scopes")
        return scopes

    @property
    def tls(self) -> ssl.SSLContext | bool:
        """Whom to believe about certificates."""
        return ssl.create_default_context(cafile=str(self.ca_file)) if self.ca_file else True

    def secret(self) -> SecretStr | None:
        """The client's secret, read anew each time so that it may be changed."""
        if self.client_secret_file is None or self.authentication == "none":
            return None
        return SecretStr(self.client_secret_file.read_text(encoding="utf-8").strip())


class Providers:
    """All of them, in the order they were set, and where people are sent afterwards."""

    def __init__(self, providers: tuple[Provider, ...], public_url: str, redirects: AppRedirects) -> None:
        self._named = {one.name: one for one in providers}
        self.public_url = public_url.rstrip("/")
        self.redirects = redirects

    @classmethod
    def of(cls, settings: GatewaySettings) -> Self:
        """Read and check the settings; ValueError for what cannot be meant."""
        try:
            adapter = TypeAdapter(tuple[Provider, ...])
            providers = adapter.validate_json(settings.oidc_providers) if settings.oidc_providers else ()
        except ValidationError as error:
            said = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise ValueError(f"OIDC_PROVIDERS: {said}") from None
        if len({one.name for one in providers}) < len(providers):
            raise ValueError("OIDC_PROVIDERS: two providers have the same name")
        if providers and not is_trustworthy(settings.public_url):
            raise ValueError("OIDC_PROVIDERS needs PUBLIC_URL, the https address by which people reach the gateway")
        for one in providers:
            if one.authentication != "none" and one.client_secret_file is None:
                raise ValueError(f"OIDC_PROVIDERS: {one.name} has no client_secret_file")
            with named_by(f"OIDC_PROVIDERS: {one.name}: client_secret_file"):
                one.secret()
            with named_by(f"OIDC_PROVIDERS: {one.name}: ca_file"):
                _ = one.tls
        return cls(providers, settings.public_url, AppRedirects(settings.oidc_app_redirects))

    def all(self) -> tuple[Provider, ...]:
        """Those one may sign in by."""
        return tuple(self._named.values())

    def named(self, name: str) -> Provider:
        """The provider; 404 for one that is not trusted."""
        if name not in self._named:
            raise not_found("Penyedia masuk")
        return self._named[name]

    def only(self) -> Provider:
        """The provider where there is but one; 422 where a choice must be made."""
        if len(self._named) != 1:
            detail = "Pilih penyedia masuk." if self._named else "Masuk lewat penyedia luar tidak disediakan."
            raise ServiceError(422, "provider_needed", detail)
        return next(iter(self._named.values()))

    def callback(self, provider: Provider) -> str:
        """Where the provider sends people back: an address of its own, so that no other's answer is taken for its
        (RFC 9700, section 4.4.2.2).
        """
        return f"{self.public_url}{CALLBACK}{provider.name}"


def is_trustworthy(url: str) -> bool:
    """Whether an address is https, or http to this very machine."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
    )
