"""A place a letter is to name. Invariant: a place is mentioned once; as addressee where it would be both."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.chassis.ids import EntityId
from services.contracts.vocabulary import Party
from services.projections.first_access import OUTSIDE

Role = Literal["addressee", "copy"]
Key = tuple[Literal["unit", "position"], str]


class Mention(BaseModel):
    """A unit or a position, as addressee or in copy."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Role = "addressee"
    kind: Literal["unit", "position"]
    id: EntityId

    @property
    def key(self) -> Key:
        """The place, whatever its role."""
        return self.kind, self.id


@dataclass(frozen=True)
class KnownPlace:
    """A unit or position as it is now. ``unit_id`` is a position's unit, or the unit itself."""

    kind: Literal["unit", "position"]
    id: str
    name: str
    active: bool
    unit_id: str
    unit_kind: str
    parent_id: str | None = None

    @property
    def is_outside(self) -> bool:
        """Whether it stands in the organisation to be written to alone."""
        return self.unit_kind == OUTSIDE

    @property
    def party(self) -> Party:
        """The place as a letter names it."""
        return Party(kind=self.kind, id=self.id, name=self.name)


def once(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Each place once: at its first mention as addressee, else at its first."""
    kept: dict[Key, Mention] = {}
    for one in mentions:
        known = kept.get(one.key)
        if known is None or (known.role == "copy" and one.role == "addressee"):
            kept[one.key] = one
    return tuple(kept.values())
