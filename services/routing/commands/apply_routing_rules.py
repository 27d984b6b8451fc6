"""Where routing rules bring a letter by themselves. Invariant: a secret letter nowhere; any other only to places in
use, never back to the unit it comes from, and no place twice.
"""

from services.chassis.mongo import Session
from services.routing.domain.delivery import Destination
from services.routing.domain.letter_facts import LetterFacts
from services.routing.domain.mention import Key
from services.routing.domain.routing_rule import acts_by_itself
from services.routing.guidance import Guidance


async def automatic_destinations(
    guidance: Guidance, facts: LetterFacts, session: Session | None
) -> list[tuple[Destination, str]]:
    """Each place with the name of the rule that brings the letter there; no trip to the database while rules are fresh.

    Asked when a letter is delivered (``facts`` without a text), and again when its scans have been read: then only for
    what the text decides. Where the letter lies already is for the caller to leave out.
    """
    found: dict[Key, tuple[Destination, str]] = {}
    sender = facts.sender.id if facts.sender else None
    for live in await guidance.rule_book.present(session):
        if not acts_by_itself(live.rule, facts):
            continue
        for mention, place in live.places:
            known = found.get(mention.key)
            if place.unit_id == sender or (known and (known[0].role == "addressee" or mention.role == "copy")):
                continue
            named = live.rule.name
            found[mention.key] = (Destination(mention.role, mention.kind, mention.id, place.name, named), named)
    return list(found.values())
