"""Change what is asked of a part. Invariant: what it was stays in the thread, before and after."""

from collections.abc import Mapping
from typing import Any

from services.chassis.errors import unprocessable
from services.chassis.mongo import Document
from services.disposition.commands import telling_changes as telling
from services.disposition.commands.act_on_part import Asked, PartTurn, act_on_owned
from services.disposition.commands.change import Change
from services.disposition.commands.deadlines import deadline_of
from services.disposition.context import Context
from services.disposition.domain import acts
from services.disposition.domain.catalogue import FREE_TEXT
from services.disposition.domain.deadline import Deadline
from services.disposition.domain.disposition import Amendment
from services.disposition.domain.effects import needs_coordination
from services.disposition.domain.order import check_due
from services.disposition.domain.watching import rearmed


async def amend_part(
    context: Context, asked: Asked, recipient_id: str, changes: Mapping[str, Any], reason: str | None
) -> Document:
    """Change note or deadline; ``changes`` holds those that are to change: ``note``, ``due_on``, ``working_days``."""

    async def work(turn: PartTurn) -> Change | None:
        acts.may_amend(turn.disposition, turn.part)
        part, note = turn.part, changes.get("note", turn.part.note)
        deadline = await new_deadline(context, turn, changes)
        if (note, deadline.due_on) == (part.note, part.due_on):
            return None
        _check_note(turn, note)
        facts = {"note": note, **facts_of(deadline), "reminders": rearmed(part, deadline)}
        after = turn.disposition.with_part(recipient_id, turn.at, **facts)
        amendment = Amendment(note=note, former_note=part.note, due_on=deadline.due_on, former_due_on=part.due_on)
        act = turn.act("amend", recipient_id, text=reason, amendment=amendment)
        return Change(after, (telling.amended(after, act, part),), (act,))

    return await act_on_owned(context, asked, recipient_id, ["amend", dict(changes), reason], work)


async def new_deadline(context: Context, turn: PartTurn, changes: Mapping[str, Any]) -> Deadline:
    """The deadline that is asked for, or the present one where none is; 422 for one that is past."""
    if not changes.keys() & {"due_on", "working_days"}:
        return Deadline(turn.part.due_on, turn.part.due_at, turn.part.remind_at)
    check_due(changes.get("due_on"), turn.at.astimezone(context.timezone).date())
    return await deadline_of(context, changes.get("due_on"), changes.get("working_days"), turn.at)


def facts_of(deadline: Deadline) -> dict[str, Any]:
    """The deadline as facts of a part."""
    return {"due_on": deadline.due_on, "due_at": deadline.due_at, "remind_at": deadline.remind_at}


def _check_note(turn: PartTurn, note: str | None) -> None:
    """422 where instructions that say nothing without a note would be left without one."""
    if note or turn.disposition.note:
        return
    part = turn.part
    others = any(one.role == "coordinating" for one in turn.disposition.live if one != part)
    if any(one.code == FREE_TEXT for one in part.instructions) or (
        needs_coordination(part.instructions) and not others
    ):
        raise unprocessable("note_required", "Instruksi pada bagian ini harus disertai catatan.")
