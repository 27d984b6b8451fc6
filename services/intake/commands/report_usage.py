"""Report what units have in the store and what they saved. Invariant: of one's own units, unless one runs the house."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.conditions import WRITE
from services.intake.context import Context
from services.intake.domain.usage import Forecast, Usage, forecast
from services.intake.store.usage import UnitMonth
from services.projections.reading import LETTER_HANDLERS


@dataclass(frozen=True)
class UsageReport:
    """Rows by unit and month with the units' names, their sum, and where it is going."""

    rows: tuple[tuple[str, UnitMonth], ...]
    total: Usage
    forecast: Forecast | None
    capacity_bytes: int | None
    alarm: bool
    """The store will be full within the months the settings say."""


async def report_usage(context: Context, caller: Principal, since: date | None, until: date | None) -> UsageReport:
    """The report; ``since`` and ``until`` are days whose months are the first and last shown."""
    whole = WRITE in caller.scopes
    rows = await context.usage.months(None if whole else _own_units(caller))
    wanted = _between(since, until)
    capacity = context.settings.storage_capacity_bytes if whole else None
    today = now().astimezone(context.settings.zone).date()
    expected = forecast([(row.month, row.usage.bytes) for row in rows], capacity, today)
    shown = [row for row in rows if wanted(row.month)]
    names = {one: await _name(context, one) for one in {row.unit_id for row in shown}}
    named = sorted(((names[row.unit_id], row) for row in shown), key=lambda one: (one[1].month, one[0], one[1].unit_id))
    return UsageReport(
        rows=tuple(named),
        total=sum((row.usage for row in shown), Usage()),
        forecast=expected,
        capacity_bytes=capacity,
        alarm=_alarming(context, expected, today),
    )


def _own_units(caller: Principal) -> list[str]:
    return list(dict.fromkeys(held.unit_id for held in caller.positions if held.role in LETTER_HANDLERS))


def _between(since: date | None, until: date | None) -> Callable[[date], bool]:
    first = since.replace(day=1) if since else date.min
    return lambda month: first <= month and (until is None or month <= until)


def _alarming(context: Context, expected: Forecast | None, today: date) -> bool:
    if expected is None or expected.full_on is None:
        return False
    return (expected.full_on - today).days <= context.settings.storage_alarm_months * 31


async def _name(context: Context, unit_id: str) -> str:
    unit = await context.organisation.unit(unit_id)
    return unit.name if unit else unit_id
