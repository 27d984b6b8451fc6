"""Go on after numbers that were given on paper. Invariant: a series only ever goes forward, and why is kept."""

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.conditions import WRITE
from services.chassis.errors import conflict, forbidden, not_found, unprocessable
from services.chassis.uow import Transaction
from services.intake.commands.numbers.keep_forms import show_numbering
from services.intake.context import Context
from services.intake.domain.numbers.number import Continued, CountedSeries, NumberSeries

REGISTER = "letters:register"


async def numbers_of(context: Context, caller: Principal, unit_id: str) -> None:
    """Return where the caller may look at the unit's counters; 404 for no unit, 403 for another's."""
    if await context.organisation.unit(unit_id) is None and unit_id not in caller.unit_ids:
        raise not_found("Unit")
    registrar = REGISTER in caller.scopes and unit_id in caller.unit_ids
    if not registrar and WRITE not in caller.scopes:
        raise forbidden()


async def show_series(context: Context, caller: Principal, unit_id: str) -> list[CountedSeries]:
    """The unit's series, the newest year first."""
    await numbers_of(context, caller, unit_id)
    return sorted(await context.books.series.of_unit(unit_id), key=lambda one: (-one.year, one.name))


async def continue_series(
    context: Context, caller: Principal, series: NumberSeries, last: int, reason: str
) -> CountedSeries:
    """The series as it now is; 404 where no template of the unit names it."""
    numbering = await show_numbering(context, series.unit_id)
    if series.name not in {one.series for one in numbering.in_force.values()}:
        raise not_found("Seri nomor")
    year = now().astimezone(context.settings.zone).year
    if series.year not in (year - 1, year):
        raise unprocessable("number_year_closed", f"Nomor surat tahun {series.year} tidak diberikan.", field="year")

    async def work(tx: Transaction) -> CountedSeries:
        said = Continued(last=last, reason=reason, by_id=caller.person_id, by_name=caller.name, at=tx.now)
        before = await context.books.series.last(series, tx.session)
        if last <= before or not await context.books.series.go_on_from(series, said, tx.session):
            detail = f"Nomor terakhir seri ini sudah {before}. Nomor hanya dapat dimajukan."
            raise conflict("series_further", detail, state={"last": before})
        return CountedSeries(name=series.name, year=series.year, last=last, continued=(said,))

    return await context.uow.run(work)
