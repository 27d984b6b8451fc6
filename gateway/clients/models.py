"""What is said of apps, and told. Invariant: nothing that opens a door is among it."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from gateway.clients.client import MOST_POSITIONS, Contact
from gateway.clients.examples import CLIENT, NEW_CLIENT
from gateway.clients.grants import GRANTS, Grant, in_order
from services.chassis.ids import EntityId

PER_SECOND, BURST = 20.0, 200
SLOWEST, FASTEST, LARGEST = 0.01, 500.0, 5000
_PLAIN = r"^[^\x00-\x1f\x7f]+$"

Name = Annotated[str, Field(min_length=2, max_length=100, pattern=_PLAIN)]
Label = Annotated[str, Field(min_length=1, max_length=100, pattern=_PLAIN)]
Grants = Annotated[list[Grant], Field(max_length=len(GRANTS)), AfterValidator(lambda given: list(in_order(given)))]
PositionIds = Annotated[
    list[EntityId], Field(max_length=MOST_POSITIONS), AfterValidator(lambda given: list(dict.fromkeys(given)))
]
PerSecond = Annotated[float, Field(ge=SLOWEST, le=FASTEST, description="Requests that flow in each second.")]
Burst = Annotated[int, Field(ge=1, le=LARGEST, description="Requests that may come at once.")]


class NewClient(BaseModel):
    """An app of a unit. It acts as the positions named, within the grants named, and answers to the contact."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, json_schema_extra={"examples": [NEW_CLIENT]})

    name: Name
    unit_id: EntityId
    contact: Contact
    position_ids: PositionIds = []
    grants: Grants = []
    per_second: PerSecond = PER_SECOND
    burst: Burst = BURST


class ClientChange(BaseModel):
    """What is to change; what is not named, or null, stays. `active: false` switches the app off at once."""

    model_config = ConfigDict(
        extra="forbid", str_strip_whitespace=True, json_schema_extra={"examples": [{"active": False}]}
    )

    name: Name | None = None
    contact: Contact | None = None
    position_ids: PositionIds | None = None
    grants: Grants | None = None
    per_second: PerSecond | None = None
    burst: Burst | None = None
    active: bool | None = None


class ClientView(BaseModel):
    """An app as administrators see it; `shown_as` is what stands in tracks."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={"examples": [CLIENT]},
    )

    id: str
    name: str
    shown_as: str
    unit_id: str
    unit_name: str
    contact: Contact
    position_ids: list[str]
    grants: list[Grant] = Field(description="More kinds may come.")
    per_second: float
    burst: int
    active: bool
    version: int
    created_at: datetime
    changed_at: datetime
