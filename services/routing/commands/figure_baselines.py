"""State how long things took on paper. Invariant: each is kept, and replaces only what its maker has seen."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.chassis.auth import Principal
from services.chassis.errors import unprocessable
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction
from services.routing.domain.figure_baseline import Baseline
from services.routing.domain.figure_measures import Measure
from services.routing.figure_room import FigureRoom

Hours = Annotated[float, Field(ge=0, le=24 * 366, allow_inf_nan=False)]


class BaselineIn(BaseModel):
    """The median hours of each measure that was taken, and where they are from."""

    model_config = ConfigDict(extra="forbid")

    hours: dict[Measure, Hours] = Field(min_length=1)
    source: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=1000)]
    measured_from: date | None = None
    measured_to: date | None = None
    letters: Annotated[int, Field(ge=1, le=10_000_000)] | None = None


async def state_baseline(room: FigureRoom, caller: Principal, wanted: BaselineIn, seen_version: int | None) -> Baseline:
    """The baseline as it now counts; 412 where another than ``seen_version`` did, which need not be said."""
    if wanted.measured_from and wanted.measured_to and wanted.measured_to < wanted.measured_from:
        raise unprocessable("term_reversed", "Tanggal akhir pengukuran tidak boleh mendahului tanggal awal.")

    async def work(tx: Transaction) -> Baseline:
        known = await room.baselines.newest(tx.session)
        present = known.version if known else 0
        check_version(present, seen_version)
        baseline = Baseline(
            version=present + 1,
            stated_at=tx.now,
            stated_by_id=caller.person_id,
            stated_by_name=caller.name,
            **wanted.model_dump(),
        )
        await room.baselines.add(baseline, tx.session)
        return baseline

    return await room.uow.run(work)
