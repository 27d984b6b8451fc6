"""Every list query is served by an index: the plans of the very queries that the lists ask."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from services.chassis.auth import Principal
from services.chassis.mongo import Document
from services.routing.commands.list_audit import AuditQuery, list_audit
from services.routing.commands.list_box import BoxQuery, count_boxes, list_box, list_outbox
from services.routing.commands.list_letters import Filters, Paging, list_letters
from services.routing.context import Context
from services.routing.domain.boxes import BOXES
from tests.routing.conftest import Delivered
from tests.routing.regency import Regency


class Recorder:
    """A collection that notes what it is asked."""

    def __init__(self, rows: Any) -> None:
        self._rows = rows
        self.asked: list[Document] = []

    def find(self, query: Document, *rest: Any, **more: Any) -> Any:
        self.asked.append(query)
        return self._rows.find(query, *rest, **more)

    def aggregate(self, stages: list[Document]) -> Any:
        self.asked.append(stages[0]["$match"])
        return self._rows.aggregate(stages)

    def count_documents(self, query: Document, **more: Any) -> Any:
        self.asked.append(query)
        return self._rows.count_documents(query, **more)

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


Ask = Callable[[Context, Principal], Awaitable[object]]
LISTS: dict[str, Ask] = {
    **{f"box {box}": lambda c, p, b=box: list_box(c, p, BoxQuery(b)) for box in BOXES if box != "outbox"},  # type: ignore[misc]
    "inbox by state": lambda c, p: list_box(c, p, BoxQuery("inbox", state="sent")),
    "outbox": lambda c, p: list_outbox(c, p, None, None, 20),
    "counts": lambda c, p: count_boxes(c, p),
    "letters": lambda c, p: list_letters(c, p, Filters(), Paging()),
    "letters by status": lambda c, p: list_letters(c, p, Filters(status="routed"), Paging()),
    "letters by kind and urgency": lambda c, p: list_letters(c, p, Filters(kind="x", urgency="normal"), Paging()),
    "letters of a period": lambda c, p: list_letters(c, p, Filters(registered_from=date(2026, 1, 1)), Paging()),
    "letters of a unit": lambda c, p: list_letters(c, p, Filters(unit_id=p.unit_ids[0]), Paging()),
    "letters overdue": lambda c, p: list_letters(c, p, Filters(overdue=True), Paging()),
    "letters by deadline": lambda c, p: list_letters(c, p, Filters(), Paging("due")),
    "letters by deadline, urgent": lambda c, p: list_letters(c, p, Filters(urgency="urgent"), Paging("due")),
    "audit": lambda c, p: list_audit(c, AuditQuery(None, None, "refused", None, 20)),
}


@pytest.mark.parametrize("name", list(LISTS))
@pytest.mark.parametrize("who", ["head", "bupati"])
async def test_a_list_is_read_along_an_index(
    name: str, who: str, context: Context, regency: Regency, delivered: Delivered
) -> None:
    await regency.unit("top", "Bupati Klungkung", "leadership")
    await regency.position("bupati", "Bupati", "top", "leader")
    await delivered()
    recorders = []
    for store in (context.branches, context.control_list, context.audit):
        recorder = Recorder(store._rows)
        store._rows = recorder  # type: ignore[assignment]
        recorders.append(recorder)
    await LISTS[name](context, regency.holder(who))
    plans = [plan for recorder in recorders for plan in await recorder.plans()]
    assert plans, "the list asked nothing: this shows nothing"
    assert [query for query, stage in plans if stage != "IXSCAN"] == []
