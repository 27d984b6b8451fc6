"""End an assignment. Invariant: an end is only brought forward, so ending can never make two assignments overlap."""

from datetime import date

from services.chassis.errors import not_found
from services.chassis.uow import Transaction
from services.routing.commands.preconditions import check_version
from services.routing.context import Context
from services.routing.domain.assignment import Assignment, ended


async def end_assignment(context: Context, assignment_id: str, ends_on: date, version: int | None = None) -> Assignment:
    """The assignment in force through ``ends_on`` and no longer; ``version`` is what the client has seen."""

    async def work(tx: Transaction) -> Assignment:
        assignment = await context.assignments.take(assignment_id, tx.session)
        if assignment is None:
            raise not_found("Penugasan")
        after = ended(assignment, ends_on)
        if after != assignment:
            check_version(assignment.version, version)
            await context.assignments.change(after, tx.session)
            tx.publish(after.changed(), seq=after.version)
        return after

    return await context.uow.run(work)
