"""Every list query is served by an index: the plans of the very queries that boxes, counts and offers ask."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from services.chassis.auth import Principal
from services.chassis.mongo import Document
from services.disposition.commands.list_boxes import BoxQuery, count_boxes, list_box
from services.disposition.commands.offer_candidates import offer_candidates
from services.disposition.context import Context
from services.disposition.domain.boxes import BOXES
from services.disposition.domain.finding import Wanted
from services.disposition.domain.order import Ground
from tests.disposition.world import World, to
from tests.people import principal


class Recorder:
    """A collection that notes what lists ask of it."""

    def __init__(self, rows: Any) -> None:
        self._rows = rows
        self.asked: list[Document] = []

    def find(self, query: Document, *rest: Any, **more: Any) -> Any:
        self.asked.append(query)
        return self._rows.find(query, *rest, **more)

    def aggregate(self, stages: list[Document]) -> Any:
        self.asked.append(stages[0]["$match"])
        return self._rows.aggregate(stages)

    async def find_one(self, query: Document, *rest: Any, **more: Any) -> Any:
        return await self._rows.find_one(query, *rest, **more)

    async def plans(self) -> list[tuple[Document, str]]:
        """Each query with the stage that reads the documents."""
        return [(one, await self._stage(one)) for one in self.asked]

    async def _stage(self, query: Document) -> str:
        plan = (await self._rows.find(query).explain())["queryPlanner"]["winningPlan"]
        while "inputStage" in plan:
            plan = plan["inputStage"]
        return str(plan["stage"])


Ask = Callable[[Context, Principal, World], Awaitable[object]]


def _search(**wanted: Any) -> Ask:
    return lambda c, p, _: list_box(c, p, BoxQuery("given", wanted=Wanted(**wanted)))


LISTS: dict[str, Ask] = {
    **{f"box {box}": lambda c, p, _, b=box: list_box(c, p, BoxQuery(b)) for box in BOXES},  # type: ignore[misc]
    "of a period": lambda c, p, _: list_box(c, p, BoxQuery("given", since=date(2026, 1, 1), until=date(2026, 12, 1))),
    "by instruction": _search(instruction="hadiri"),
    "by words": _search(text="alat berat"),
    "by person": _search(person="sekretaris"),
    "by state": _search(state="open"),
    "counts": lambda c, p, _: count_boxes(c, p),
    "candidates": lambda c, p, w: offer_candidates(c, p, w.letter.letter_id, Ground(), None, 20),
}


@pytest.mark.parametrize("name", list(LISTS))
async def test_a_list_is_read_along_an_index(name: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.disposed(world.head, to(world.division_head))
    context: Context = world.service.app.state.context
    recorders = []
    for store, rows in (
        (context.dispositions, "_rows"),
        (context.box_counts, "_rows"),
        (context.organisation, "_positions"),
    ):
        recorder = Recorder(getattr(store, rows))
        monkeypatch.setattr(store, rows, recorder)
        recorders.append(recorder)
    await LISTS[name](context, principal(world.head), world)
    plans = [plan for recorder in recorders for plan in await recorder.plans()]
    assert plans
    assert [stage for _, stage in plans if stage != "IXSCAN"] == [], plans
