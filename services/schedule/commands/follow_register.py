"""Follow what the register says of a letter later. Invariant: what nobody has decided yet follows the letter; what was
decided stays, and says what became of its letter, for a person to decide anew.
"""

from services.chassis.uow import Transaction
from services.contracts.intake import LetterCorrected, LetterVoided
from services.contracts.routing import LetterDelivered
from services.contracts.vocabulary import Actor
from services.schedule.commands import telling
from services.schedule.commands.deciding import keep_decision
from services.schedule.context import Context
from services.schedule.domain.event import without_letter
from services.schedule.domain.following import asked_by, corrected
from services.schedule.domain.history import Entry
from services.schedule.domain.request import ScheduleRequest


async def follow_correction(context: Context, event: LetterCorrected, tx: Transaction) -> None:
    """Bring the letter's requests up to what is known of it now, whichever correction was heard of first."""
    letter: LetterDelivered | None = await context.letters.delivery(event.letter_id, tx.session)
    if letter is None:
        raise LookupError(f"letter {event.letter_id}, which the projection has just kept")
    entry = Entry(what="letter_corrected", actor=event.corrected_by, at=event.at, reason=event.reason)
    for request in await context.requests.of_letter(event.letter_id, tx.session):
        after = corrected(request, asked_by(letter), entry)
        sealed = letter.access.confidentiality != "ordinary"
        if after != request or sealed != request.confidential:
            await context.requests.note(after.model_copy(update={"confidential": sealed}), tx.session)


async def follow_void(context: Context, event: LetterVoided, tx: Transaction) -> None:
    """Decline what waits to be decided; have what was booked say that its letter is void."""
    await context.letters.claim(event.letter_id, tx.session)
    for request in await context.requests.of_letter(event.letter_id, tx.session):
        if request.state == "submitted":
            await _decline(context, request, event, tx)
        elif request.event_id is not None:
            await _note(context, request, _entry("letter_voided", event.voided_by, event), tx)


async def _decline(context: Context, request: ScheduleRequest, event: LetterVoided, tx: Transaction) -> None:
    entry = _entry("declined", event.voided_by, event)
    entry = entry.model_copy(update={"reason": f"Surat dibatalkan: {event.reason}", "at": tx.now})
    decided = request.declined(entry)
    told = await keep_decision(context, decided, tx)
    tx.publish(telling.declined(decided, entry, told), seq=decided.version)


async def _note(context: Context, request: ScheduleRequest, entry: Entry, tx: Transaction) -> None:
    await context.calendars.claim(request.leader_position_id, tx.session)
    booked = await context.events.get(request.event_id or "", tx.session)
    await context.requests.note(request.noting(entry), tx.session)
    if booked is not None:
        await context.events.note(without_letter(booked, entry), tx.session)


def _entry(what: str, actor: Actor, event: LetterVoided) -> Entry:
    return Entry.model_validate({"what": what, "actor": actor, "at": event.at, "reason": event.reason})
