"""Units, positions and people. Invariant: the chain of superiors of a position is finite and never holds itself.

A superior must be there before its subordinate, and the chain is kept with each position, so nobody has to walk it.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.chassis.errors import unprocessable
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
MAX_CHAIN = 20
"""No real chain of command is deeper; a longer one is a mistake in the data."""


class Entity(BaseModel):
    """What has an id and a version, which is the version of its stream of events."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    version: int = 1


class Unit(Entity):
    """A unit of the regency, in a tree."""

    name: str
    kind: UnitKind
    parent_id: str | None = None
    active: bool = True

    def changed(self) -> UnitChanged:
        """The event that tells the unit's present state."""
        return UnitChanged(
            unit_id=self.id, name=self.name, kind=self.kind, parent_id=self.parent_id, active=self.active
        )


class Position(Entity):
    """A position in a unit. ``superiors`` are the ids from the direct superior up to the top."""

    title: str
    unit_id: str
    unit_name: str
    unit_kind: UnitKind
    role: PositionRole
    superior_id: str | None = None
    superiors: tuple[str, ...] = ()
    active: bool = True

    def changed(self) -> PositionChanged:
        """The event that tells the position's present state."""
        return PositionChanged(position_id=self.id, **self.model_dump(exclude={"id", "version"}))


class Person(Entity):
    """A person, with the civil servant's number where there is one."""

    name: str
    nip: str | None = None


def superiors_under(position_id: str, superior: Position | None) -> tuple[str, ...]:
    """The chain of a position directly under ``superior``; a cycle, or a chain past any real one, is refused."""
    if superior is None:
        return ()
    chain = (superior.id, *superior.superiors)
    if position_id in chain:
        raise unprocessable("superior_cycle", "Sebuah jabatan tidak dapat menjadi atasan dirinya sendiri.")
    if len(chain) > MAX_CHAIN:
        raise unprocessable("chain_too_long", f"Rantai atasan melebihi {MAX_CHAIN} tingkat.")
    return chain
