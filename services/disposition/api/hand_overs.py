"""Handing work over: one part, or all open work of a position."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, StringConstraints

from services.chassis.auth import Caller, Principal
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.disposition.api.models import DispositionAct, Form
from services.disposition.api.recipients import Request, shown
from services.disposition.commands import hand_over as whole
from services.disposition.commands.hand_over_part import hand_over_part
from services.disposition.context import Ctx
from services.disposition.domain.hand_over import HandOver

router = APIRouter(tags=["disposition"])
Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=1000)]


class NewHolder(Form):
    """The position that is to do it from now on."""

    to_position: EntityId
    reason: Why


class NewHandOver(NewHolder):
    """The position whose open work is given to another."""

    from_position: EntityId


class ShownSkipped(BaseModel):
    """What could not be moved. ``letter_subject``: null for who holds neither position, and may not read the letter."""

    disposition_id: str
    recipient_id: str | None
    letter_subject: str | None


class ShownHandOver(BaseModel):
    """How far a hand-over is. ``skipped`` could not be moved: the new position stands on the other side already."""

    id: str
    from_position: str
    from_position_title: str
    to_position: str
    to_position_title: str
    reason: str
    at: AwareDatetime
    moved: int
    skipped: tuple[ShownSkipped, ...]
    done: bool


@router.post(
    "/v1/dispositions/{disposition_id}/recipients/{recipient_id}/hand-over",
    summary="Give one part to another position",
    operation_id="hand_over_disposition_part",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def part(
    recipient_id: EntityId, body: NewHolder, asked: Request, context: Ctx, response: Response
) -> DispositionAct:
    """By whoever gave it, to a position below. What was given on with the part goes along."""
    return shown(await hand_over_part(context, asked, recipient_id, body.to_position, body.reason), response)


@router.post(
    "/v1/dispositions/hand-over",
    status_code=201,
    summary="Give all open work of a position to another",
    operation_id="hand_over_work",
    responses=problems(401, 403, 404, 409, 422),
)
async def all_of_it(body: NewHandOver, caller: Caller, context: Ctx, key: IdempotencyKey = None) -> ShownHandOver:
    """By its holder, a superior's, or whoever keeps the organisation. Where it is much, the house goes on with it."""
    wish = whole.Wish(body.from_position, body.to_position, body.reason)
    return _shown(await whole.hand_over(context, caller, wish, key), caller)


@router.get(
    "/v1/dispositions/hand-overs/{hand_over_id}",
    summary="How far a hand-over is",
    operation_id="get_hand_over",
    responses=problems(401, 404, 422),
)
async def progress(hand_over_id: EntityId, caller: Caller, context: Ctx) -> ShownHandOver:
    """For whoever asked for it, the holders of both positions, and whoever keeps the organisation."""
    return _shown(await whole.show_hand_over(context, caller, hand_over_id), caller)


def _shown(one: HandOver, caller: Principal) -> ShownHandOver:
    # Both are parties to what was skipped. Who may have it moved may not therefore know what it is about.
    party = any(caller.holding(each.position_id) for each in (one.former, one.to))
    return ShownHandOver(
        id=one.id,
        from_position=one.former.position_id,
        from_position_title=one.former.position_title,
        to_position=one.to.position_id,
        to_position_title=one.to.position_title,
        reason=one.reason,
        at=one.at,
        moved=one.moved,
        skipped=tuple(
            ShownSkipped(
                disposition_id=each.disposition_id,
                recipient_id=each.recipient_id,
                letter_subject=each.letter_subject if party else None,
            )
            for each in one.skipped
        ),
        done=one.done_at is not None,
    )
