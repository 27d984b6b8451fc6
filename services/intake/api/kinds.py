"""``/v1/letter-kinds``: the kinds of papers (jenis naskah) a letter is registered as."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from services.chassis.auth import Caller
from services.chassis.conditions import SeenVersion, Writer, tag
from services.chassis.idempotency import IdempotencyKey
from services.chassis.openapi import problems
from services.intake.commands.catalogue.keep_kinds import add_kind, change_kind
from services.intake.context import Ctx
from services.intake.domain.catalogue.kinds import LetterKind
from services.intake.domain.draft import KindName, Said

router = APIRouter(prefix="/v1/letter-kinds", tags=["intake"])
CODE = r"^[a-z][a-z0-9_]{1,39}$"
Order = Annotated[int, Field(ge=0, le=9999, description="Where it stands among the others.")]


class KindForm(Said):
    """A kind as it is to be; without ``order`` it stays where it is, or comes last."""

    name: KindName
    order: Order | None = None
    retired: bool = False


class NewKind(KindForm):
    """A further kind. Its code is for good."""

    code: Annotated[str, StringConstraints(pattern=CODE)]


class KindView(BaseModel):
    """A kind of papers."""

    code: str
    name: str
    order: int
    retired: bool
    version: int
    by_name: str | None
    at: AwareDatetime | None


class KindList(BaseModel):
    """All kinds, in order."""

    items: list[KindView]


Code = Annotated[str, Path(pattern=CODE, description="The code of the kind.")]
Retired = Annotated[bool, Query(description="Whether those in use no more are listed too.")]


@router.get(
    "",
    operation_id="list_letter_kinds",
    summary="The kinds of papers",
    responses=problems(401, 403, 422),
)
async def get_kinds(context: Ctx, _: Caller, retired: Retired = False) -> KindList:
    """The whole list; it is short."""
    found = (await context.kinds.all()).values()
    return KindList(items=[_view(one) for one in found if retired or not one.retired])


@router.post(
    "",
    status_code=201,
    operation_id="add_letter_kind",
    summary="Add a kind of papers",
    responses=problems(401, 403, 409, 422),
)
async def post_kind(
    context: Ctx, caller: Writer, body: NewKind, response: Response, key: IdempotencyKey = None
) -> KindView:
    """409 where the code was ever used, or the name is in use."""
    return _shown(await add_kind(context, caller, key, body.model_dump(exclude_none=True)), response)


@router.put(
    "/{code}",
    operation_id="change_letter_kind",
    summary="Change what a kind of papers is called and where it stands; retire or restore it",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def put_kind(
    context: Ctx, caller: Writer, code: Code, body: KindForm, seen: SeenVersion, response: Response
) -> KindView:
    """Letters keep the name they were registered with. A retired kind can still be registered, with a warning."""
    return _shown(await change_kind(context, caller, code, seen, body.model_dump(exclude_none=True)), response)


def _shown(one: LetterKind, response: Response) -> KindView:
    tag(response, one.version)
    return _view(one)


def _view(one: LetterKind) -> KindView:
    return KindView(**one.model_dump(include=set(KindView.model_fields)))
