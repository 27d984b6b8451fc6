"""The public's door. Invariant: nobody is asked who they are, and nothing an answer says is kept by a cache."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from services.chassis.limits import address_of
from services.chassis.openapi import problems
from services.routing.commands.track_publicly import track_publicly
from services.routing.domain.public_status import PublicState
from services.routing.front_desk import Desk

router = APIRouter(prefix="/v1/public", tags=["routing"])
Code = Annotated[str, Path(min_length=1, max_length=64, description="The tracking code, however it is written.")]


class CheckWord(BaseModel):
    """What the sender knows beside the code. It is sent in the body, so that it lies in no address and no log."""

    model_config = ConfigDict(extra="forbid")

    check_word: SecretStr = Field(min_length=1, max_length=100, description="The kata kunci on the receipt.")


class PublicStatusView(BaseModel):
    """Where a letter is, coarsely: ``label`` for people, ``units`` for ordinary letters alone.

    ``training``: the letter was only entered to practise, which ``label`` says too.
    """

    state: PublicState
    label: str
    changed_on: date
    units: list[str]
    training: bool


@router.post(
    "/track/{code}",
    operation_id="track_publicly",
    summary="Where a letter is, for whoever has its tracking code and check word",
    responses=problems(404, 422, 429),
)
async def post_track(desk: Desk, code: Code, body: CheckWord, request: Request, response: Response) -> PublicStatusView:
    """Without a token. An unknown code and a wrong word are one answer; after too many tries both have to wait."""
    response.headers["Cache-Control"] = "no-store"
    address = address_of(request.client)
    status = await track_publicly(desk, code, body.check_word.get_secret_value(), address)
    return PublicStatusView(
        state=status.state,
        label=status.label,
        changed_on=status.changed_on,
        units=list(status.units),
        training=status.training,
    )
