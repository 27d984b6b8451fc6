"""What the doors of it take and give."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, JsonValue, SecretStr

from gateway.auth.models import Password
from gateway.auth.second_factor_models import Code

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
EXAMPLE_LINK: dict[str, JsonValue] = {
    "id": "5f1c0c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d",
    "provider": "kabupaten",
    "label": "wayan.sudira@badungkab.go.id",
    "linked_at": "2026-03-02T00:10:00Z",
    "last_used_at": None,
}


class ProviderView(BaseModel):
    """A provider one may sign in by; `start` is the address its button leads to."""

    name: str
    title: str
    start: str


class ProviderList(BaseModel):
    """All of them, in the operator's order."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "items": [
                    {"name": "kabupaten", "title": "SSO Kabupaten", "start": "/v1/auth/oidc/start?provider=kabupaten"}
                ]
            }
        }
    )

    items: list[ProviderView]


class Handover(BaseModel):
    """The code an app got back, and the verifier of the challenge it began with (RFC 7636)."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"code": "nT0pQ7…", "code_verifier": VERIFIER}}
    )

    code: SecretStr = Field(min_length=1, max_length=200)
    code_verifier: SecretStr = Field(min_length=43, max_length=128)


class NewLink(Handover):
    """What one got back from a provider, and the proof that the account here is one's own: a link opens it for good."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"code": "nT0pQ7…", "code_verifier": VERIFIER, "password": "sepeda-biru-di-pasar"}
        },
    )

    password: Password
    second_factor_code: Code | None = Field(default=None, description="Needed where a second factor holds.")


class LinkView(BaseModel):
    """A link of one's own; `label` is what one is called there."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": EXAMPLE_LINK})

    id: str
    provider: str
    label: str
    linked_at: datetime
    last_used_at: datetime | None


class LinkList(BaseModel):
    """All of one's links."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [EXAMPLE_LINK]}})

    items: list[LinkView]


class SignedOut(BaseModel):
    """The session here has ended; `continue_at` ends the one at the provider, if it can be ended from here."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"continue_at": "https://sso.badungkab.go.id/logout?client_id=lontar"}}
    )

    continue_at: str | None
