"""Make a routing rule. Invariant: no two rules have the same name."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.auth import Principal
from services.chassis.idempotency import fingerprint
from services.chassis.ids import new_id
from services.chassis.mongo import Document, DuplicateKeyError
from services.chassis.uow import Transaction
from services.routing.commands.rule_keeping import (
    MOST_DESTINATIONS,
    check_conditions,
    check_destinations,
    name_taken,
    note_change,
)
from services.routing.domain.mention import Mention, once
from services.routing.domain.routing_rule import Conditions, Mode, RoutingRule
from services.routing.guidance import Guidance

RuleName = Annotated[str, Field(min_length=1, max_length=200)]
Destinations = Annotated[list[Mention], Field(min_length=1, max_length=MOST_DESTINATIONS)]
Priority = Annotated[int, Field(ge=0, le=10_000)]


class NewRoutingRule(BaseModel):
    """A rule to be made. ``propose`` names the places to whoever writes a letter; ``automatic`` brings it there."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: RuleName
    conditions: Conditions
    destinations: Destinations
    mode: Mode = "propose"
    active: bool = True
    priority: Priority = 100


async def create_routing_rule(
    guidance: Guidance, caller: Principal, wanted: NewRoutingRule, key: str | None = None
) -> RoutingRule:
    """The rule; 409 where there is one of this name."""
    check_conditions(wanted.conditions)
    facts = {name: getattr(wanted, name) for name in NewRoutingRule.model_fields}
    made = RoutingRule(id=new_id(), **{**facts, "destinations": once(wanted.destinations)})

    async def act(tx: Transaction) -> Document:
        await check_destinations(guidance, made.destinations, tx.session)
        await guidance.rules.add(made, tx.session)
        await note_change(guidance, tx, caller, "created", made)
        return made.model_dump(mode="json")

    request = fingerprint("routing_rule", wanted.model_dump(mode="json", exclude_unset=True))
    try:
        answer, _ = await guidance.acts.run(caller.person_id, key, request, act)
    except DuplicateKeyError:
        raise name_taken(wanted.name) from None
    guidance.rule_book.forget()
    return RoutingRule.model_validate(answer)
