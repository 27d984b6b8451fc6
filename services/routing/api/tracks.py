"""The track of a letter."""

from fastapi import APIRouter

from services.chassis.auth import Caller
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.routing.api.letter_models import (
    AgendaItemView,
    LinkView,
    PostView,
    StepView,
    TrackedBranchView,
    TrackView,
    actor_view,
    branch_view,
    letter_view,
    reasoned_view,
)
from services.routing.commands.track_letter import LinkedLetter, OfficialPost, Track, TrackedBranch, track_letter
from services.routing.context import Ctx
from services.routing.domain.track import LABELS, TimedStep

router = APIRouter(prefix="/v1/letters", tags=["routing"])


@router.get(
    "/{letter_id}/track",
    operation_id="track_letter",
    summary="Where a letter is, who must act, and every step so far",
    responses=problems(401, 404, 422),
)
async def get_track(context: Ctx, caller: Caller, letter_id: EntityId) -> TrackView:
    """What offices say to each other inside (instructions, answers) is shown to those the letter came to."""
    return _view(await track_letter(context, caller, letter_id))


def _view(track: Track) -> TrackView:
    letter = track.letter
    return TrackView(
        letter=letter_view(letter.id, letter.summary),
        status=track.status,
        registered_at=letter.registered_at,
        delivered_at=letter.delivered_at,
        completed_at=letter.completed_at,
        outcome=letter.outcome,
        voided=reasoned_view(letter.voided),
        branches=[_branch(one) for one in track.branches],
        agenda=[AgendaItemView(**one.model_dump()) for one in letter.agenda.values()] if track.inside else [],
        linked=[_link(one) for one in track.linked],
        timeline=[_step(one, track.inside) for one in track.timeline],
    )


def _link(linked: LinkedLetter) -> LinkView:
    row = linked.row
    return LinkView(
        **linked.link.model_dump(),
        letter=letter_view(row.id, row.summary),
        status=row.status,
    )


def _branch(tracked: TrackedBranch) -> TrackedBranchView:
    return TrackedBranchView(
        **branch_view(tracked.branch).model_dump(),
        who_must_act=[_post(one) for one in tracked.who_must_act],
        coordinating=[_post(one) for one in tracked.coordinating],
    )


def _post(post: OfficialPost) -> PostView:
    official = post.official
    return PostView(
        position_id=post.post.position_id,
        title=post.title,
        unit_name=post.post.unit_name,
        person_name=official.person_name if official else None,
        display=official.display if official else post.title,
    )


def _step(timed: TimedStep, inside: bool) -> StepView:
    step = timed.step
    return StepView(
        at=step.at,
        what=step.what,
        label=LABELS[step.what],
        actor=actor_view(step.actor) if step.actor else None,
        unit=step.unit_name,
        detail=step.detail if inside or not step.inside else None,
        note=step.note if inside else None,
        seconds_since_previous=timed.seconds_since_previous,
    )
