"""``/v1/storage``: what letters take up, where it is going, and what paper and trips they saved."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.chassis.auth import Caller
from services.chassis.openapi import problems
from services.intake.commands.report_usage import UsageReport, report_usage
from services.intake.context import Ctx
from services.intake.domain.usage import Usage

router = APIRouter(prefix="/v1/storage", tags=["intake"])

Since = Annotated[date | None, Query(alias="from", description="A day of the first month shown.")]
Until = Annotated[date | None, Query(alias="to", description="A day of the last month shown.")]


class UsageSums(BaseModel):
    """Bytes of the originals, and of the copies made of them beside; pages and files of letters."""

    letters: int
    files: int
    pages: int
    original_bytes: int
    copied_bytes: int

    @classmethod
    def of(cls, usage: Usage) -> "UsageSums":
        """The sums of ``usage``."""
        return cls.model_validate({name: getattr(usage, name) for name in cls.model_fields})


class UsageRow(BaseModel):
    """One unit in one month (its first day), by the installation's calendar."""

    unit_id: str
    unit_name: str
    month: date
    usage: UsageSums


class GrowthForecast(BaseModel):
    """Told from up to twelve whole months. ``full_on`` is the first month that does not fit into the store any more."""

    bytes_a_month: int
    bytes_in_a_year: int
    full_on: date | None


class StorageReport(BaseModel):
    """What was registered, month by month. ``alarm``: the store is full within the months the settings say."""

    rows: list[UsageRow]
    total: UsageSums
    forecast: GrowthForecast | None
    capacity_bytes: int | None
    alarm: bool


class Saved(BaseModel):
    """Pages that need not be printed and trips that need not be made: one for each office told."""

    pages: int
    trips: int


class SavedRow(BaseModel):
    """One unit in one month."""

    unit_id: str
    unit_name: str
    month: date
    saved: Saved


class SavedReport(BaseModel):
    """Counted from the letters themselves: their pages times the offices they went to. Practice counts nowhere."""

    rows: list[SavedRow]
    total: Saved


@router.get(
    "/usage",
    operation_id="get_storage_usage",
    summary="Bytes and pages by unit and month, growth and a forecast",
    responses=problems(401, 403, 422),
)
async def usage(context: Ctx, caller: Caller, since: Since = None, until: Until = None) -> StorageReport:
    """Of the units whose letters the caller handles; of all units for who runs the house. A minute behind at most."""
    report = await report_usage(context, caller, since, until)
    expected = report.forecast
    return StorageReport(
        rows=[
            UsageRow(unit_id=row.unit_id, unit_name=name, month=row.month, usage=UsageSums.of(row.usage))
            for name, row in report.rows
        ],
        total=UsageSums.of(report.total),
        forecast=GrowthForecast(
            bytes_a_month=expected.bytes_a_month,
            bytes_in_a_year=expected.bytes_in_a_year,
            full_on=expected.full_on,
        )
        if expected
        else None,
        capacity_bytes=report.capacity_bytes,
        alarm=report.alarm,
    )


@router.get(
    "/saved",
    operation_id="get_saved_pages",
    summary="Pages and trips saved, by unit and month",
    responses=problems(401, 403, 422),
)
async def saved(context: Ctx, caller: Caller, since: Since = None, until: Until = None) -> SavedReport:
    """Of the same units as the usage."""
    report: UsageReport = await report_usage(context, caller, since, until)
    return SavedReport(
        rows=[
            SavedRow(unit_id=row.unit_id, unit_name=name, month=row.month, saved=_saved(row.usage))
            for name, row in report.rows
        ],
        total=_saved(report.total),
    )


def _saved(usage: Usage) -> Saved:
    return Saved(pages=usage.pages_saved, trips=usage.trips_saved)
