"""The rules in force, remembered by each process for a few seconds. Invariant: a destination that is not active, or not
in the regency, is left out, and that is logged once for each state of the rule.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.mongo import Session
from services.routing.domain.mention import Key, KnownPlace, Mention
from services.routing.domain.routing_rule import RoutingRule, by_priority
from services.routing.store.known_places import KnownPlaces
from services.routing.store.routing_rules import RoutingRules

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LiveRule:
    """A rule with those of its destinations a letter can be brought to now."""

    rule: RoutingRule
    places: tuple[tuple[Mention, KnownPlace], ...]


class RuleBook:
    """Reads the rules when they are older than ``seconds``."""

    def __init__(self, rules: RoutingRules, places: KnownPlaces, *, seconds: float) -> None:
        self._rules = rules
        self._places = places
        self._seconds = seconds
        self._until = 0.0
        self._live: tuple[LiveRule, ...] = ()
        self._logged: set[tuple[str, int, Key]] = set()

    async def present(self, session: Session | None = None) -> Sequence[LiveRule]:
        """The rules in force, in their order; no trip to the database while they are fresh."""
        if self._until <= time.monotonic():
            rules = by_priority(await self._rules.in_force(session))
            known = await self._places.of((one.key for rule in rules for one in rule.destinations), session)
            self._live = tuple(LiveRule(rule, tuple(self._usable(rule, known))) for rule in rules)
            self._until = time.monotonic() + self._seconds
        return self._live

    def forget(self) -> None:
        """Read them anew at the next look: they were changed here."""
        self._until = 0.0

    def _usable(self, rule: RoutingRule, known: dict[Key, KnownPlace]) -> list[tuple[Mention, KnownPlace]]:
        usable = []
        for one in rule.destinations:
            place = known.get(one.key)
            if place and place.active and not place.is_outside:
                usable.append((one, place))
            elif (rule.id, rule.version, one.key) not in self._logged:
                self._logged.add((rule.id, rule.version, one.key))
                log.warning("rule %r: its destination %s %s is not in use and is skipped", rule.name, *one.key)
        return usable
