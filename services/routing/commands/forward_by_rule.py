"""Bring a letter to where the text of its scans sends it, by rules that act by themselves. Invariant: a place gets one
way, whoever opened it; a letter nobody has heard of yet is waited for.
"""

from datetime import timedelta

from services.chassis.ids import new_id
from services.chassis.uow import Transaction
from services.contracts.intake import ScanProcessed
from services.contracts.routing import Branch as Way
from services.contracts.routing import LetterForwarded
from services.routing.commands.apply_routing_rules import automatic_destinations
from services.routing.commands.dossiers import happen, take
from services.routing.commands.places import directory_for
from services.routing.context import Context
from services.routing.domain.delivery import missing, ways_to
from services.routing.domain.dossier import Dossier
from services.routing.domain.letter_facts import facts_in

LATE = timedelta(days=30)
"""What is read so long after the delivery is of an archive that is being read, and brings nobody any work."""


async def forward_by_rule(context: Context, tx: Transaction, event: ScanProcessed) -> None:
    """Open the ways that the text asks for; RetryLater while the letter is not known yet."""
    before = await take(context, tx, event.letter_id)
    opened: dict[str, list[Way]] = {}
    for way in await _ways(context, tx, before, event):
        opened.setdefault(str(way.rule), []).append(way)
    told = [
        LetterForwarded(
            letter_id=before.letter.id,
            subject=before.letter.summary.subject,
            branches=tuple(ways),
            rule=rule,
            at=tx.now,
        )
        for rule, ways in opened.items()
    ]
    if told:
        await happen(context, tx, before, told)


async def _ways(context: Context, tx: Transaction, dossier: Dossier, event: ScanProcessed) -> list[Way]:
    letter = dossier.letter
    if letter.completed_at is not None or letter.voided is not None or event.at - letter.delivered_at > LATE:
        return []  # what is read of a letter later does not make work of one that is done
    facts = facts_in(letter.summary, event.text)
    places = [place for place, _ in await automatic_destinations(context.guidance, facts, tx.session)]
    # Where it ever went it is not brought again: a unit that gave it back shall not get it anew from a rule.
    there = {(one.unit_id if one.position_id is None else one.position_id) for one in dossier.branches}
    fresh = [one for one in places if one.id not in there]
    if not fresh:
        return []
    directory = await directory_for(context, fresh, letter.summary.confidentiality, tx.session)
    known = [one for one in fresh if not missing([one], directory)]
    deadline = await context.deadlines.for_letter(letter.summary.urgency, letter.summary.kind, tx.now)
    return ways_to(known, directory, letter.registered_by, deadline, new_id)
