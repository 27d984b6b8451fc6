"""What sign-in takes and gives. Invariant: a password is accepted, never given back."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from gateway.auth.accounts import AccountRole
from gateway.auth.password_rules import MAX_LENGTH
from gateway.auth.session_models import Staying
from services.chassis.ids import EntityId

Username = Annotated[
    str, Field(min_length=3, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$"), AfterValidator(str.lower)
]
Password = Annotated[SecretStr, Field(min_length=1, max_length=MAX_LENGTH)]


class SignIn(Staying):
    """Name and password."""

    username: str = Field(min_length=1, max_length=64)
    password: Password


class RefreshToken(BaseModel):
    """The refresh token got last."""

    model_config = ConfigDict(extra="forbid")

    refresh_token: str = Field(min_length=1, max_length=200)


class Tokens(BaseModel):
    """A short-lived access token, and the refresh token that gets the next one (once)."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the name of a scheme
    expires_in: int = Field(description="Seconds the access token lives.")
    refresh_token: str
    refresh_expires_at: datetime


class NewAccount(BaseModel):
    """An account to create, for a person known to routing."""

    model_config = ConfigDict(extra="forbid")

    username: Username
    password: Password
    person_id: EntityId
    name: str = Field(min_length=1, max_length=200)
    roles: list[AccountRole] = Field(default_factory=list, max_length=10)


class AccountView(BaseModel):
    """An account as an administrator sees it."""

    id: str
    username: str
    person_id: str
    name: str
    roles: list[str]
    active: bool
    created_at: datetime
