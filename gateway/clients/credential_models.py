"""What is said of keys and secrets, and told. Invariant: what opens doors is told once, in the answer that made it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from gateway.clients.examples import CLIENT_SECRET, CREDENTIAL, KEY
from gateway.clients.grants import Grant
from gateway.clients.models import Grants, Label

LONGEST_OVERLAP_HOURS = 168
OverlapHours = Annotated[
    int, Field(ge=0, le=LONGEST_OVERLAP_HOURS, description="So long what was used until now goes on working beside it.")
]
Expiry = Annotated[
    AwareDatetime | None, Field(description="When it stops working; a year from now at most, and where none is given.")
]


class NewKey(BaseModel):
    """A key of the app. Without `grants` it may do all that the app may, now and later."""

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        json_schema_extra={"examples": [{"label": "server produksi", "grants": ["letters:read"]}]},
    )

    label: Label
    grants: Grants | None = None
    expires_at: Expiry = None


class NewSecret(BaseModel):
    """A secret to get tokens with; those before it go on working for `overlap_hours`."""

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        json_schema_extra={"examples": [{"label": "Agustus 2026", "overlap_hours": 24}]},
    )

    label: Label
    overlap_hours: OverlapHours = 24
    expires_at: Expiry = None


class CredentialView(BaseModel):
    """A key or secret as it can be shown at any time: `hint` are its last letters."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [CREDENTIAL]})

    id: str
    client_id: str
    label: str
    hint: str
    state: Literal["working", "expired", "revoked"]
    grants: list[Grant] | None = Field(description="Null: all that the app may.")
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


class MadeKey(CredentialView):
    """A new key. `key` is shown in this answer alone; where the request is repeated it is null."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**CREDENTIAL, "key": KEY}]})

    key: str | None


class MadeSecret(CredentialView):
    """A new client secret. `client_secret` is shown in this answer alone; where the request is repeated it is null."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**CREDENTIAL, "grants": None, "client_secret": CLIENT_SECRET}]}
    )

    client_secret: str | None


class Credentials(BaseModel):
    """All keys, or all secrets, of an app, newest first; those that have ended are among them."""

    items: list[CredentialView]
