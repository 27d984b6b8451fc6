"""Track a letter. Invariant: nothing is shown to anybody who may not read the letter, not even that it exists."""

import asyncio
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.errors import not_found
from services.projections.letter_access import may_read
from services.routing.commands.entitlement import is_entitled
from services.routing.context import Context
from services.routing.domain.assignment import Assignment, in_charge
from services.routing.domain.branch import Branch
from services.routing.domain.letter import Letter, Status, status_of
from services.routing.domain.track import Post, TimedStep, coordinating, timeline, who_must_act

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
class Track:
    """Everything that is shown of a letter's way. ``inside``: whether the caller may see what offices say inside."""

    letter: Letter
    status: Status
    branches: list[TrackedBranch]
    timeline: list[TimedStep]
    inside: bool


async def track_letter(context: Context, caller: Principal, letter_id: str) -> Track:
    """The track; 404 unless the caller may read the letter."""
    letter = await _arriving(context, caller, letter_id)
    branches, steps = await asyncio.gather(context.branches.of(letter_id, None), context.timeline.of(letter_id))
    tracked = await _with_officials(context, letter, branches)
    inside = sees_inside(caller, letter, branches)
    return Track(letter, status_of(letter, branches), tracked, timeline(steps), inside)


def sees_inside(caller: Principal, letter: Letter, branches: list[Branch]) -> bool:
    """Whether the caller belongs to those the letter came to or was disposed to, not just to those it came from."""
    instructed = {charge.position_id for one in letter.dispositions.values() for charge in one.charges}
    return any(
        held.position_id in instructed or any(is_entitled(held, branch) for branch in branches)
        for held in caller.positions
    )


async def _arriving(context: Context, caller: Principal, letter_id: str) -> Letter:
    """The letter, where the caller may read it; a letter or a right that is a moment old is waited for a little.

    So a letter that is not theirs takes as long to refuse as one that is not there.
    """
    waited = 0.0
    while True:
        letter = await context.letters.find(letter_id, None)
        if letter is not None and may_read(caller, letter.access):
            return letter
        if waited >= context.settings.letter_arrival_seconds:
            raise not_found("Surat")
        await asyncio.sleep(ARRIVAL_STEP_SECONDS)
        waited += ARRIVAL_STEP_SECONDS


async def _with_officials(context: Context, letter: Letter, branches: list[Branch]) -> list[TrackedBranch]:
    waiting = [(one, who_must_act(one, letter, branches), coordinating(one, letter, branches)) for one in branches]
    ids = list({post.position_id for _, acting, others in waiting for post in (*acting, *others)})
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

    return [TrackedBranch(branch, filled(acting), filled(others)) for branch, acting, others in waiting]


def _today(context: Context) -> date:
    return now().astimezone(ZoneInfo(context.settings.timezone)).date()
