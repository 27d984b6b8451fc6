"""Register a kept draft. Invariant: it becomes one letter, however often and by whomever it is asked for.

The draft itself is the key: an offline client may retry for ever without one of its own.
"""

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from services.chassis.auth import Principal
from services.chassis.errors import ServiceError, unprocessable
from services.chassis.mongo import Document
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction
from services.intake.commands.keep_draft import find_draft, registered
from services.intake.commands.register_letter import register_letter
from services.intake.context import Context
from services.intake.domain.draft import Draft


async def register_draft(context: Context, caller: Principal, draft_id: str, seen: int | None) -> Document:
    """The answer of the registration, first or repeated; 422 says what the draft still lacks."""
    kept = await find_draft(context, caller, draft_id)
    if kept.letter_id is None:
        check_version(kept.version, seen)
    draft = _whole(kept.letter)
    if not kept.scans:
        raise unprocessable("scans_missing", "Konsep ini belum mempunyai pindaian.", field="scans")

    async def become(transaction: Transaction, answer: Document) -> None:
        if not await context.drafts.become(kept, answer["id"], transaction.now, transaction.session):
            raise ServiceError(409, "draft_changed", "Konsep ini baru saja diubah atau didaftarkan oleh orang lain.")

    key = f"draft/{kept.id}"
    try:
        return await register_letter(context, caller, draft, (), key, kept.scans, together=become)
    except ServiceError as error:
        if kept.letter_id is None or error.code != "scan_taken":
            raise
        raise registered(kept.letter_id) from None


def _whole(letter: dict[str, object]) -> Draft:
    try:
        return Draft.model_validate(letter)
    except ValidationError as error:
        located = [{**one, "loc": ("body", "letter", *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(located) from None
