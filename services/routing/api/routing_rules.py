"""Routing rules: where letters of some kind go."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from services.chassis.auth import Caller, Principal, require
from services.chassis.conditions import SeenVersion, tag
from services.chassis.errors import not_found
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page
from services.routing.api.guidance_models import (
    RoutingRuleView,
    RuleChangeView,
    TrialView,
    change_view,
    rule_view,
)
from services.routing.commands.change_routing_rule import RuleEdit, change_routing_rule, retire_routing_rule
from services.routing.commands.create_routing_rule import NewRoutingRule, create_routing_rule
from services.routing.commands.rule_keeping import check_reader
from services.routing.commands.try_routing_rule import Trial, try_conditions, try_routing_rule
from services.routing.domain.routing_rule import Conditions
from services.routing.guidance import Guide

router = APIRouter(prefix="/v1/routing-rules", tags=["routing"])
Writer = Annotated[Principal, Depends(require("organisation:write"))]
MOST_TRIED = 1000


class WantedTrial(BaseModel):
    """Conditions to be tried, and on how many of the newest letters."""

    model_config = ConfigDict(extra="forbid")

    conditions: Conditions
    letters: int = Field(default=200, ge=50, le=MOST_TRIED)


@router.get("", operation_id="list_routing_rules", summary="The rules, newest first", responses=problems(401, 403, 422))
async def list_routing_rules(
    guidance: Guide, caller: Caller, cursor: Cursor = None, limit: Limit = 50
) -> Page[RoutingRuleView]:
    """For those who handle letters and those who keep the rules."""
    check_reader(caller)
    found, following = await guidance.rules.page(cursor, limit)
    return Page(items=[rule_view(one) for one in found], next=following)


@router.post(
    "",
    operation_id="create_routing_rule",
    summary="Make a rule that proposes places, or brings letters there by itself",
    status_code=201,
    responses=problems(401, 403, 409, 422),
)
async def post_routing_rule(
    guidance: Guide, caller: Writer, body: NewRoutingRule, response: Response, key: IdempotencyKey = None
) -> RoutingRuleView:
    """An automatic rule acts on letters delivered from now on; never on secret ones, for which it only proposes."""
    made = await create_routing_rule(guidance, caller, body, key)
    tag(response, made.version)
    return rule_view(made)


@router.post(
    "/try",
    operation_id="try_conditions",
    summary="How many past letters these conditions would have hit",
    responses=problems(401, 403, 422),
)
async def post_trial(guidance: Guide, caller: Writer, body: WantedTrial) -> TrialView:
    """Ordinary letters alone are looked at; nothing is changed."""
    return _trial(await try_conditions(guidance, caller, body.conditions, body.letters))


@router.get("/{rule_id}", operation_id="get_routing_rule", summary="A rule", responses=problems(401, 403, 404, 422))
async def get_routing_rule(guidance: Guide, caller: Caller, rule_id: EntityId, response: Response) -> RoutingRuleView:
    """Retired ones too."""
    check_reader(caller)
    rule = await guidance.rules.find(rule_id, None)
    if rule is None:
        raise not_found("Aturan")
    tag(response, rule.version)
    return rule_view(rule)


@router.get(
    "/{rule_id}/changes",
    operation_id="list_routing_rule_changes",
    summary="Who changed a rule, when, and what it was then; the newest first",
    responses=problems(401, 403, 404, 422),
)
async def get_changes(
    guidance: Guide, caller: Caller, rule_id: EntityId, cursor: Cursor = None, limit: Limit = 50
) -> Page[RuleChangeView]:
    """Kept for good."""
    check_reader(caller)
    if await guidance.rules.find(rule_id, None) is None:
        raise not_found("Aturan")
    found, following = await guidance.rule_changes.page(rule_id, cursor, limit)
    return Page(items=[change_view(one) for one in found], next=following)


@router.post(
    "/{rule_id}/try",
    operation_id="try_routing_rule",
    summary="How many past letters a rule would have hit",
    responses=problems(401, 403, 404, 422),
)
async def post_rule_trial(
    guidance: Guide,
    caller: Writer,
    rule_id: EntityId,
    letters: Annotated[int, Query(ge=1, le=MOST_TRIED, description="How many of the newest letters.")] = 200,
) -> TrialView:
    """Ordinary letters alone are looked at; nothing is changed."""
    return _trial(await try_routing_rule(guidance, caller, rule_id, letters))


@router.patch(
    "/{rule_id}",
    operation_id="change_routing_rule",
    summary="Change a rule, switch it on or off, or to automatic",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def patch_routing_rule(
    guidance: Guide, caller: Writer, rule_id: EntityId, body: RuleEdit, response: Response, seen: SeenVersion
) -> RoutingRuleView:
    """What is left out stays; ``conditions`` and ``destinations`` are given whole."""
    changed = await change_routing_rule(guidance, caller, rule_id, body, seen)
    tag(response, changed.version)
    return rule_view(changed)


@router.delete(
    "/{rule_id}",
    operation_id="retire_routing_rule",
    summary="Use a rule no more",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def delete_routing_rule(
    guidance: Guide, caller: Writer, rule_id: EntityId, response: Response, seen: SeenVersion
) -> RoutingRuleView:
    """It stays to be read with its changes, and its name is free."""
    gone = await retire_routing_rule(guidance, caller, rule_id, seen)
    tag(response, gone.version)
    return rule_view(gone)


def _trial(found: Trial) -> TrialView:
    return TrialView(looked_at=found.looked_at, hits=found.hits, letters=found.letters)
