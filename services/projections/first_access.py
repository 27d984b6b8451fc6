"""Who may read a letter before anybody has acted on it. Invariant: one rule, for every service that must know it.

Intake needs it at the registration, routing at the delivery, and the two must agree: intake is not told of a delivery,
only of changes after it. Pure, so that a service's domain can use it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from services.contracts.vocabulary import Access, Confidentiality

CHIEFS = frozenset({"head", "leader"})
"""A letter to a unit's chief is the unit's business; a letter to anybody else is that position's own."""
OUTSIDE = "external"
"""The kind of a unit that stands in the organisation to be written to, but reads its letters elsewhere."""


class Opened(Protocol):
    """A place in the regency that a letter names, as addressee or in copy."""

    @property
    def unit_id(self) -> str:
        """The unit, or the position's unit."""
        ...

    @property
    def position_id(self) -> str | None:
        """The position, where one was named."""
        ...

    @property
    def open_to_unit(self) -> bool:
        """Whether those who handle the unit's letters read it, and not the position alone."""
        ...


@dataclass(frozen=True)
class Place:
    """An ``Opened`` place."""

    unit_id: str
    position_id: str | None
    open_to_unit: bool


def place_of(unit_id: str, unit_kind: str, position_id: str | None = None, role: str | None = None) -> Place | None:
    """The place a unit is, or a position with this role in it; None for one outside the regency."""
    if unit_kind == OUTSIDE:
        return None
    return Place(unit_id, position_id, open_to_unit=position_id is None or role in CHIEFS)


def first_access(confidentiality: Confidentiality, unit_id: str, position_id: str, places: Iterable[Opened]) -> Access:
    """Who registered it (as ``position_id`` in ``unit_id``), the units it goes to and the positions it names."""
    named = list(places)
    units = [unit_id, *(one.unit_id for one in named if one.open_to_unit)]
    positions = [position_id, *(one.position_id for one in named if one.position_id)]
    return Access(
        confidentiality=confidentiality,
        units=tuple(dict.fromkeys(units)),
        positions=tuple(dict.fromkeys(positions)),
    )
