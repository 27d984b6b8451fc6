"""Decide of a day whether the regency works. Invariant: a decision replaces only the one its maker has seen, and is
told to everybody who counts in working days.
"""

from dataclasses import dataclass
from datetime import date

from services.chassis.auth import Principal
from services.chassis.errors import not_found, unprocessable
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction
from services.projections.national_days import FIRST_YEAR, LAST_YEAR
from services.projections.working_days import Decided
from services.routing.store.calendar import Day, Decision
from services.routing.working_time import WorkingTime

BATCH = 500


@dataclass(frozen=True)
class Asked:
    """Who decides, and the version they have seen; None where they do not say."""

    caller: Principal
    seen: int | None = None


async def decide_day(time: WorkingTime, asked: Asked, wanted: Decided) -> tuple[Decision, bool]:
    """The decision, and whether it is the first about this day. The same decision again changes nothing."""
    if not FIRST_YEAR <= wanted.day.year <= LAST_YEAR:
        raise unprocessable("year_unknown", f"Kalender mencakup tahun {FIRST_YEAR} sampai {LAST_YEAR}.")

    async def work(tx: Transaction) -> tuple[Decision, bool]:
        kept = await time.days.day(wanted.day, tx.session)
        present = kept.decision
        check_version(present.version if present else 0, asked.seen)
        if present and present.decided == wanted:
            return present, False
        decision = Decision(
            day=wanted.day,
            kind=wanted.kind,
            name=wanted.name,
            version=kept.version + 1,
            by_id=asked.caller.person_id,
            by_name=asked.caller.name,
            at=tx.now,
        )
        _tell(tx, await time.days.put(decision, tx.session))
        return decision, present is None

    decided = await time.uow.run(work)
    time.deadlines.forget()
    return decided


async def undecide_day(time: WorkingTime, asked: Asked, day: date) -> None:
    """Let the day be what it is without the regency; 404 where nothing is decided of it."""

    async def work(tx: Transaction) -> None:
        kept = await time.days.day(day, tx.session)
        if kept.decision is None:
            raise not_found("Ketetapan tentang hari ini")
        check_version(kept.version, asked.seen)
        _tell(tx, await time.days.remove(kept, tx.session))

    await time.uow.run(work)
    time.deadlines.forget()


async def tell_decided_days(time: WorkingTime) -> int:
    """Tell of a batch of the days that an earlier release decided and told nobody; how many those were."""
    if not await time.days.untold(1, None):
        return 0

    async def work(tx: Transaction) -> int:
        days = await time.days.untold(BATCH, tx.session)
        for one in days:
            _tell(tx, one)
        if days:
            await time.days.mark_told(days, tx.session)
        return len(days)

    return await time.uow.run(work)


def _tell(tx: Transaction, day: Day) -> None:
    tx.publish(day.told(), seq=day.version)
