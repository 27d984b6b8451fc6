"""Correct what a register says of a letter. Invariant: the letter, its history and the event change together."""

from dataclasses import dataclass
from typing import Any

from services.chassis.auth import HeldPosition, Principal
from services.chassis.clock import now
from services.chassis.errors import not_found, unprocessable
from services.chassis.idempotency import fingerprint
from services.chassis.ids import new_id
from services.chassis.mongo import Document, clash
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction
from services.contracts.intake import FieldChange, LetterCorrected
from services.contracts.vocabulary import Actor
from services.intake.commands.catalogue.judge_sorting import judge_sorting
from services.intake.commands.find_doubles import mark_anew
from services.intake.commands.read_letter import read_letter
from services.intake.commands.registry_right import check_standing, keeping_position
from services.intake.commands.resolve_parties import resolve_sender
from services.intake.context import Context
from services.intake.domain.correction import Correction, CorrectionSaid, changes_between, stricter
from services.intake.domain.letter import Letter


@dataclass(frozen=True)
class Corrected:
    """A letter as it now stands, and what is to be said of that."""

    letter: Letter
    warnings: tuple[Document, ...]


async def correct_letter(
    context: Context, caller: Principal, letter_id: str, said: CorrectionSaid, seen: int | None, key: str | None
) -> Corrected:
    """The corrected letter; where it said so before, nothing is changed and nobody is told."""
    letter = await read_letter(context, caller, letter_id)
    acting = keeping_position(caller, letter, said.as_position)
    facts = await _facts(context, letter, said, acting)
    sorting = await judge_sorting(context, said.kind, said.classification)

    async def act(transaction: Transaction) -> Document:
        before = await context.letters.get(letter_id, transaction.session)
        if before is None:
            raise not_found("Surat")
        keeping_position(caller, before, acting.position_id)
        check_standing(before)
        check_version(before.version, seen)
        after = before.model_copy(update=facts)
        warnings: tuple[Document, ...] = ()
        changes = changes_between(before, after, context.settings.zone)
        if changes:
            after = after.model_copy(update={"version": before.version + 1})
            correction = _correction(before, after, changes, said.reason, caller.acting_as(acting), transaction)
            await _keep(context, before, after, correction, transaction)
            warnings = (*await mark_anew(context, before, after, transaction.session), *sorting)
        return {"letter": after.model_dump(mode="json"), "warnings": list(warnings)}

    request = fingerprint(letter_id, said.model_dump(mode="json", exclude_unset=True), seen)
    answer, _ = await context.acts.run(caller.person_id, key, request, act)
    return Corrected(Letter.model_validate(answer["letter"]), tuple(answer["warnings"]))


async def _facts(context: Context, letter: Letter, said: CorrectionSaid, acting: HeldPosition) -> dict[str, Any]:
    """What the letter is to say, judged by the rules of its registration."""
    facts = said.facts()
    received_on = facts.get("received_on", letter.received_on)
    if received_on > now().astimezone(context.settings.zone).date():
        raise unprocessable("date_in_future", "Tanggal terima belum tiba.", field="received_on")
    if received_on.year != letter.year:
        detail = (
            f"Nomor agenda ini berada pada buku tahun {letter.year}."
            " Batalkan surat ini, lalu catat kembali dengan tanggal terima yang benar."
        )
        raise unprocessable("another_year", detail, field="received_on")
    _keep_house_number(letter, facts)
    if said.sender is not None and not _is_sender(said, letter):
        facts["sender"] = await resolve_sender(context, letter, said.sender, acting)
    return facts


def _keep_house_number(letter: Letter, facts: dict[str, Any]) -> None:
    """A number the house gave is taken for good, and for its year."""
    if letter.house_number is None:
        return
    again = "Batalkan surat ini, lalu catat kembali agar mendapat nomor baru."
    if facts.get("letter_number", letter.letter_number) != letter.letter_number:
        raise unprocessable("house_number", f"Nomor surat ini diberikan oleh sistem. {again}", field="letter_number")
    day = facts.get("letter_date", letter.letter_date)
    if day is None or day.year != letter.house_number.year:
        detail = f"Nomor surat ini berlaku untuk tahun {letter.house_number.year}. {again}"
        raise unprocessable("house_number", detail, field="letter_date")


def _is_sender(said: CorrectionSaid, letter: Letter) -> bool:
    """A unit or position that is the sender already keeps the name it had when the letter was registered."""
    sender = said.sender
    return (
        sender is not None
        and sender.id is not None
        and (sender.kind, sender.id)
        == (
            letter.sender.kind,
            letter.sender.id,
        )
    )


def _correction(
    before: Letter,
    after: Letter,
    changes: tuple[FieldChange, ...],
    reason: str,
    by: Actor,
    transaction: Transaction,
) -> Correction:
    return Correction(
        id=new_id(),
        letter_id=after.letter_id,
        version=after.version,
        changes=changes,
        reason=reason,
        confidentiality=stricter(before.confidentiality, after.confidentiality),
        by=by,
        at=transaction.now,
    )


async def _keep(
    context: Context, before: Letter, after: Letter, correction: Correction, transaction: Transaction
) -> None:
    if not await context.letters.replace(after, transaction.session):
        raise clash("the letter was changed meanwhile")
    await context.corrections.add(correction, transaction.session)
    if after.confidentiality != before.confidentiality:
        await context.readers.classify(after.letter_id, after.confidentiality, transaction.session)
    transaction.publish(_event(after, correction), seq=after.version)


def _event(letter: Letter, correction: Correction) -> LetterCorrected:
    told = {"changes", "reason", "corrected_by", "at"}
    said = {name: getattr(letter, name) for name in LetterCorrected.model_fields if name not in told}
    return LetterCorrected(
        **said, changes=correction.changes, reason=correction.reason, corrected_by=correction.by, at=correction.at
    )
