"""``/v1/letters/{id}``: correcting what the register says of a letter, declaring it void, and what was corrected."""

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel

from services.chassis.conditions import SeenVersion, tag
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.contracts.vocabulary import Actor
from services.intake.api.letters import Reader, Registrar
from services.intake.api.models import CorrectedView, LetterView, Warned
from services.intake.commands.correct_letter import correct_letter
from services.intake.commands.list_corrections import list_corrections
from services.intake.commands.void_letter import void_letter
from services.intake.context import Ctx
from services.intake.domain.correction import Correction, CorrectionSaid, Reason
from services.intake.domain.draft import Said
from services.intake.domain.letter import Letter

router = APIRouter(prefix="/v1/letters/{letter_id}", tags=["intake"])


class VoidForm(Said):
    """Why a registration is declared void."""

    reason: Reason
    as_position: EntityId | None = None


class ChangeView(BaseModel):
    """A field that was corrected, as people read it; null where it was or is empty, or is not for the caller."""

    field: str
    before: str | None
    after: str | None


class CorrectionView(BaseModel):
    """A correction. ``withheld`` where the letter was more confidential then than the caller may read."""

    version: int
    changes: list[ChangeView]
    withheld: bool
    reason: str | None
    by: Actor
    at: AwareDatetime


class CorrectionList(BaseModel):
    """What was corrected, the latest first."""

    items: list[CorrectionView]


@router.patch(
    "",
    operation_id="correct_letter",
    summary="Correct what the register says of a letter",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def patch_letter(
    context: Ctx,
    caller: Registrar,
    letter_id: EntityId,
    body: CorrectionSaid,
    response: Response,
    seen: SeenVersion,
    key: IdempotencyKey = None,
) -> CorrectedView:
    """The fields that are named, with the reason; null empties one. For who handles such letters in the unit whose
    book it is. Direction, number, addressees and scans stay: where they are wrong, void it and register anew."""
    done = await correct_letter(context, caller, letter_id, body, seen, key)
    warnings = [Warned.model_validate(one) for one in done.warnings]
    return CorrectedView(**_shown(done.letter, response).model_dump(), warnings=warnings)


@router.post(
    "/void",
    operation_id="void_letter",
    summary="Declare a registration void",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def post_void(
    context: Ctx,
    caller: Registrar,
    letter_id: EntityId,
    body: VoidForm,
    response: Response,
    seen: SeenVersion,
    key: IdempotencyKey = None,
) -> LetterView:
    """The number stays in the book, with the reason, and is never given again; nothing can be corrected after."""
    return _shown(await void_letter(context, caller, letter_id, body.reason, body.as_position, seen, key), response)


@router.get(
    "/corrections",
    operation_id="list_letter_corrections",
    summary="What was corrected of a letter, the latest first",
    responses=problems(401, 403, 404, 422),
)
async def get_corrections(context: Ctx, caller: Reader, letter_id: EntityId) -> CorrectionList:
    """For everybody who may read the letter; what it said while it was more confidential only for who could then."""
    found = await list_corrections(context, caller, letter_id)
    return CorrectionList(items=[_view(one, seen=seen) for one, seen in found])


def _view(one: Correction, *, seen: bool) -> CorrectionView:
    changes = [
        ChangeView(field=change.field, before=change.before if seen else None, after=change.after if seen else None)
        for change in one.changes
    ]
    return CorrectionView(
        version=one.version,
        changes=changes,
        withheld=not seen,
        reason=one.reason if seen else None,
        by=one.by,
        at=one.at,
    )


def _shown(letter: Letter, response: Response) -> LetterView:
    tag(response, letter.version)
    return LetterView.of(letter)
