"""Distribution lists: named lists of units and positions a letter can be addressed to at once."""

from fastapi import APIRouter, Response

from services.chassis.auth import Caller
from services.chassis.conditions import SeenVersion, tag
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page
from services.routing.api.guidance_models import DistributionListView, PartiesView, list_view
from services.routing.commands.change_distribution_list import (
    ListChange,
    change_distribution_list,
    retire_distribution_list,
)
from services.routing.commands.create_distribution_list import NewDistributionList, create_distribution_list
from services.routing.commands.expand_distribution_lists import parties_of
from services.routing.commands.list_keeping import owners_of, usable_list
from services.routing.guidance import Guide

router = APIRouter(prefix="/v1/distribution-lists", tags=["routing"])


@router.get(
    "",
    operation_id="list_distribution_lists",
    summary="The lists of my units and of the regency, newest first",
    responses=problems(401, 422),
)
async def list_distribution_lists(
    guidance: Guide, caller: Caller, cursor: Cursor = None, limit: Limit = 50
) -> Page[DistributionListView]:
    """Lists of other units are nobody else's business."""
    found, following = await guidance.lists.page(owners_of(caller), cursor, limit)
    return Page(items=[list_view(one) for one in found], next=following)


@router.post(
    "",
    operation_id="create_distribution_list",
    summary="Make a list for my unit, or for the regency",
    status_code=201,
    responses=problems(401, 403, 409, 422),
)
async def post_distribution_list(
    guidance: Guide, caller: Caller, body: NewDistributionList, response: Response, key: IdempotencyKey = None
) -> DistributionListView:
    """A unit's list is kept by its head, secretary, registrar, administrator or village operator."""
    made = await create_distribution_list(guidance, caller, body, key)
    tag(response, made.version)
    return list_view(made)


@router.get("/{list_id}", operation_id="get_distribution_list", summary="A list", responses=problems(401, 404, 422))
async def get_distribution_list(
    guidance: Guide, caller: Caller, list_id: EntityId, response: Response
) -> DistributionListView:
    """Retired ones too."""
    found = await usable_list(guidance, caller, list_id)
    tag(response, found.version)
    return list_view(found)


@router.get(
    "/{list_id}/parties",
    operation_id="expand_distribution_list",
    summary="The list as addressees and copies of a letter",
    responses=problems(401, 404, 409, 422),
)
async def get_parties(guidance: Guide, caller: Caller, list_id: EntityId) -> PartiesView:
    """Ready to be put into a letter; named as they are now, without those in use no more."""
    found = await parties_of(guidance, [list_id], caller)
    return PartiesView(addressees=found.addressees, copies=found.copies, skipped=found.skipped)


@router.patch(
    "/{list_id}",
    operation_id="change_distribution_list",
    summary="Change a list",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def patch_distribution_list(
    guidance: Guide, caller: Caller, list_id: EntityId, body: ListChange, response: Response, seen: SeenVersion
) -> DistributionListView:
    """What is left out stays; ``members`` are given whole."""
    changed = await change_distribution_list(guidance, caller, list_id, body, seen)
    tag(response, changed.version)
    return list_view(changed)


@router.delete(
    "/{list_id}",
    operation_id="retire_distribution_list",
    summary="Use a list no more",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def delete_distribution_list(
    guidance: Guide, caller: Caller, list_id: EntityId, response: Response, seen: SeenVersion
) -> DistributionListView:
    """It stays to be read, and its name is free."""
    gone = await retire_distribution_list(guidance, caller, list_id, seen)
    tag(response, gone.version)
    return list_view(gone)
