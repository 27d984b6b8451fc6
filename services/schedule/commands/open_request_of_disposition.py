"""Open a request because a disposition asks for it. Invariant: a disposition opens at most one request, whether it was
asked for when it was issued or of somebody who was added.
"""

from dataclasses import dataclass

from services.chassis.bus.outcome import RetryLater
from services.chassis.ids import new_id
from services.chassis.uow import Transaction
from services.contracts.disposition import Recipient
from services.contracts.routing import LetterDelivered, PositionChanged
from services.contracts.vocabulary import Actor
from services.schedule.commands.submit_request import keep
from services.schedule.context import Context
from services.schedule.domain.following import asked_by
from services.schedule.domain.going import CONCERNING, SCHEDULES, effects_of, going, leader_meant, note_of
from services.schedule.domain.history import Entry
from services.schedule.domain.office import nearest_leader
from services.schedule.domain.request import ScheduleRequest


@dataclass(frozen=True)
class Instructed:
    """What somebody instructed whom to do about a letter."""

    disposition_id: str
    letter_id: str
    by: Actor
    recipients: tuple[Recipient, ...]


async def open_request_of_disposition(context: Context, given: Instructed, transaction: Transaction) -> None:
    """A request for the time of the leader it concerns; none where it concerns no leader, or asks for nothing here."""
    effects = effects_of(given.recipients)
    if not effects & CONCERNING or await context.requests.is_opened_by(given.disposition_id, transaction.session):
        return
    letter = await context.letters.delivery(given.letter_id, transaction.session)
    if letter is None:
        raise RetryLater(f"letter {given.letter_id} has not been delivered yet")
    if letter.training or await context.letters.voided(given.letter_id, transaction.session):
        return  # nobody's time is asked for because of what was only practised, or is void
    those = going(given.recipients)
    leader = await _leader_above(context, given.by.position_id, transaction)
    if SCHEDULES not in effects:
        known = await context.organisation.positions([one.position_id for one in those], transaction.session)
        positions = {one.position_id: one for one in known}
        leader = leader_meant(those, positions, leader, letter, given.by.position_id)
    if leader is not None:
        await context.letters.claim(given.letter_id, transaction.session)
        await keep(context, _request(given, letter, leader, note_of(those), transaction), transaction)


async def _leader_above(context: Context, issuer_id: str, transaction: Transaction) -> PositionChanged | None:
    issuer = await context.organisation.position(issuer_id)
    if issuer is None:
        raise RetryLater(f"position {issuer_id} is not known yet")
    superiors = await context.organisation.positions(issuer.superiors, transaction.session)
    return nearest_leader(issuer, superiors)


def _request(
    given: Instructed, letter: LetterDelivered, leader: PositionChanged, note: str | None, transaction: Transaction
) -> ScheduleRequest:
    # Where it names no times that can be booked, whoever approves gives them.
    asked = asked_by(letter)
    return ScheduleRequest(
        id=new_id(),
        leader_position_id=leader.position_id,
        leader_title=leader.title,
        leader_unit_id=leader.unit_id,
        type="invitation" if letter.category == "invitation" else "other",
        title=asked.title,
        place=asked.place,
        starts_at=asked.starts_at,
        ends_at=asked.ends_at,
        note=note,
        letter_id=given.letter_id,
        disposition_id=given.disposition_id,
        confidential=letter.access.confidentiality != "ordinary",
        requester=given.by,
        submitted_at=transaction.now,
        history=(Entry(what="submitted", actor=given.by, at=transaction.now),),
    )
