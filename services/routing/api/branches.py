"""Acts on a branch: read, receive."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from services.chassis.auth import Caller
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.routing.api.conditions import SeenVersion, tag
from services.routing.api.letter_models import BranchView, branch_view
from services.routing.commands.act_on_branch import BranchAct
from services.routing.commands.read_branch import read_branch
from services.routing.commands.receive_branch import receive_branch
from services.routing.context import Ctx

router = APIRouter(prefix="/v1/branches", tags=["routing"])
REFUSALS = problems(401, 403, 404, 409, 412, 422)


class Acting(BaseModel):
    """As which of the caller's positions; left out: the one that is entitled."""

    model_config = ConfigDict(extra="forbid")

    as_position: EntityId | None = None


@router.post("/{branch_id}/read", operation_id="read_branch", summary="Read the letter", responses=REFUSALS)
async def post_read(
    context: Ctx, caller: Caller, branch_id: EntityId, response: Response, seen: SeenVersion, body: Acting | None = None
) -> BranchView:
    """The first reading is kept with who read it; reading again changes nothing."""
    act = BranchAct(branch_id, body.as_position if body else None, seen)
    branch = await read_branch(context, caller, act)
    tag(response, branch.version)
    return branch_view(branch)


@router.post(
    "/{branch_id}/receive",
    operation_id="receive_branch",
    summary="Receive the letter as the unit's work",
    responses=REFUSALS,
)
async def post_receive(
    context: Ctx, caller: Caller, branch_id: EntityId, response: Response, seen: SeenVersion, body: Acting | None = None
) -> BranchView:
    """One position receives it; another gets 409 with the present state."""
    act = BranchAct(branch_id, body.as_position if body else None, seen)
    branch = await receive_branch(context, caller, act)
    tag(response, branch.version)
    return branch_view(branch)
