"""What a recipient does with its part. Invariant: whoever acts has read it, and that is told first where it is new."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.errors import not_found
from services.chassis.mongo import Document
from services.contracts.event import Event
from services.disposition.commands import telling
from services.disposition.commands.act_on_part import Asked, PartTurn, Turn, act_on_part
from services.disposition.commands.attachments import taken
from services.disposition.commands.change import Change
from services.disposition.commands.desks import leave
from services.disposition.commands.quick_replies import text_of
from services.disposition.context import Context
from services.disposition.domain import acts
from services.disposition.domain.disposition import Act, Deed
from services.projections.letter_access import may_read, patiently


@dataclass(frozen=True)
class Answer:
    """What a recipient says: words or the code of a one-tap reply, files it has brought, and the letter it sends."""

    text: str | None = None
    quick_reply: str | None = None
    attachment_ids: Sequence[str] = ()
    outgoing_letter_id: str | None = None

    @property
    def parts(self) -> list[object]:
        """What tells this answer from another."""
        return [self.text, self.quick_reply, sorted(self.attachment_ids), self.outgoing_letter_id]


async def read_part(context: Context, asked: Asked, recipient_id: str) -> Document:
    """Note that it was opened; a second time changes nothing."""

    async def work(turn: PartTurn) -> Change | None:
        if not acts.may_read(turn.disposition, turn.part):
            return None
        return told(turn, turn.act("read", recipient_id))

    return await act_on_part(context, asked, recipient_id, ["read"], work)


async def receive_part(context: Context, asked: Asked, recipient_id: str) -> Document:
    """Take it on as one's work; a second time changes nothing."""

    async def work(turn: PartTurn) -> Change | None:
        if not acts.may_receive(turn.disposition, turn.part):
            return None
        act = turn.act("receive", recipient_id)
        return told(turn, act, telling.received(turn.disposition, act), received_at=turn.at)

    return await act_on_part(context, asked, recipient_id, ["receive"], work)


async def reply_to_part(context: Context, asked: Asked, recipient_id: str, answer: Answer) -> Document:
    """Answer whoever gave it; one may answer again, also after all is done."""

    async def work(turn: PartTurn) -> Change | None:
        acts.may_reply(turn.disposition, turn.part)
        act = await said(context, turn, "reply", answer, recipient_id)
        event = telling.replied(turn.disposition, act)
        return told(turn, act, event, replied_at=turn.part.replied_at or turn.at)

    return await act_on_part(context, asked, recipient_id, ["reply", *answer.parts], work)


async def report_progress(context: Context, asked: Asked, recipient_id: str, percent: int, answer: Answer) -> Document:
    """Say how far one is, in percent."""

    async def work(turn: PartTurn) -> Change | None:
        acts.may_progress(turn.disposition, turn.part)
        act = (await said(context, turn, "progress", answer, recipient_id)).model_copy(update={"percent": percent})
        event = telling.progressed(turn.disposition, act)
        return told(turn, act, event, percent=percent, progressed_at=turn.at)

    return await act_on_part(context, asked, recipient_id, ["progress", percent, *answer.parts], work)


async def complete_part(context: Context, asked: Asked, recipient_id: str, answer: Answer) -> Document:
    """Report one's part as done; 409 with the state where it is done already."""

    async def work(turn: PartTurn) -> Change | None:
        letter = answer.outgoing_letter_id
        acts.may_complete(turn.disposition, turn.part, files=len(answer.attachment_ids), letter=letter is not None)
        if letter is not None:
            await _went_out(context, turn, letter)
        act = await said(context, turn, "complete", answer, recipient_id)
        return told(turn, act, completed_at=turn.at, outgoing_letter_id=letter)

    return await act_on_part(context, asked, recipient_id, ["complete", *answer.parts], work)


async def _went_out(context: Context, turn: PartTurn, letter_id: str) -> None:
    """404 unless the caller reads this letter, or it is one of the office that gave the instruction.

    Its registrar sends what a subordinate has drafted, who knows the letter then but need not be able to open it.
    """

    async def look() -> bool | None:
        access = await context.letters.of(letter_id)
        offices = access.units if access else ()
        known = access is not None and (may_read(turn.caller, access) or turn.disposition.owner.unit_id in offices)
        return known or None

    if not await patiently(look):
        raise not_found("Surat keluar")


async def decline_part(context: Context, asked: Asked, recipient_id: str, reason: str) -> Document:
    """Give one's part back, with the reason; a second time changes nothing."""

    async def work(turn: PartTurn) -> Change | None:
        if not acts.may_decline(turn.disposition, turn.part):
            return None
        act = turn.act("decline", recipient_id, text=reason)
        change = told(turn, act, declined_at=turn.at)
        after, events = await leave(context, turn.tx, change.after, {recipient_id})
        return Change(after, (*change.events, telling.declined(after, act), *events), change.acts)

    return await act_on_part(context, asked, recipient_id, ["decline", reason], work)


async def said(context: Context, turn: Turn, kind: Deed, answer: Answer, recipient_id: str | None) -> Act:
    """The act with what was said and brought, which from now on belongs to it."""
    files = await taken(context, turn.tx, turn.caller, turn.disposition.id, answer.attachment_ids)
    text = answer.text
    if answer.quick_reply is not None:
        text = await text_of(context, answer.quick_reply)
    return turn.act(
        kind,
        recipient_id,
        text=text,
        quick_reply=answer.quick_reply,
        attachments=files,
        outgoing_letter_id=answer.outgoing_letter_id,
    )


def told(turn: PartTurn, act: Act, event: Event | None = None, **facts: object) -> Change:
    """The change, with what is told: that it was read where that is new, the act itself, and completion.

    Completion is told for a deliberate one, and for any act that leaves nobody to act: the branch then is done.
    """
    change = turn.done(act, (), **facts)
    events: list[Event] = [] if turn.part.read_at else [telling.read(change.after, act)]
    events += [event] if event else []
    settled = turn.disposition.is_open and change.after.state == "done"
    if act.kind == "complete" or (settled and act.kind != "decline"):
        events.append(telling.completed(change.after, act))
    return Change(change.after, events, change.acts)
