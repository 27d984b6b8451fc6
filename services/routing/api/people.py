"""People who hold positions."""

from fastapi import APIRouter, Response

from services.chassis.auth import Caller
from services.chassis.conditions import SeenVersion, Writer, tag
from services.chassis.errors import not_found
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page
from services.routing.api.organisation_models import HistoryView, PersonView, Search, history_view, person_view
from services.routing.commands.change_person import PersonChange, change_person
from services.routing.commands.create_person import NewPerson, create_person
from services.routing.commands.declare import Declaration
from services.routing.registry import Org
from services.routing.store.names import starting

router = APIRouter(prefix="/v1/people", tags=["routing"])


@router.get("", operation_id="list_people", summary="People, newest first", responses=problems(401, 422))
async def list_people(
    org: Org, caller: Caller, q: Search = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[PersonView]:
    """Every signed-in person may see the organisation; numbers (NIP) are shown to those who keep it."""
    people, following = await org.people.page(starting(q), cursor, limit)
    return Page(items=[person_view(person, caller) for person in people], next=following)


@router.post(
    "",
    operation_id="create_person",
    summary="Make a person; the client may choose the id",
    status_code=201,
    responses={200: {"model": PersonView, "description": "Was there already"}, **problems(401, 403, 409, 422)},
)
async def post_person(
    org: Org, caller: Writer, body: NewPerson, response: Response, key: IdempotencyKey = None
) -> PersonView:
    """The same id and content again is answered with who is there; 409 with who has the number already."""
    person, made = await create_person(org, Declaration(caller, key), body)
    response.status_code = 201 if made else 200
    tag(response, person.version)
    return person_view(person, caller)


@router.get("/{person_id}", operation_id="get_person", summary="A person", responses=problems(401, 404, 422))
async def get_person(org: Org, caller: Caller, person_id: EntityId, response: Response) -> PersonView:
    """As known now."""
    person = await org.people.find(person_id, None)
    if person is None:
        raise not_found("Orang")
    tag(response, person.version)
    return person_view(person, caller)


@router.patch(
    "/{person_id}",
    operation_id="change_person",
    summary="Change a person's name, number or rank",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def patch_person(
    org: Org, caller: Writer, person_id: EntityId, body: PersonChange, response: Response, version: SeenVersion
) -> PersonView:
    """Assignments in force or coming take the new ones."""
    person = await change_person(org, caller, person_id, body, version)
    tag(response, person.version)
    return person_view(person, caller)


@router.get(
    "/{person_id}/history",
    operation_id="list_person_history",
    summary="A person's names and assignments through time, newest first",
    responses=problems(401, 404, 422),
)
async def get_history(
    org: Org, caller: Caller, person_id: EntityId, cursor: Cursor = None, limit: Limit = 50
) -> Page[HistoryView]:
    """Every state of the person, and of every assignment the person had."""
    if await org.people.find(person_id, None) is None:
        raise not_found("Orang")
    rows, following = await org.history.page("person", person_id, cursor, limit)
    return Page(items=[history_view(row, caller) for row in rows], next=following)
