"""What making, changing and reading routing rules have in common. Invariant: a rule states a condition and brings
letters to places of the regency that are in use, and every change of it is kept with who made it.
"""

from collections.abc import Sequence
from typing import Literal

from services.chassis.auth import Principal
from services.chassis.errors import ServiceError, conflict, forbidden, not_found, unprocessable
from services.chassis.ids import new_id
from services.chassis.mongo import Session
from services.chassis.uow import Transaction
from services.projections.letter_access import LETTER_HANDLERS
from services.routing.domain.mention import KnownPlace, Mention
from services.routing.domain.routing_rule import Conditions, RoutingRule
from services.routing.guidance import Guidance
from services.routing.store.routing_rules import RuleChange

READERS = LETTER_HANDLERS | {"unit_admin", "regency_admin", "auditor"}
"""Roles that see the rules: those whose letters they bring somewhere, and those who look after them."""
MOST_DESTINATIONS = 50
What = Literal["created", "changed", "retired"]


def check_reader(caller: Principal) -> None:
    """403 for who neither handles letters nor keeps the rules."""
    if "organisation:write" not in caller.scopes and not any(held.role in READERS for held in caller.positions):
        raise forbidden()


def check_conditions(conditions: Conditions) -> None:
    """422 for conditions that every letter would fit."""
    if conditions.is_empty:
        raise unprocessable("conditions_empty", "Aturan harus menyebut paling sedikit satu syarat.")


async def check_destinations(guidance: Guidance, mentions: Sequence[Mention], session: Session | None) -> None:
    """422 where one of the places is not known, not in use, or not in the regency."""
    known = await guidance.places.of((one.key for one in mentions), session)
    unfit = [one.id for one in mentions if not _is_fit(known.get(one.key))]
    if unfit:
        detail = "Ada tujuan yang tidak dikenal, tidak aktif, atau di luar kabupaten."
        raise unprocessable("unknown_place", detail, unknown=unfit)


def _is_fit(place: KnownPlace | None) -> bool:
    return place is not None and place.active and not place.is_outside


async def taken_rule(guidance: Guidance, rule_id: str, session: Session | None) -> RoutingRule:
    """The rule, held to be changed."""
    rule = await guidance.rules.take(rule_id, session)
    if rule is None:
        raise not_found("Aturan")
    return rule


async def note_change(guidance: Guidance, tx: Transaction, caller: Principal, what: What, rule: RoutingRule) -> None:
    """Keep the rule as it now is in its history."""
    change = RuleChange(
        id=new_id(),
        rule_id=rule.id,
        what=what,
        at=tx.now,
        person_id=caller.person_id,
        person_name=caller.name,
        actor=caller.acting_as(caller.positions[0]) if caller.positions else None,
        rule=rule,
    )
    await guidance.rule_changes.add(change, tx.session)


def name_taken(name: str) -> ServiceError:
    """The refusal where there is a rule of this name."""
    return conflict("name_taken", f"Aturan bernama '{name}' sudah ada.")
