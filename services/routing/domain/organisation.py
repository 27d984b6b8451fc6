"""Units, positions and people. Invariant: the chain of superiors of a position is finite and never holds itself.

The chain is kept with each position, so nobody has to walk it; what keeps it right is in ``picture``.
"""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from services.contracts.routing import PositionChanged, UnitChanged

UnitKind = Literal[
    "leadership",
    "secretariat",
    "assistant",
    "expert_staff",
    "division",
    "agency",
    "subdivision",
    "district",
    "ward",
    "village",
    "external",
]
PositionRole = Literal[
    "leader",
    "head",
    "secretary",
    "registrar",
    "officer",
    "personal_secretary",
    "aide",
    "protocol",
    "agenda_staff",
    "village_operator",
    "archivist",
    "unit_admin",
    "regency_admin",
    "auditor",
]
EntityKind = Literal["unit", "position", "person", "assignment", "absence"]
MAX_CHAIN = 20
"""No real chain of command is deeper; a longer one is a mistake in the data."""


class Entity(BaseModel):
    """What has an id and a version, which is the version of its stream of events."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    entity_kind: ClassVar[EntityKind]
    id: str
    version: int = 1

    @property
    def label(self) -> str:
        """What people call it."""
        raise NotImplementedError


class Unit(Entity):
    """A unit of the regency, in a tree. ``code`` is the regency's own short name for it, where it has one."""

    entity_kind = "unit"
    name: str
    kind: UnitKind
    parent_id: str | None = None
    active: bool = True
    code: str | None = None

    @property
    def label(self) -> str:
        """Its name."""
        return self.name

    def changed(self) -> UnitChanged:
        """The event that tells the unit's present state."""
        return UnitChanged(
            unit_id=self.id, name=self.name, kind=self.kind, parent_id=self.parent_id, active=self.active
        )


class Position(Entity):
    """A position in a unit. ``superiors`` are the ids from the direct superior up to the top."""

    entity_kind = "position"
    title: str
    unit_id: str
    unit_name: str
    unit_kind: UnitKind
    role: PositionRole
    superior_id: str | None = None
    superiors: tuple[str, ...] = ()
    active: bool = True
    code: str | None = None

    @property
    def label(self) -> str:
        """Its title."""
        return self.title

    def changed(self) -> PositionChanged:
        """The event that tells the position's present state."""
        return PositionChanged(position_id=self.id, **self.model_dump(exclude={"id", "version", "code"}))


class Person(Entity):
    """A person, with the civil servant's number and rank (pangkat, golongan) where there are such."""

    entity_kind = "person"
    name: str
    nip: str | None = None
    rank: str | None = None
    code: str | None = None

    @property
    def label(self) -> str:
        """The name."""
        return self.name
