"""When a person is not there. Invariant: a cancelled absence, and one that only says "late", makes nobody absent.

``starts_on`` through ``ends_on`` are local dates, both included; without an end it lasts until it is cancelled.
"""

from datetime import date
from typing import Literal

from services.contracts.routing import AbsenceChanged
from services.contracts.vocabulary import AbsenceKind
from services.routing.domain.assignment import Term
from services.routing.domain.organisation import Entity

Presence = Literal["late", "absent", "on_duty", "leave", "away", "present"]
"""What a presence feed says of somebody on a day."""


class Absence(Entity):
    """A person's absence. ``fed`` is what the presence feed last said of the day, where it came from the feed."""

    entity_kind = "absence"
    person_id: str
    person_name: str
    kind: AbsenceKind
    starts_on: date
    ends_on: date | None = None
    note: str | None = None
    cancelled: bool = False
    fed: Presence | None = None

    @property
    def label(self) -> str:
        """Whose it is."""
        return self.person_name

    @property
    def term(self) -> Term:
        """The days it speaks of."""
        return Term(self.starts_on, self.ends_on)

    def lasts(self, day: date) -> bool:
        """Whether it is in force on ``day`` or still to come."""
        return not self.cancelled and (self.ends_on is None or self.ends_on >= day)

    def changed(self) -> AbsenceChanged:
        """The event that tells its present state."""
        return AbsenceChanged(absence_id=self.id, **self.model_dump(exclude={"id", "version", "fed"}))
