"""What sign-in takes and gives. Invariant: a password is accepted, never given back."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr
from pydantic.config import JsonDict

from gateway.auth.accounts import Account, AccountRole
from gateway.auth.password_rules import MAX_LENGTH
from gateway.auth.session_models import Staying
from services.chassis.ids import EntityId

Username = Annotated[
    str, Field(min_length=3, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$"), AfterValidator(str.lower)
]
Password = Annotated[SecretStr, Field(min_length=1, max_length=MAX_LENGTH)]
Ticket = Annotated[str, Field(min_length=1, max_length=100, description="What the step before has given.")]


EXAMPLE: JsonDict = {
    "id": "0193b2a4-7c11-7d0e-9f3a-2b6c1d4e5f64",
    "username": "kadek.pu",
    "person_id": "0193b2a4-7c11-7d0e-9f3a-2b6c1d4e5f62",
    "name": "I Kadek Suardana",
    "roles": ["unit_admin"],
    "active": True,
    "created_at": "2026-03-02T00:10:00Z",
    "version": 3,
    "has_password": True,
    "must_change_password": False,
    "second_factor": True,
    "last_signed_in_at": "2026-03-09T23:58:12Z",
}


class SignIn(Staying):
    """Name and password."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"username": "kadek.pu", "password": "sepeda-biru-di-pasar"}}
    )

    username: str = Field(min_length=1, max_length=64)
    password: Password


class NextPassword(Staying):
    """A password of one's own, in place of a one-time one."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"ticket": "pX0c…", "new_password": "sepeda-biru-di-pasar"}}
    )

    ticket: Ticket
    new_password: Password


class ChangePassword(BaseModel):
    """The password one has, and the one to have."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"old_password": "sepeda-biru-di-pasar", "new_password": "perahu-menuju-nusa-penida"}
        },
    )

    old_password: Password
    new_password: Password


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
    """An account to create, for a person routing knows."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "username": "kadek.pu",
                "person_id": "0193b2a4-7c11-7d0e-9f3a-2b6c1d4e5f62",
                "name": "I Kadek Suardana",
                "roles": [],
            }
        },
    )

    username: Username
    password: Password | None = Field(
        default=None, description="Without one the account waits for a one-time password, or for single sign-on."
    )
    must_change_password: bool = Field(default=False, description="The password only opens the choice of another.")
    person_id: EntityId
    name: str = Field(min_length=1, max_length=200)
    roles: list[AccountRole] = Field(default_factory=list, max_length=10)


class AccountChange(BaseModel):
    """What is to be changed; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"active": False}})

    name: str | None = Field(default=None, min_length=1, max_length=200)
    roles: list[AccountRole] | None = Field(default=None, max_length=10)
    active: bool | None = None


class AccountView(BaseModel):
    """An account as an administrator sees it."""

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE})

    id: str
    username: str
    person_id: str
    name: str
    roles: list[str]
    active: bool
    created_at: datetime
    version: int
    has_password: bool
    must_change_password: bool = Field(description="Its password is a one-time one.")
    second_factor: bool
    last_signed_in_at: datetime | None = Field(description="Null for whoever has never signed in.")

    @classmethod
    def of(cls, account: Account) -> Self:
        """What an administrator may see of it."""
        shown = account.model_dump(include=set(cls.model_fields))
        return cls(**shown, has_password=account.password_hash is not None)


class CreatedAccount(AccountView):
    """An account that was just made, with a sentence for each thing about its person that looks like a mistake."""

    model_config = ConfigDict(json_schema_extra={"example": {**EXAMPLE, "version": 1, "warnings": []}})

    warnings: tuple[str, ...] = ()


class OneTimePassword(BaseModel):
    """A password to tell its owner; it is shown now and never again."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"password": "kq7m-x3ap-9hdt-w2vz", "expires_at": "2026-03-05T00:10:00Z"}}
    )

    password: str
    expires_at: datetime
