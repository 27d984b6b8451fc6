"""Set the deadline rules. Invariant: rules replace only those their maker has seen; deadlines given before stay."""

from services.chassis.auth import Principal
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction
from services.routing.domain.deadline import DeadlineRules
from services.routing.store.deadline_rules import KeptRules
from services.routing.working_time import WorkingTime


async def set_deadline_rules(time: WorkingTime, caller: Principal, seen: int | None, rules: DeadlineRules) -> KeptRules:
    """The rules as they now are. The same rules again change nothing."""

    async def work(tx: Transaction) -> KeptRules:
        present = await time.rules.read(tx.session)
        check_version(present.version, seen)
        if present.rules == rules:
            return present
        kept = KeptRules(
            rules=rules, version=present.version + 1, by_id=caller.person_id, by_name=caller.name, at=tx.now
        )
        await time.rules.write(kept, tx.session)
        return kept

    kept = await time.uow.run(work)
    time.deadlines.forget()
    return kept
