"""What keeping the books is given: how numbers look, their counters, what was sent, and what is printed how.

Invariant: made once, at the composition root.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from services.chassis.mongo import Database, IndexModel
from services.intake.store.agenda import Agenda
from services.intake.store.dispatches import Dispatches
from services.intake.store.number_forms import NumberFormsStore
from services.intake.store.number_series import NumberSeriesStore

TEMPLATES = Path(__file__).resolve().parent / "templates" / "print"
TYPESETTER = Path(__file__).resolve().parent / "printing" / "typeset.py"
"""Run apart, by its path."""
INDEXES: dict[str, Sequence[IndexModel]] = {
    **NumberFormsStore.INDEXES,
    **NumberSeriesStore.INDEXES,
    **Dispatches.INDEXES,
}


@dataclass(frozen=True)
class BookRoom:
    """The stores of numbers and books. ``making`` lets one file be made at a time in this process."""

    agenda: Agenda
    forms: NumberFormsStore
    series: NumberSeriesStore
    dispatches: Dispatches
    making: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    @classmethod
    def lay(cls, database: Database) -> "BookRoom":
        """Build it on intake's database."""
        return cls(
            agenda=Agenda(database),
            forms=NumberFormsStore(database),
            series=NumberSeriesStore(database),
            dispatches=Dispatches(database),
        )
