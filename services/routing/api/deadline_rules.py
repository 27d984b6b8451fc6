"""The deadline rules of the regency."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from services.chassis.auth import Caller, Principal, require
from services.chassis.conditions import SeenVersion, tag
from services.chassis.openapi import problems
from services.routing.commands.set_deadline_rules import set_deadline_rules
from services.routing.domain.deadline import DeadlineRules, KindRule, UrgencyRules
from services.routing.store.deadline_rules import KeptRules
from services.routing.working_time import Hours

router = APIRouter(prefix="/v1/deadline-rules", tags=["routing"])
Writer = Annotated[Principal, Depends(require("organisation:write"))]


class RulesView(BaseModel):
    """Working days by urgency, and by kind of letter; null is no deadline. ``at``: null for the rules at the start."""

    by_urgency: UrgencyRules
    by_kind: tuple[KindRule, ...]
    version: int
    by_name: str | None
    at: datetime | None


@router.get("", operation_id="read_deadline_rules", summary="How long offices have", responses=problems(401))
async def get_rules(time: Hours, _: Caller, response: Response) -> RulesView:
    """Every signed-in person may see the rules."""
    return _view(await time.rules.read(None), response)


@router.put(
    "",
    operation_id="set_deadline_rules",
    summary="Set how long offices have",
    responses=problems(401, 403, 412, 422),
)
async def put_rules(
    time: Hours, caller: Writer, body: DeadlineRules, seen: SeenVersion, response: Response
) -> RulesView:
    """They hold for letters that arrive from now on; of several rules that fit, the closest decides."""
    return _view(await set_deadline_rules(time, caller, seen, body), response)


def _view(kept: KeptRules, response: Response) -> RulesView:
    tag(response, kept.version)
    return RulesView(
        by_urgency=kept.rules.by_urgency,
        by_kind=kept.rules.by_kind,
        version=kept.version,
        by_name=kept.by_name,
        at=kept.at,
    )
