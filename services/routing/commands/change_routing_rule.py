"""Change or retire a routing rule. Invariant: of two changes to the same version one is refused; what a rule was before
stays in its history.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict

from services.chassis.auth import Principal
from services.chassis.errors import conflict
from services.chassis.mongo import DuplicateKeyError
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction
from services.routing.commands.create_routing_rule import Destinations, Priority, RuleName
from services.routing.commands.rule_keeping import (
    check_conditions,
    check_destinations,
    name_taken,
    note_change,
    taken_rule,
)
from services.routing.domain.mention import once
from services.routing.domain.routing_rule import Conditions, Mode, RoutingRule
from services.routing.guidance import Guidance


class RuleEdit(BaseModel):
    """What is to be changed; what is left out stays."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: RuleName = ""
    conditions: Conditions = Conditions()
    destinations: Destinations = []
    mode: Mode = "propose"
    active: bool = True
    priority: Priority = 100

    def facts(self) -> dict[str, Any]:
        """What was given."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return given | ({"destinations": once(self.destinations)} if "destinations" in given else {})


async def change_routing_rule(
    guidance: Guidance, caller: Principal, rule_id: str, wanted: RuleEdit, version: int | None = None
) -> RoutingRule:
    """The rule as it now is; ``version`` is the one the client has seen."""

    async def work(tx: Transaction) -> RoutingRule:
        before = await taken_rule(guidance, rule_id, tx.session)
        if before.retired:
            state = {"id": before.id, "name": before.name, "retired": True, "version": before.version}
            raise conflict("rule_retired", f"Aturan '{before.name}' sudah tidak dipakai.", state=state)
        check_version(before.version, version)
        after = before.model_copy(update=wanted.facts())
        if after == before:
            return before
        check_conditions(after.conditions)
        if "destinations" in wanted.model_fields_set:
            await check_destinations(guidance, after.destinations, tx.session)
        return await _keep(guidance, tx, caller, after)

    try:
        rule = await guidance.uow.run(work)
    except DuplicateKeyError:
        raise name_taken(wanted.name) from None
    guidance.rule_book.forget()
    return rule


async def retire_routing_rule(
    guidance: Guidance, caller: Principal, rule_id: str, version: int | None = None
) -> RoutingRule:
    """The rule, used no more; retiring it again changes nothing."""

    async def work(tx: Transaction) -> RoutingRule:
        before = await taken_rule(guidance, rule_id, tx.session)
        if before.retired:
            return before
        check_version(before.version, version)
        return await _keep(guidance, tx, caller, before.model_copy(update={"retired": True}))

    rule = await guidance.uow.run(work)
    guidance.rule_book.forget()
    return rule


async def _keep(guidance: Guidance, tx: Transaction, caller: Principal, rule: RoutingRule) -> RoutingRule:
    after = rule.model_copy(update={"version": rule.version + 1})
    await guidance.rules.change(after, tx.session)
    await note_change(guidance, tx, caller, "retired" if after.retired else "changed", after)
    return after
