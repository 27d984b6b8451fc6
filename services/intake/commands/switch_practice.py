"""Have a unit practise, or no more. Invariant: once it is answered, every process goes by it.

Processes remember which units practise, so the answer waits until the last of them must have read it anew: who is told
that a unit practises can rely on the very next letter.
"""

import asyncio
from datetime import timedelta

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.conditions import WRITE
from services.chassis.errors import conflict, forbidden, not_found
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction
from services.intake.context import Context
from services.intake.domain.practice import Practice
from services.intake.store import practising

LATELY = timedelta(seconds=20)
"""A switch that is older is known: no transaction takes that long."""


async def show_practice(context: Context, caller: Principal, unit_id: str) -> Practice:
    """Whether the unit practises; for its own people and who keeps the organisation."""
    await _known(context, unit_id)
    if WRITE not in caller.scopes and not caller.in_unit(unit_id):
        raise forbidden()
    return await context.practising.get(unit_id)


async def switch_practice(context: Context, caller: Principal, unit_id: str, seen: int | None, *, on: bool) -> Practice:
    """The switch as it stands now; the same again changes nothing."""
    await _known(context, unit_id)

    async def work(transaction: Transaction) -> Practice:
        before = await context.practising.get(unit_id, transaction.session)
        check_version(before.version, seen)
        if before.on == on:
            return before
        said = {"on": on, "version": before.version + 1, "at": transaction.now}
        after = before.model_copy(update=said | {"by_id": caller.person_id, "by_name": caller.name})
        if not await context.practising.keep(after, transaction.session):
            raise _changed(before)
        return after

    practice = await context.uow.run(work)
    context.practising.forget()
    if practice.at is not None and now() - practice.at < LATELY:  # by this request, or by another just before
        await asyncio.sleep(practising.KNOWN_SECONDS)
    return practice


async def _known(context: Context, unit_id: str) -> None:
    if await context.organisation.unit(unit_id) is None:
        raise not_found("Unit")


def _changed(present: Practice) -> Exception:
    state = {"version": present.version, "on": present.on}
    return conflict("state_changed", "Mode latihan baru saja diubah. Silakan muat ulang.", state=state)
