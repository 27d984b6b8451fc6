"""Proposed addressees of a letter, with reasons."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.chassis.auth import Caller, Principal, require
from services.chassis.errors import forbidden, not_found
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.contracts.vocabulary import Category, Party, PartyKind, Urgency
from services.routing.api.guidance_models import LearnedModelView, ProposalsView, model_view, proposals_view
from services.routing.commands.entitlement import acting_anywhere
from services.routing.commands.propose import propose, propose_for_letter
from services.routing.commands.track_letter import arriving
from services.routing.context import Ctx
from services.routing.domain.letter_facts import LONGEST_TEXT, LetterFacts
from services.routing.guidance import Guide

router = APIRouter(tags=["routing"])
Registrar = Annotated[Principal, Depends(require("letters:register"))]
OVERSEERS = frozenset({"leader", "auditor", "regency_admin"})


class WantedSender(BaseModel):
    """Who the letter is from; a unit or position by its id, anybody else by name."""

    model_config = ConfigDict(extra="forbid")

    kind: PartyKind
    id: EntityId | None = None
    name: str = Field(default="", max_length=300)


def _identified(sender: WantedSender) -> WantedSender:
    if (sender.kind == "external") != (sender.id is None):
        raise ValueError("a unit or position has an id, a party outside has none")
    return sender


class LetterInHand(BaseModel):
    """What is known of a letter that is being entered or written."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    kind: str = Field(min_length=1, max_length=200)
    category: Category | None = None
    classification: str | None = Field(default=None, max_length=40)
    urgency: Urgency | None = None
    sender: Annotated[WantedSender, AfterValidator(_identified)] | None = None
    subject: str = Field(min_length=1, max_length=1000)
    summary: str | None = Field(default=None, max_length=10_000)
    text: str | None = Field(default=None, max_length=LONGEST_TEXT)


@router.post(
    "/v1/proposals",
    operation_id="propose_addressees",
    summary="Where a letter should go, and why",
    responses=problems(401, 403, 422),
)
async def post_proposals(guidance: Guide, _: Registrar, body: LetterInHand) -> ProposalsView:
    """Nothing is kept of what is asked; rules first, then what was learned."""
    return proposals_view(await propose(guidance, _facts(body)))


@router.get(
    "/v1/proposals/model",
    operation_id="get_learned_model",
    summary="When suggestions were last learned, from how many letters, and how right they are",
    responses=problems(401, 403, 404),
)
async def get_model(guidance: Guide, caller: Caller) -> LearnedModelView:
    """For those who look after the whole regency."""
    if "organisation:write" not in caller.scopes and not any(held.role in OVERSEERS for held in caller.positions):
        raise forbidden()
    run = await guidance.learned.newest()
    if run is None:
        raise not_found("Hasil belajar")
    return model_view(run, guidance.settings.suggestion_threshold)


@router.get(
    "/v1/letters/{letter_id}/proposals",
    operation_id="propose_further_addressees",
    summary="Where else a delivered letter should go, and why",
    responses=problems(401, 403, 404, 422),
)
async def get_letter_proposals(guidance: Guide, context: Ctx, caller: Caller, letter_id: EntityId) -> ProposalsView:
    """For its sender and those it came to; places where it lies or lay are left out."""
    letter = await arriving(context, caller, letter_id)
    branches = tuple(await guidance.branches.of(letter_id, None))
    acting_anywhere(caller, letter, branches)
    return proposals_view(await propose_for_letter(guidance, letter, branches))


def _facts(body: LetterInHand) -> LetterFacts:
    sender = Party(kind=body.sender.kind, id=body.sender.id, name=body.sender.name) if body.sender else None
    return LetterFacts(
        kind=body.kind,
        subject=body.subject,
        category=body.category,
        classification=body.classification,
        urgency=body.urgency,
        sender=sender,
        summary=body.summary,
        text=body.text,
    )
