"""Follow the completion of a disposition. Invariant: the letter that went out in answer and the one it answers say so
of each other, both or none.

Both are taken in the order of their ids, as wherever two letters are linked, so nobody waits crosswise.
"""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.disposition import DispositionCompleted
from services.contracts.routing import LetterLinked
from services.routing.commands.dossiers import happen, take
from services.routing.commands.follow_letter import follow, follow_letter
from services.routing.context import Context
from services.routing.domain.dossier import Dossier
from services.routing.domain.letter import Link


async def follow_completion(context: Context, tx: Transaction, event: DispositionCompleted, got: Received) -> None:
    """Apply it, and link the answer where one is named that is known here."""
    answer_id = event.outgoing_letter_id
    if answer_id is None or answer_id == event.letter_id or await _is_unknown(context, tx, answer_id):
        await follow_letter(context, tx, event.letter_id, event, got)
        return
    taken = {one: await take(context, tx, one) for one in sorted((event.letter_id, answer_id))}
    letter, answer = taken[event.letter_id], taken[answer_id]
    await follow(context, tx, letter, event, got, _links(letter, answer_id, event, inverse=True))
    if made := _links(answer, event.letter_id, event, inverse=False):
        await happen(context, tx, answer, made)


async def _is_unknown(context: Context, tx: Transaction, letter_id: str) -> bool:
    """Who completed it could read the letter, so routing has told of it; a house put together from parts may differ."""
    letter = await context.letters.find(letter_id, tx.session)
    return letter is None or letter.entries == 0


def _links(dossier: Dossier, other_id: str, event: DispositionCompleted, *, inverse: bool) -> list[LetterLinked]:
    """What is to be told on one side; nothing where it stands there already."""
    link = Link(other_id=other_id, relation="reply_to", inverse=inverse)
    if link in dossier.letter.links:
        return []
    return [LetterLinked(letter_id=dossier.letter.id, **link.model_dump(), actor=event.actor, at=event.at)]
