"""Track a letter. Invariant: nothing is shown to anybody who may not read the letter, not even that it exists.

The track is folded from the letter's history when it is asked for, so it can say nothing that did not happen.
"""

import asyncio
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.errors import not_found
from services.contracts.intake import LetterRegistered
from services.projections.letter_access import may_read, oversees
from services.routing.commands.audit import note_opening, note_refusal
from services.routing.commands.entitlement import is_entitled
from services.routing.context import Context
from services.routing.domain.assignment import Assignment, in_charge
from services.routing.domain.branch import Branch
from services.routing.domain.control import ControlRow
from services.routing.domain.dossier import Dossier, applied, begun
from services.routing.domain.letter import Letter, Link, Status, status_of
from services.routing.domain.steps import guarded, step_of
from services.routing.domain.track import Post, Step, TimedStep, timeline, waiting_on
from services.routing.store.letters import Entry

ARRIVAL_STEP_SECONDS = 0.05


@dataclass(frozen=True)
class OfficialPost:
    """A position with its title, and who is in charge of it today."""

    post: Post
    title: str
    official: Assignment | None


@dataclass(frozen=True)
class TrackedBranch:
    """A branch with those it waits for."""

    branch: Branch
    who_must_act: list[OfficialPost]
    coordinating: list[OfficialPost]


@dataclass(frozen=True)
class LinkedLetter:
    """A linked letter that the caller may read."""

    link: Link
    row: ControlRow


@dataclass(frozen=True)
class Track:
    """Everything that is shown of a letter's way. ``inside``: whether the caller may see what offices say inside."""

    letter: Letter
    status: Status
    branches: list[TrackedBranch]
    timeline: list[TimedStep]
    linked: list[LinkedLetter]
    inside: bool


async def track_letter(context: Context, caller: Principal, letter_id: str) -> Track:
    """The track; 404 unless the caller may read the letter."""
    await note_opening(context, caller, await arriving(context, caller, letter_id))
    entries = await context.history.of(letter_id)
    if not entries:
        raise not_found("Riwayat surat")
    dossier, steps = replayed(entries)
    tracked, linked = await asyncio.gather(
        _with_officials(context, dossier), _linked(context, caller, dossier.letter.links)
    )
    status = status_of(dossier.letter, dossier.branches)
    told = {None, *(one.link.other_id for one in linked)}
    inside = sees_inside(caller, dossier)
    steps = [step for step in steps if step.other_id in told and (inside or not step.private)]
    steps = [step if _may_know(caller, dossier.letter, step) else _without_detail(step) for step in steps]
    return Track(dossier.letter, status, tracked, timeline(steps), linked, inside)


def replayed(entries: list[Entry]) -> tuple[Dossier, list[Step]]:
    """The dossier of a history, and the step each of its entries is on the track."""
    first = entries[0]
    if not isinstance(first.event, LetterRegistered):
        raise TypeError(f"a history begins with the registration, not with {first.event.event_type}")
    dossier = begun(first.event)
    steps = [step_of(first.event_id, first.event, dossier)]
    for entry in entries[1:]:
        before, dossier = dossier, applied(dossier, entry.event, entry.seq)
        step = step_of(entry.event_id, entry.event, dossier)
        steps.append(guarded(step, entry.event, before, dossier) if step else None)
    return dossier, [step for step in steps if step is not None]


def _may_know(caller: Principal, letter: Letter, step: Step) -> bool:
    """Whether the caller might read the letter if it were as confidential as it was then."""
    then = step.confidentiality
    return then is None or may_read(caller, letter.access.model_copy(update={"confidentiality": then}))


def _without_detail(step: Step) -> Step:
    return step.model_copy(update={"detail": None})


def sees_inside(caller: Principal, dossier: Dossier) -> bool:
    """Whether the caller belongs to those the letter came to or was disposed to, not just to those it came from."""
    letter = dossier.letter
    if oversees(caller, letter.access):
        return True
    instructed = {position_id for one in letter.dispositions.values() for position_id in one.positions}
    return any(
        held.position_id in instructed or any(is_entitled(held, one) for one in dossier.branches if one.is_theirs)
        for held in caller.positions
    )


async def arriving(context: Context, caller: Principal, letter_id: str) -> Letter:
    """The letter, where the caller may read it; a letter or a right that is a moment old is waited for a little.

    So a letter that is not theirs takes as long to refuse as one that is not there.
    """
    waited = 0.0
    while True:
        letter = await context.letters.find(letter_id, None)
        if letter is not None and may_read(caller, letter.access):
            return letter
        if waited >= context.settings.letter_arrival_seconds:
            await note_refusal(context, caller, letter_id, known=letter is not None)
            raise not_found("Surat")
        await asyncio.sleep(ARRIVAL_STEP_SECONDS)
        waited += ARRIVAL_STEP_SECONDS


async def _linked(context: Context, caller: Principal, links: tuple[Link, ...]) -> list[LinkedLetter]:
    """The linked letters the caller may read; of others not even that they are there."""
    others = await asyncio.gather(*(context.letters.find(link.other_id, None) for link in links))
    allowed = [
        link for link, other in zip(links, others, strict=True) if other is not None and may_read(caller, other.access)
    ]
    rows = await asyncio.gather(*(context.control_list.find(link.other_id) for link in allowed))
    return [LinkedLetter(link, row) for link, row in zip(allowed, rows, strict=True) if row is not None]


async def _with_officials(context: Context, dossier: Dossier) -> list[TrackedBranch]:
    waiting = waiting_on(dossier.letter, dossier.branches)
    ids = list({post.position_id for one in waiting for post in (*one.who_must_act, *one.coordinating)})
    positions, assignments = await asyncio.gather(
        context.positions.several(ids, None), context.assignments.to_positions(ids, None)
    )
    titles = {position.id: position.title for position in positions}
    officials = in_charge(assignments, _today(context))

    def filled(posts: list[Post]) -> list[OfficialPost]:
        return [
            OfficialPost(post, titles.get(post.position_id) or post.title or "", officials.get(post.position_id))
            for post in posts
        ]

    return [TrackedBranch(one.branch, filled(one.who_must_act), filled(one.coordinating)) for one in waiting]


def _today(context: Context) -> date:
    return now().astimezone(ZoneInfo(context.settings.timezone)).date()
