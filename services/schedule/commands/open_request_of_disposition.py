"""Open a request because a leader said "schedule it". Invariant: a disposition opens at most one request."""

from services.chassis.bus.outcome import RetryLater
from services.chassis.ids import new_id
from services.chassis.uow import Transaction
from services.contracts.disposition import DispositionIssued
from services.contracts.routing import LetterDelivered, PositionChanged
from services.schedule.commands.submit_request import keep
from services.schedule.context import Context
from services.schedule.domain.history import Entry
from services.schedule.domain.office import nearest_leader
from services.schedule.domain.request import ScheduleRequest
from services.schedule.domain.slot import Slot


async def open_request_of_disposition(context: Context, issued: DispositionIssued, transaction: Transaction) -> None:
    """A request for the issuing leader's time, or the nearest leader's above; none where nobody above is a leader."""
    if await context.requests.is_opened_by(issued.disposition_id, transaction.session):
        return
    letter = await context.letters.delivery(issued.letter_id, transaction.session)
    if letter is None:
        raise RetryLater(f"letter {issued.letter_id} has not been delivered yet")
    leader = await _leader(context, issued.issuer.position_id, transaction)
    if leader is not None:
        await keep(context, _request(issued, letter, leader, transaction), transaction)


async def _leader(context: Context, issuer_id: str, transaction: Transaction) -> PositionChanged | None:
    issuer = await context.organisation.position(issuer_id)
    if issuer is None:
        raise RetryLater(f"position {issuer_id} is not known yet")
    superiors = await context.organisation.positions(issuer.superiors, transaction.session)
    return nearest_leader(issuer, superiors)


def _request(
    issued: DispositionIssued, letter: LetterDelivered, leader: PositionChanged, transaction: Transaction
) -> ScheduleRequest:
    occasion = letter.occasion
    # Times that cannot be booked are as good as none: whoever approves then gives them.
    slot = Slot(occasion.starts_at, occasion.ends_at) if occasion else None
    sound = slot if slot and slot.is_sound else None
    return ScheduleRequest(
        id=new_id(),
        leader_position_id=leader.position_id,
        leader_title=leader.title,
        leader_unit_id=leader.unit_id,
        type="invitation" if letter.category == "invitation" else "other",
        title=occasion.title if occasion else letter.subject,
        place=occasion.place if occasion else None,
        starts_at=sound.start if sound else None,
        ends_at=sound.end if sound else None,
        letter_id=issued.letter_id,
        disposition_id=issued.disposition_id,
        confidential=letter.access.confidentiality != "ordinary",
        requester=issued.issuer,
        submitted_at=transaction.now,
        history=(Entry(what="submitted", actor=issued.issuer, at=transaction.now),),
    )
