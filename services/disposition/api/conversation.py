"""What is said about a disposition: comments, questions upward, answers."""

from fastapi import APIRouter, Response
from pydantic import Field

from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.disposition.api.models import DispositionAct, Files, Form, Text
from services.disposition.api.recipients import Request, shown
from services.disposition.commands import say
from services.disposition.commands.answer import Answer
from services.disposition.context import Ctx

router = APIRouter(prefix="/v1/dispositions/{disposition_id}", tags=["disposition"])


class Words(Form):
    """What is said, with files or without."""

    text: Text
    attachments: Files = Field(default_factory=list)

    def words(self) -> Answer:
        """As commands take it."""
        return Answer(self.text, None, tuple(self.attachments))


class Comment(Words):
    """The same, to one recipient where it is named; as the position that is named, where the caller holds several."""

    recipient_id: EntityId | None = None
    as_position: EntityId | None = None


@router.post(
    "/comments",
    status_code=201,
    summary="Say something about it to those it is between",
    operation_id="comment_on_disposition",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def comment(body: Comment, asked: Request, context: Ctx, response: Response) -> DispositionAct:
    """For whoever gave it and every recipient, those who coordinate or are informed too."""
    found = await say.comment(context, asked, body.words(), body.recipient_id, body.as_position)
    return shown(found, response)


@router.post(
    "/recipients/{recipient_id}/ask",
    status_code=201,
    summary="Ask whoever gave it",
    operation_id="ask_about_disposition",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def ask(recipient_id: EntityId, body: Words, asked: Request, context: Ctx, response: Response) -> DispositionAct:
    """A question upward. It is no answer: the part stays as open as it was."""
    return shown(await say.ask(context, asked, recipient_id, body.words()), response)


@router.post(
    "/questions/{question_id}/answer",
    status_code=201,
    summary="Answer a recipient's question",
    operation_id="answer_disposition_question",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def answer(
    question_id: EntityId, body: Words, asked: Request, context: Ctx, response: Response
) -> DispositionAct:
    """By whoever gave it. The answer names the question (``answers``)."""
    return shown(await say.answer_question(context, asked, question_id, body.words()), response)
