"""What people ask of schedule. Invariant: bounded in length, and without fields it does not know."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from services.chassis.ids import EntityId
from services.contracts.schedule import RequestType

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Place = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NewRequest(_Order):
    """A leader's presence is asked for, from ``starts_at`` until just before ``ends_at``."""

    leader_position_id: EntityId
    type: RequestType
    title: Title
    place: Place | None = None
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    letter_id: EntityId | None = None
    as_position: EntityId | None = None


class OverrideOrder(_Order):
    """Book although something is in the way."""

    reason: Reason


class Approval(_Order):
    """The request becomes an event; times and place replace those asked for."""

    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    place: Place | None = None
    override: OverrideOrder | None = None
    as_position: EntityId | None = None


class Refusal(_Order):
    """The request is declined."""

    reason: Reason
    as_position: EntityId | None = None
