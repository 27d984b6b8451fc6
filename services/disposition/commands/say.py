"""Talk about a disposition: comment, ask upward, answer. Invariant: whoever is to hear of it is named with it, and
nobody is told of their own words.
"""

from collections.abc import Iterable

from services.chassis.errors import conflict, not_found
from services.chassis.mongo import Document
from services.disposition.commands import telling_changes as telling
from services.disposition.commands.act_on_part import Asked, PartTurn, Turn, act_as_owner, act_as_party, act_on_part
from services.disposition.commands.answer import Answer, said, told
from services.disposition.commands.change import Change
from services.disposition.commands.telling import about
from services.disposition.context import Context
from services.disposition.domain.acts import may_be_addressed, may_reply
from services.disposition.domain.disposition import Act, Disposition


async def comment(
    context: Context, asked: Asked, words: Answer, recipient_id: str | None, as_position: str | None
) -> Document:
    """Say something to all it is between, or to one recipient and whoever gave it."""

    async def work(turn: Turn) -> Change | None:
        one = turn.disposition
        if one.state == "recalled":
            raise conflict("recalled", "Disposisi ini sudah ditarik kembali oleh pemberi.", state=one.state)
        act = await said(context, turn, "comment", words, _addressed(one, recipient_id))
        return _spoken(turn, act, _hearers(one, recipient_id))

    what = ["comment", *words.parts, recipient_id, as_position]
    return await act_as_party(context, asked, what, work, as_position)


async def ask(context: Context, asked: Asked, recipient_id: str, words: Answer) -> Document:
    """Ask whoever gave it, as the holder of one part."""

    async def work(turn: PartTurn) -> Change | None:
        may_reply(turn.disposition, turn.part)
        act = await said(context, turn, "question", words, recipient_id)
        return _spoken(turn, act, [turn.disposition.owner.position_id])

    return await act_on_part(context, asked, recipient_id, ["ask", *words.parts], work)


async def answer_question(context: Context, asked: Asked, question_id: str, words: Answer) -> Document:
    """Answer a question of a recipient, for whoever gave it; again if need be."""

    async def work(turn: Turn) -> Change | None:
        question = await context.thread.get(turn.disposition.id, question_id)
        if question is None or question.kind != "question":
            raise not_found("Pertanyaan")
        act = await said(context, turn, "answer", words, question.recipient_id)
        asking = turn.disposition.part(about(question)).position_id
        return _spoken(turn, act.model_copy(update={"answers": question_id}), [asking])

    return await act_as_owner(context, asked, ["answer", question_id, *words.parts], work)


def _addressed(one: Disposition, recipient_id: str | None) -> str | None:
    if recipient_id is None:
        return None
    part = one.recipient(recipient_id)
    if part is None:
        raise not_found("Penerima disposisi")
    may_be_addressed(one, part)
    return recipient_id


def _hearers(one: Disposition, recipient_id: str | None) -> list[str]:
    """Whoever gave it, and those who work on it or the one it is about."""
    parts = [one.part(recipient_id)] if recipient_id else [each for each in one.live if each.role != "informed"]
    return [one.owner.position_id, *(each.position_id for each in parts)]


def _spoken(turn: Turn, act: Act, hearers: Iterable[str]) -> Change:
    """The change. A recipient who speaks has read its part, and that is told as with any act of theirs."""
    one, speaker = turn.disposition, turn.actor.position_id
    event = telling.commented(one, act, [each for each in dict.fromkeys(hearers) if each != speaker])
    part = None if speaker == one.owner.position_id else one.recipient_at(speaker)
    if part is None:
        return Change(one, (event,), (act,))
    as_holder = PartTurn(turn.tx, one, turn.actor, turn.caller, part)
    change = told(as_holder, act.model_copy(update={"recipient_id": part.recipient_id}), event)
    return Change(change.after, change.events, (act,))
