"""What was learned, in the database: as data, never as a pickle. Invariant: what is half written is never read, because
a run is kept after its weights; only the newest runs are kept.
"""

import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import ClassVar

from services.chassis.mongo import Database, Document, IndexModel, Session
from services.routing.domain.learned_form import learned_from, plain_places, plain_traits
from services.routing.domain.learning import Learned, Measured, Run

KEPT_RUNS = 3
NOTHING = Learned({}, ())


class LearnedRuns:
    """Each time of learning, with the weights of the newest ones; remembers the one in use for ``seconds``."""

    RUNS = "learned_runs"
    WEIGHTS = "learned_weights"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        RUNS: [IndexModel([("version", 1)], name="version", unique=True)],
        WEIGHTS: [IndexModel([("run_id", 1)], name="run")],
    }

    def __init__(self, database: Database, *, seconds: float = 30.0) -> None:
        self._runs = database[self.RUNS]
        self._weights = database[self.WEIGHTS]
        self._seconds = seconds
        self._until = 0.0
        self._present: Run | None = None

    async def newest(self, session: Session | None = None) -> Run | None:
        """The last time of learning, without what was learned; None before the first."""
        row = await self._newest({}, session)
        return _run(row, NOTHING) if row else None

    async def present(self) -> Run | None:
        """The run suggestions are made from, or None while learning was of no use."""
        if self._until <= time.monotonic():
            row = await self._newest({}, None)
            used = row if row and row["used"] else None
            if used is None:
                self._present = None
            elif self._present is None or self._present.id != used["_id"]:
                self._present = await self._whole(used)
            self._until = time.monotonic() + self._seconds
        return self._present

    def forget(self) -> None:
        """Look anew for what was learned."""
        self._until = 0.0

    async def add(self, run: Run, session: Session | None) -> None:
        """Keep a run; the driver's DuplicateKeyError where another of the same version was kept meanwhile."""
        weights = [{"_id": f"{run.id}/traits", "run_id": run.id, **plain_traits(run.learned)}]
        for number, place in enumerate(plain_places(run.learned)):
            weights.append({"_id": f"{run.id}/{number}", "run_id": run.id, **place})
        await self._weights.insert_many(weights, session=session)
        await self._runs.insert_one(_row(run), session=session)
        await self._drop(run.version - KEPT_RUNS, session)

    async def _drop(self, version: int, session: Session | None) -> None:
        row = await self._runs.find_one({"version": version}, session=session)
        if row:
            await self._weights.delete_many({"run_id": row["_id"]}, session=session)
            await self._runs.delete_one({"_id": row["_id"]}, session=session)

    async def _newest(self, query: Document, session: Session | None) -> Document | None:
        rows = await self._runs.find(query, session=session).to_list(None)
        return max(rows, key=lambda row: int(row["version"]), default=None)

    async def _whole(self, row: Document) -> Run:
        weights = await self._weights.find({"run_id": row["_id"]}).to_list(None)
        places = sorted((one for one in weights if "mention" in one), key=lambda one: int(one["_id"].split("/")[1]))
        traits = next(one for one in weights if "rarity" in one)
        return _run(row, learned_from(traits, places))


def _row(run: Run) -> Document:
    return {
        "_id": run.id,
        "version": run.version,
        "trained_at": run.trained_at,
        "letters": run.letters,
        "last_letter_id": run.last_letter_id,
        "used": run.used,
        "seconds": run.seconds,
        "traits": len(run.learned.rarity),
        "places": len(run.learned.places),
        "weights": sum(len(one.weights) for one in run.learned.places),
        "measured": asdict(run.measured) if run.measured else None,
    }


def _run(row: Document, learned: Learned) -> Run:
    measured = Measured(**row["measured"]) if row["measured"] else None
    return Run(
        id=row["_id"],
        version=row["version"],
        trained_at=row["trained_at"],
        letters=row["letters"],
        last_letter_id=row["last_letter_id"],
        used=row["used"],
        seconds=row["seconds"],
        traits=row["traits"],
        places=row["places"],
        weights=row["weights"],
        measured=measured,
        learned=learned,
    )
