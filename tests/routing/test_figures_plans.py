"""Figures are kept and read along indexes, however many letters there are."""

from typing import Any

import pytest

from services.chassis.auth import Principal
from services.routing.commands.figure_adoption import figure_adoption
from services.routing.commands.figure_backlogs import figure_backlogs
from services.routing.commands.figure_counts import count_period
from services.routing.commands.figure_entitlement import scope_of
from services.routing.context import Context
from services.routing.domain.figure_period import Period
from tests.people import held, principal
from tests.routing.conftest import Delivered
from tests.routing.figures import MARCH, clock_of, count, ordinary
from tests.routing.regency import Regency
from tests.routing.test_plans import Recorder


class Watched(Recorder):
    """One that is written to as well."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rows, name)


def watch(context: Context) -> list[Watched]:
    room = context.figures
    recorders = []
    places = [(room.due, "_letters"), (room.rows, "_rows"), (room.activity, "_rows")]
    for store, field in (*places, (room.months, "_months"), (room.months, "_backlogs")):
        recorder = Watched(getattr(store, field))
        setattr(store, field, recorder)
        recorders.append(recorder)
    return recorders


@pytest.mark.parametrize("oversees", [False, True])
async def test_each_look_is_served_by_an_index(
    oversees: bool, regency: Regency, delivered: Delivered, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_of(monkeypatch)(MARCH)
    await delivered()
    recorders = watch(context)
    await count(context)
    caller: Principal = principal(held("leader")) if oversees else regency.holder("head")
    scope = await scope_of(context.figures, ordinary(caller))
    await count_period(context.figures, scope, Period("2026-01", "2026-03"))
    await figure_adoption(context.figures, scope, "2026-03")
    if not oversees:  # who oversees all reads all that lies undone, and nothing else is kept there
        await figure_backlogs(context.figures, scope)
    plans = [plan for recorder in recorders for plan in await recorder.plans()]
    assert len(plans) > 8
    assert [query for query, stage in plans if stage != "IXSCAN"] == []
