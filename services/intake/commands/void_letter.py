"""Declare a registration void. Invariant: its number stays in the book with the reason, and is never given again."""

from services.chassis.auth import Principal
from services.chassis.errors import not_found
from services.chassis.idempotency import fingerprint
from services.chassis.mongo import Document, clash
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction
from services.contracts.intake import LetterVoided
from services.intake.commands.read_letter import read_letter
from services.intake.commands.registry_right import check_standing, keeping_position
from services.intake.context import Context
from services.intake.domain.letter import Letter, Voided
from services.intake.domain.likeness import marks_of


async def void_letter(
    context: Context,
    caller: Principal,
    letter_id: str,
    reason: str,
    as_position: str | None,
    seen: int | None,
    key: str | None,
) -> Letter:
    """The letter, void from now on; 409 where it is void already."""
    acting = keeping_position(caller, await read_letter(context, caller, letter_id), as_position)

    async def act(transaction: Transaction) -> Document:
        before = await context.letters.get(letter_id, transaction.session)
        if before is None:
            raise not_found("Surat")
        keeping_position(caller, before, acting.position_id)
        check_standing(before)
        check_version(before.version, seen)
        voided = Voided(reason=reason, by=caller.acting_as(acting), at=transaction.now)
        after = before.model_copy(update={"voided": voided, "version": before.version + 1})
        if not await context.letters.replace(after, transaction.session):
            raise clash("the letter was changed meanwhile")
        await context.likenesses.leave(letter_id, marks_of(before), transaction.session)
        transaction.publish(_event(after, voided), seq=after.version)
        return after.model_dump(mode="json")

    answer, _ = await context.acts.run(caller.person_id, key, fingerprint(letter_id, reason, seen), act)
    return Letter.model_validate(answer)


def _event(letter: Letter, voided: Voided) -> LetterVoided:
    told = {"reason", "voided_by", "at"}
    said = {name: getattr(letter, name) for name in LetterVoided.model_fields if name not in told}
    return LetterVoided(**said, reason=voided.reason, voided_by=voided.by, at=voided.at)
