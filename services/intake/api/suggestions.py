"""What a scan seems to say, for whoever may read it. Invariant: asking changes nothing."""

from fastapi import APIRouter

from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.intake.api.letters import Reader, Registrar
from services.intake.api.suggestion_models import SuggestionsView
from services.intake.commands.suggestions.suggest import suggest_for_file, suggest_for_scan
from services.intake.context import Ctx

router = APIRouter(tags=["intake"])


@router.get(
    "/v1/letters/{letter_id}/files/{file_id}/suggestions",
    operation_id="suggest_for_letter_file",
    summary="What a letter's scan seems to say of number, date, sender, subject, addressees and occasion",
    response_model=SuggestionsView,
    responses=problems(401, 403, 404, 422),
)
async def for_file(context: Ctx, caller: Reader, letter_id: EntityId, file_id: EntityId) -> SuggestionsView:
    """To be compared with what was registered. Recorded as opening the scan is, for a confidential letter."""
    return SuggestionsView.of(await suggest_for_file(context, caller, letter_id, file_id))


@router.get(
    "/v1/scans/{scan_id}/suggestions",
    operation_id="suggest_for_scan",
    summary="What a scan without a letter seems to say of number, date, sender, subject, addressees and occasion",
    response_model=SuggestionsView,
    responses=problems(401, 403, 404, 409, 422),
)
async def for_scan(context: Ctx, caller: Registrar, scan_id: EntityId) -> SuggestionsView:
    """To be offered while the letter is being registered. 409 where a letter has the scan already."""
    return SuggestionsView.of(await suggest_for_scan(context, caller, scan_id))
