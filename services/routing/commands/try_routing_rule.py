"""Try a rule out on past letters. Invariant: nothing is changed; of letters the caller may not read only their number
is told.
"""

from dataclasses import dataclass, field

from services.chassis.auth import Principal
from services.chassis.errors import not_found
from services.chassis.ids import new_id
from services.routing.commands.entitlement import seen_keys
from services.routing.commands.past_letters import past_letters
from services.routing.commands.rule_keeping import check_conditions
from services.routing.domain.control import ControlRow
from services.routing.domain.letter_facts import LetterFacts, facts_in
from services.routing.domain.routing_rule import Conditions, RoutingRule, matches
from services.routing.guidance import Guidance


@dataclass
class Trial:
    """How many letters were looked at, how many the rule would have hit, and which of those the caller may read."""

    looked_at: int = 0
    hits: int = 0
    letters: list[str] = field(default_factory=list)


async def try_routing_rule(guidance: Guidance, caller: Principal, rule_id: str, most: int) -> Trial:
    """A rule that is there, retired or not."""
    rule = await guidance.rules.find(rule_id, None)
    if rule is None:
        raise not_found("Aturan")
    return await try_conditions(guidance, caller, rule.conditions, most)


async def try_conditions(guidance: Guidance, caller: Principal, conditions: Conditions, most: int) -> Trial:
    """Conditions that belong to no rule yet."""
    check_conditions(conditions)
    rule = RoutingRule(id=new_id(), name="", conditions=conditions, destinations=())
    keys, trial = set(seen_keys(caller)), Trial()
    async for rows in past_letters(guidance, most):
        for row in rows:
            trial.looked_at += 1
            if matches(rule, await _facts(guidance, conditions, row)):
                trial.hits += 1
                trial.letters += [row.id] if keys & set(row.seen_by) else []
    return trial


async def _facts(guidance: Guidance, conditions: Conditions, row: ControlRow) -> LetterFacts:
    text = await guidance.text_of(row.id) if conditions.looks_at_text else None
    return facts_in(row.summary, text)
