"""Propose addressees for a letter. Invariant: reasons are made of rules and of the letter's own words, so nothing of
any other letter is shown by them.
"""

from collections.abc import Sequence

from services.routing.domain.branch import Branch
from services.routing.domain.learning import Origin, traits_of
from services.routing.domain.letter import Letter
from services.routing.domain.letter_facts import LetterFacts, facts_in
from services.routing.domain.mention import Key
from services.routing.domain.proposal import Elsewhere, LearnedHit, Proposal, RuleHit, proposals
from services.routing.domain.routing_rule import acts_by_itself, matches
from services.routing.domain.suggestion import reasons, suggested
from services.routing.guidance import Guidance

OUTSIDE = Origin("external")


async def propose(guidance: Guidance, facts: LetterFacts, lies_at: Sequence[Key] = ()) -> list[Proposal]:
    """Where the letter should go, rules first; not where it lies or lay already, nor to the unit it comes from."""
    sender = facts.sender.id if facts.sender and facts.sender.kind == "unit" else None
    return proposals(await _by_rule(guidance, facts), await _learned(guidance, facts), Elsewhere(lies_at, sender))


async def propose_for_letter(guidance: Guidance, letter: Letter, branches: Sequence[Branch]) -> list[Proposal]:
    """The same for a letter that was delivered."""
    facts = facts_in(letter.summary, await guidance.text_of(letter.id))
    lies_at: list[Key] = [
        ("position", branch.position_id) if branch.position_id else ("unit", branch.unit_id)
        for branch in branches
        if branch.external_name is None
    ]
    return await propose(guidance, facts, lies_at)


async def origin_of(guidance: Guidance, facts: LetterFacts) -> Origin | None:
    """What may be known of where a letter comes from: what kind of place, under which unit."""
    sender = facts.sender
    if sender is None:
        return None
    if sender.kind == "external" or sender.id is None:
        return OUTSIDE
    key: Key = (sender.kind, sender.id)
    place = (await guidance.places.of([key])).get(key)
    if place is None:
        return None
    if place.kind == "position":
        unit = await guidance.places.of([("unit", place.unit_id)])
        place = unit.get(("unit", place.unit_id), place)
    return Origin(place.unit_kind, place.parent_id)


async def _by_rule(guidance: Guidance, facts: LetterFacts) -> list[RuleHit]:
    hits = []
    for live in await guidance.rule_book.present():
        reason = matches(live.rule, facts)
        if reason is not None:
            automatic = acts_by_itself(live.rule, facts.without_text())
            hits += [RuleHit(mention, place, reason, automatic) for mention, place in live.places]
    return hits


async def _learned(guidance: Guidance, facts: LetterFacts) -> list[LearnedHit]:
    run = await guidance.learned.present()
    if run is None:
        return []
    traits = traits_of(facts, await origin_of(guidance, facts))
    likely = suggested(run.learned, traits, guidance.settings.suggestion_threshold)
    places = await guidance.places.of(one.mention.key for one in likely)
    return [
        LearnedHit(one.mention, place, one.confidence, tuple(reasons(one.because, facts)))
        for one in likely
        if (place := places.get(one.mention.key)) and place.active
    ]
