"""``/v1/training/{unit_id}``: whether a unit practises. While it does, all it registers goes into books of practice."""

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel

from services.chassis.auth import Caller
from services.chassis.conditions import SeenVersion, Writer, tag
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.intake.commands.switch_practice import show_practice, switch_practice
from services.intake.context import Ctx
from services.intake.domain.draft import Said
from services.intake.domain.practice import Practice

router = APIRouter(prefix="/v1/training/{unit_id}", tags=["intake"])


class Switch(Said):
    """Whether the unit is to practise."""

    on: bool


class TrainingView(BaseModel):
    """Whether the unit practises, and who said so last."""

    unit_id: str
    on: bool
    version: int
    by_name: str | None
    at: AwareDatetime | None


@router.get(
    "",
    operation_id="get_training",
    summary="Whether a unit practises",
    responses=problems(401, 403, 404, 422),
)
async def get_training(context: Ctx, caller: Caller, unit_id: EntityId, response: Response) -> TrainingView:
    """For who holds a position in the unit, and who keeps the organisation."""
    return _shown(await show_practice(context, caller, unit_id), response)


@router.put(
    "",
    operation_id="set_training",
    summary="Have a unit practise, or no more",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def put_training(
    context: Ctx, caller: Writer, unit_id: EntityId, body: Switch, seen: SeenVersion, response: Response
) -> TrainingView:
    """Takes a moment: when it is answered, the very next letter of the unit goes by it."""
    return _shown(await switch_practice(context, caller, unit_id, seen, on=body.on), response)


def _shown(one: Practice, response: Response) -> TrainingView:
    tag(response, one.version)
    return TrainingView(unit_id=one.id, on=one.on, version=one.version, by_name=one.by_name, at=one.at)
