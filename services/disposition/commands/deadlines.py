"""When a part is due, and when the house says something of it. Invariant: counted in working days of the regency."""

from datetime import date, datetime

from services.contracts.disposition import Instruction
from services.contracts.vocabulary import Urgency
from services.disposition.context import Context
from services.disposition.domain.deadline import Deadline, deadline
from services.disposition.domain.recipient import DispositionRecipient, Reminders
from services.disposition.domain.reminding import House, first_of, unread_from


async def deadline_of(context: Context, due_on: date | None, working_days: int | None, at: datetime) -> Deadline:
    """The deadline that was asked for, of what begins ``at``."""
    return deadline(await context.calendar.working(), due_on, working_days, at)


async def house_for(context: Context, urgency: Urgency) -> House:
    """By what is reckoned for letters that are this urgent."""
    patience = context.patience.halved() if urgency == "very_urgent" else context.patience
    return House(await context.calendar.working(), patience)


async def first_reminders(
    context: Context, instructions: tuple[Instruction, ...], at: datetime, urgency: Urgency = "normal"
) -> Reminders:
    """What will be said of a part that was given ``at``."""
    return first_of(await house_for(context, urgency), instructions, at)


async def handed_reminders(
    context: Context, part: DispositionRecipient, at: datetime, urgency: Urgency = "normal"
) -> Reminders:
    """The same of a part that was handed to another position ``at``, who has as long to read it as anybody."""
    return unread_from(await house_for(context, urgency), part.reminders, at)
