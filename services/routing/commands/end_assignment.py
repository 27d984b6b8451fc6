"""End an assignment, or cancel one that has not begun. Invariant: an end is only brought forward, so ending can never
make two assignments overlap.
"""

from collections.abc import Callable
from datetime import date

from services.chassis.auth import Principal
from services.chassis.errors import not_found
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction
from services.routing.domain.assignment import Assignment, cancelled, ended
from services.routing.domain.picture import Changes
from services.routing.registry import Registry
from services.routing.store.organisation_history import Act


async def end_assignment(
    registry: Registry, by: Principal, assignment_id: str, ends_on: date, seen: int | None = None
) -> Assignment:
    """The assignment in force through ``ends_on`` and no longer; ``seen`` is the version the client has seen."""
    return await _change(registry, by, assignment_id, seen, "ended", lambda one, _: ended(one, ends_on))


async def cancel_assignment(
    registry: Registry, by: Principal, assignment_id: str, seen: int | None = None
) -> Assignment:
    """The assignment, never in force; 409 once it has begun."""
    return await _change(registry, by, assignment_id, seen, "cancelled", cancelled)


async def _change(
    registry: Registry,
    by: Principal,
    assignment_id: str,
    seen: int | None,
    act: Act,
    decide: Callable[[Assignment, date], Assignment],
) -> Assignment:
    async def work(tx: Transaction) -> Assignment:
        assignment = await registry.assignments.find(assignment_id, tx.session)
        if assignment is None:
            raise not_found("Penugasan")
        after = decide(assignment, registry.day_of(tx.now))
        if after != assignment:
            check_version(assignment.version, seen)
            await registry.keep(tx, Changes(changed=(after,)), act, by)
        return after

    return await registry.change(work)
