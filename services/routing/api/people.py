"""People who hold positions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.chassis.auth import Caller, Principal, require
from services.chassis.idempotency import IdempotencyKey
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page
from services.routing.api.conditions import tag
from services.routing.api.organisation_models import PersonView
from services.routing.commands.create_person import NewPerson, create_person
from services.routing.commands.declare import Declaration
from services.routing.context import Ctx

router = APIRouter(prefix="/v1/people", tags=["routing"])
Writer = Annotated[Principal, Depends(require("organisation:write"))]


@router.get("", operation_id="list_people", summary="People, newest first", responses=problems(401, 422))
async def list_people(context: Ctx, _: Caller, cursor: Cursor = None, limit: Limit = 50) -> Page[PersonView]:
    """Every signed-in person may see the organisation."""
    people, following = await context.people.page({}, cursor, limit)
    return Page(items=[PersonView(**person.model_dump()) for person in people], next=following)


@router.post(
    "",
    operation_id="create_person",
    summary="Make a person; the client may choose the id",
    status_code=201,
    responses={200: {"model": PersonView, "description": "Was there already"}, **problems(401, 403, 409, 422)},
)
async def post_person(
    context: Ctx, caller: Writer, body: NewPerson, response: Response, key: IdempotencyKey = None
) -> PersonView:
    """The same id and content again is answered with who is there."""
    person, made = await create_person(context, Declaration(caller, key), body)
    response.status_code = 201 if made else 200
    tag(response, person.version)
    return PersonView(**person.model_dump())
