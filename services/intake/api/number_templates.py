"""``/v1/number-templates``: how units number what they send."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from services.chassis.auth import Caller
from services.chassis.conditions import SeenVersion, Writer, tag
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import FIRST_DAY, LAST_DAY
from services.contracts.vocabulary import Confidentiality
from services.intake.commands.numbers.continue_series import continue_series, show_series
from services.intake.commands.numbers.keep_forms import Numbering, set_numbering, show_numbering
from services.intake.commands.numbers.preview_number import Asked, preview_number
from services.intake.context import Ctx
from services.intake.domain.draft import Classification
from services.intake.domain.numbers.forms import InForce, NumberForms, TemplateKind
from services.intake.domain.numbers.number import CountedSeries, NumberSeries
from services.intake.domain.numbers.template import TemplateText

SeriesYear = Annotated[int, Path(ge=1945, le=2200)]
SeriesPath = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
router = APIRouter(prefix="/v1/number-templates", tags=["intake"])


class NumberingView(BaseModel):
    """What is set for a unit or the regency (``own``), and what holds there because of it (``in_force``)."""

    unit_id: str | None
    own: NumberForms
    in_force: dict[TemplateKind, InForce]
    version: int
    changed_by: str | None
    changed_at: AwareDatetime | None

    @classmethod
    def of(cls, unit_id: str | None, numbering: Numbering) -> "NumberingView":
        """The view."""
        kept = numbering.kept
        return cls(
            unit_id=unit_id,
            own=kept.forms,
            in_force=numbering.in_force,
            version=kept.version,
            changed_by=kept.by_name,
            changed_at=kept.at,
        )


class PreviewIn(BaseModel):
    """A letter about to be numbered; ``template`` to try one that nobody has set yet."""

    model_config = ConfigDict(extra="forbid")

    unit_id: EntityId
    kind: TemplateKind
    template: TemplateText | None = None
    confidentiality: Confidentiality = "ordinary"
    classification: Classification | None = None
    letter_date: Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)] | None = None
    training: bool = False


class PreviewView(BaseModel):
    """The number as it would be if it were given now; what is not known yet stands in it as ``…``."""

    number: str
    running: int
    series: str
    year: int
    template: str
    missing: list[Literal["classification", "unit_code"]]


class ContinueIn(BaseModel):
    """The last number that was given elsewhere, and why the series goes on after it."""

    model_config = ConfigDict(extra="forbid")

    last: int = Field(ge=1, le=999_999)
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]


class SeriesList(BaseModel):
    """The series that were begun, the newest year first."""

    items: list[CountedSeries]


@router.get(
    "",
    operation_id="show_regency_numbering",
    summary="The number templates of the regency",
    responses=problems(401),
)
async def show_regency(_: Caller, context: Ctx, response: Response) -> NumberingView:
    """They hold for every unit that has none of its own."""
    return await _shown(context, None, response)


@router.put(
    "",
    operation_id="set_regency_numbering",
    summary="Set the number templates of the regency",
    responses=problems(401, 403, 409, 412, 422),
)
async def set_regency(
    body: NumberForms, caller: Writer, context: Ctx, seen: SeenVersion, response: Response
) -> NumberingView:
    """Of a kind left out, the usual form holds again: KS/N/K/Y, N/K/U/Y, K/N/Y."""
    numbering = await set_numbering(context, caller, None, seen, body)
    return _tagged(None, numbering, response)


@router.post(
    "/preview",
    operation_id="preview_number",
    summary="What the next number would be",
    responses=problems(401, 403, 404, 422),
)
async def preview(body: PreviewIn, caller: Caller, context: Ctx) -> PreviewView:
    """No number is taken: another letter may be given it first."""
    shown = await preview_number(context, caller, Asked(**dict(body)))
    return PreviewView.model_validate(shown, from_attributes=True)


@router.get(
    "/{unit_id}",
    operation_id="show_unit_numbering",
    summary="The number templates of a unit",
    responses=problems(401, 404, 422),
)
async def show_unit(_: Caller, context: Ctx, unit_id: EntityId, response: Response) -> NumberingView:
    """What the unit has of its own, and what holds for it."""
    return await _shown(context, unit_id, response)


@router.put(
    "/{unit_id}",
    operation_id="set_unit_numbering",
    summary="Set the code and the number templates of a unit",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def set_unit(
    unit_id: EntityId, body: NumberForms, caller: Writer, context: Ctx, seen: SeenVersion, response: Response
) -> NumberingView:
    """Of a kind left out, the regency's form holds again. Series that were counted go on where they were."""
    numbering = await set_numbering(context, caller, unit_id, seen, body)
    return _tagged(unit_id, numbering, response)


@router.get(
    "/{unit_id}/series",
    operation_id="list_number_series",
    summary="How far the numbers of a unit are",
    responses=problems(401, 403, 404, 422),
)
async def list_series(caller: Caller, context: Ctx, unit_id: EntityId) -> SeriesList:
    """For the unit's registrars and who keeps the organisation."""
    return SeriesList(items=await show_series(context, caller, unit_id))


@router.put(
    "/{unit_id}/series/{year}/{series}",
    operation_id="continue_number_series",
    summary="Go on after a number that was given on paper",
    responses=problems(401, 403, 404, 409, 422),
)
async def put_series(
    unit_id: EntityId, year: SeriesYear, series: SeriesPath, body: ContinueIn, caller: Writer, context: Ctx
) -> CountedSeries:
    """Forward only: 409 where the series is as far already. Who did it and why is kept."""
    wanted = NumberSeries(unit_id, series, year)
    return await continue_series(context, caller, wanted, body.last, body.reason)


async def _shown(context: Ctx, unit_id: str | None, response: Response) -> NumberingView:
    return _tagged(unit_id, await show_numbering(context, unit_id), response)


def _tagged(unit_id: str | None, numbering: Numbering, response: Response) -> NumberingView:
    tag(response, numbering.kept.version)
    return NumberingView.of(unit_id, numbering)
