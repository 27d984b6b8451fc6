"""What scanning letters in batches is given: the batches, the key and the printer of sheets.

Invariant: made once, at the composition root.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from services.chassis.mongo import Database, IndexModel
from services.chassis.paper import Paper
from services.intake.store import batches as batches_store
from services.intake.store.batches import Batches
from services.intake.store.separator_keys import SeparatorKeys

TEMPLATES = Path(__file__).parent / "templates" / "separators"
INDEXES: dict[str, Sequence[IndexModel]] = batches_store.INDEXES


@dataclass(frozen=True)
class BatchRoom:
    """The stores of batches, and what prints separator sheets."""

    batches: Batches
    keys: SeparatorKeys
    paper: Paper

    @classmethod
    def lay(cls, database: Database) -> "BatchRoom":
        """Build it on intake's database."""
        return cls(Batches(database), SeparatorKeys(database), Paper(TEMPLATES))
