"""When a part is due, and when the house says something of it. Invariant: counted in working days of the regency."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from services.contracts.disposition import Instruction
from services.disposition.context import Context
from services.disposition.domain.recipient import Reminders


@dataclass(frozen=True)
class Deadline:
    """A local day, the instant it is over, and when to remind of it; all None where there is no deadline."""

    due_on: date | None = None
    due_at: datetime | None = None
    remind_at: datetime | None = None


async def deadline_of(context: Context, due_on: date | None, working_days: int | None, at: datetime) -> Deadline:
    """The deadline that was asked for, of what begins ``at``."""
    if due_on is None:
        return Deadline()
    due_at = datetime.combine(due_on, time(16), context.timezone).astimezone(UTC)
    return Deadline(due_on, due_at, due_at - timedelta(days=1))


async def first_reminders(context: Context, instructions: tuple[Instruction, ...], at: datetime) -> Reminders:
    """What the house will say of a part that was given ``at``."""
    return Reminders()
