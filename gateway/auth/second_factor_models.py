"""What the doors of the second factor take and give. Invariant: secrets are shown while it is being set up, and then
never again.
"""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from gateway.auth.models import Password, Ticket
from gateway.auth.second_factors import SetUp
from gateway.auth.session_models import Staying
from services.chassis.qr import qr_svg

Code = Annotated[
    str,
    Field(min_length=6, max_length=40, description="Six digits from the app, or (where one holds) a recovery code."),
]
PASSWORD = "sepeda-biru-di-pasar"  # noqa: S105 - an example
RECOVERY_CODE = "7k2m-x3ap-9hdt-w2vz-4qrs-0bce"


class ShowCode(Staying):
    """The second step of a sign-in."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"ticket": "pX0c…", "code": "492039"}})

    ticket: Ticket
    code: Code


class ShowTicket(BaseModel):
    """What the step before has given."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"ticket": "pX0c…"}})

    ticket: Ticket


class ProvePassword(BaseModel):
    """The password one has; with a code where there is a second factor already."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"password": PASSWORD}})

    password: Password
    code: Code | None = None


class ProveBoth(BaseModel):
    """The password one has, and a code."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"password": PASSWORD, "code": "492039"}})

    password: Password
    code: Code


class ConfirmCode(BaseModel):
    """A code of the app that was just set up, or one of the recovery codes that were just made."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"code": "492039"}})

    code: Code


class SetUpView(BaseModel):
    """What is taken into an authenticator app and onto paper. It holds once a code of it was shown, within an hour."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
                "uri": "otpauth://totp/Lontar:kadek.pu?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Lontar",
                "qr_svg": "<svg …></svg>",
                "recovery_codes": [RECOVERY_CODE],
            }
        }
    )

    secret: str
    uri: str
    qr_svg: str
    recovery_codes: list[str] = Field(description="Each opens once, for whoever has lost the app.")

    @classmethod
    def of(cls, begun: SetUp) -> Self:
        """With the QR code drawn."""
        codes = begun.recovery_codes
        return cls(secret=begun.secret, uri=begun.uri, qr_svg=qr_svg(begun.uri), recovery_codes=codes)


class RecoveryCodes(BaseModel):
    """Ten new recovery codes; once one of them was confirmed they hold, and those before open nothing any more."""

    model_config = ConfigDict(json_schema_extra={"example": {"recovery_codes": [RECOVERY_CODE]}})

    recovery_codes: list[str]


class SecondFactorView(BaseModel):
    """Whether there is a second factor, without anything secret."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"active": True, "since": "2026-03-02T00:10:00Z", "recovery_codes_left": 9, "demanded": False}
        }
    )

    active: bool
    since: datetime | None
    recovery_codes_left: int
    demanded: bool = Field(description="Whether an account with such roles must have one.")
