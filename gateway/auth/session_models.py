"""What the doors of a session take and give. Invariant: of a session's secret nothing is ever listed."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from gateway.auth.session_rows import Keeping, Via
from services.chassis.auth import HeldPosition
from services.chassis.ids import EntityId

POSITION: dict[str, JsonValue] = {
    "position_id": "0193b2a4-7c11-7d0e-9f3a-2b6c1d4e5f60",
    "title": "Kepala Dinas PUPR",
    "unit_id": "0193b2a4-7c11-7d0e-9f3a-2b6c1d4e5f61",
    "unit_name": "Dinas Pekerjaan Umum dan Penataan Ruang",
    "role": "head",
    "capacity": "plt",
}


class Staying(BaseModel):
    """How one wants to stay signed in; part of every sign-in."""

    model_config = ConfigDict(extra="forbid")

    keeping: Keeping = Field(
        default="app", description="`app` gets tokens in the answer, `portal` (a browser's own page) gets cookies."
    )
    remember: bool = Field(default=False, description="With `portal`: stay signed in after the browser was closed.")


class PortalSession(BaseModel):
    """A browser is signed in; what signs it in is in its cookies alone."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"csrf_token": "kT3v…", "expires_at": "2026-03-02T09:00:00Z"}}
    )

    csrf_token: str = Field(description="Sent as `X-CSRF-Token` with whatever changes something.")
    expires_at: datetime = Field(description="When the session ends if it is not used before.")


class AvailablePosition(HeldPosition):
    """A position one may act as; `display` says the capacity: "Plt. Kepala Dinas PUPR"."""

    display: str
    acting: bool = Field(description="Whether the session speaks for it now.")


class MySession(BaseModel):
    """The session one is in."""

    id: str
    keeping: Keeping
    via: Via
    second_factor: bool
    expires_at: datetime


class Me(BaseModel):
    """The signed-in person. `positions` are those the session speaks for, with the capacity each is held in."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "person_id": "0193b2a4-7c11-7d0e-9f3a-2b6c1d4e5f62",
                "name": "Ni Wayan Sudira",
                "roles": [],
                "scopes": ["dispositions:write", "letters:read", "letters:register", "schedule:request"],
                "positions": [POSITION],
                "available_positions": [{**POSITION, "display": "Plt. Kepala Dinas PUPR", "acting": True}],
                "acting_position_id": POSITION["position_id"],
                "acting_lapsed": False,
                "session": {
                    "id": "0193b2a4-7c11-7d0e-9f3a-2b6c1d4e5f63",
                    "keeping": "portal",
                    "via": "password",
                    "second_factor": True,
                    "expires_at": "2026-03-02T09:00:00Z",
                },
            }
        }
    )

    person_id: str
    name: str
    roles: list[str]
    scopes: list[str]
    positions: list[HeldPosition]
    available_positions: list[AvailablePosition] = Field(description="Every position held today.")
    acting_position_id: str | None = Field(description="The one position the session acts as; null for all of them.")
    acting_lapsed: bool = Field(description="The position it acts as is no longer held: choose anew.")
    session: MySession | None = None


class Switch(BaseModel):
    """Which position to act as from now on."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"position_id": POSITION["position_id"]}})

    position_id: EntityId | None = Field(description="One of `available_positions`; null for all of them.")


class Switched(Me):
    """Who one is after the switch. An app goes on with this access token; a browser's cookies have changed by
    themselves.
    """

    access_token: str | None = None
    expires_in: int | None = None


class SessionView(BaseModel):
    """A session as its owner sees it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "0193b2a4-7c11-7d0e-9f3a-2b6c1d4e5f63",
                "device": "Chrome di Android",
                "address": "203.0.113.7",
                "keeping": "portal",
                "via": "password",
                "second_factor": True,
                "created_at": "2026-03-02T00:10:00Z",
                "last_used_at": "2026-03-02T08:00:00Z",
                "expires_at": "2026-03-02T09:00:00Z",
                "current": True,
            }
        }
    )

    id: str
    device: str = Field(description="What the client says it is: a help to recognise it, no proof.")
    address: str
    keeping: Keeping
    via: Via
    second_factor: bool
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    current: bool


class SessionList(BaseModel):
    """All live sessions, the last used first."""

    items: list[SessionView]


class SessionsEnded(BaseModel):
    """How many sessions were ended."""

    model_config = ConfigDict(json_schema_extra={"example": {"ended": 2}})

    ended: int
