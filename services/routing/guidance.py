"""What rules, distribution lists and suggestions are given. Invariant: made once, at the composition root."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, TypeAlias, cast

from fastapi import Depends, Request

from services.chassis.idempotency import IdempotentActs
from services.chassis.mongo import Database
from services.chassis.newest import Newest
from services.chassis.uow import UnitOfWork
from services.routing.guidance_settings import GuidanceSettings
from services.routing.store.branches import Branches
from services.routing.store.control_list import ControlList
from services.routing.store.distribution_lists import DistributionLists
from services.routing.store.known_places import KnownPlaces
from services.routing.store.learned import LearnedRuns
from services.routing.store.organisation import Positions, Units
from services.routing.store.routing_rules import RoutingRules, RuleChanges
from services.routing.store.rule_book import RuleBook

TextOf: TypeAlias = Callable[[str], Awaitable[str | None]]
"""What the scans of a letter say, where that is known."""
STORES = (DistributionLists, RoutingRules, RuleChanges, LearnedRuns)
LEARNING_SECONDS = 1200
"""How long other processes leave the learning to one that may have died at it. It is looked for half as often: so the
one that learns has all of this before it."""
LOOK_FOR_LETTERS_SECONDS = 600


async def no_text(_: str) -> str | None:
    """For a letter whose scans are not looked at."""
    return None


@dataclass(frozen=True)
class Guidance:
    """Settings, the unit of work, own stores, and those of the letters that are learned from."""

    settings: GuidanceSettings
    uow: UnitOfWork
    acts: IdempotentActs
    lists: DistributionLists
    rules: RoutingRules
    rule_changes: RuleChanges
    rule_book: RuleBook
    learned: LearnedRuns
    places: KnownPlaces
    branches: Branches
    control_list: ControlList
    newest: Newest
    text_of: TextOf

    @classmethod
    def lay(
        cls,
        settings: GuidanceSettings,
        database: Database,
        uow: UnitOfWork,
        acts: IdempotentActs,
        text_of: TextOf = no_text,
    ) -> "Guidance":
        """Build it on routing's database."""
        rules, places = RoutingRules(database), KnownPlaces(Units(database), Positions(database))
        return cls(
            settings=settings,
            uow=uow,
            acts=acts,
            lists=DistributionLists(database),
            rules=rules,
            rule_changes=RuleChanges(database),
            rule_book=RuleBook(rules, places, seconds=settings.rules_cache_seconds),
            learned=LearnedRuns(database),
            places=places,
            branches=Branches(database),
            control_list=ControlList(database),
            newest=Newest(),
            text_of=text_of,
        )


async def guidance(request: Request) -> Guidance:
    """FastAPI dependency: the guidance of the service's context."""
    return cast(Guidance, request.app.state.context.guidance)


Guide = Annotated[Guidance, Depends(guidance)]
