"""What the house says of a part by itself, and when. Invariant: each thing is said once, reminders at intervals; and
nobody is reminded outside office hours.

Unread: the recipient is reminded after some office hours, so many times at most, and once the issuer is told. Where a
report is expected every so often it is asked for after as many working days without one. What is to be reminded of
(``ingatkan``) is at the opening of each working day until it is done; where it has a deadline, once that has passed.
That a deadline has passed is told at that very instant, for lists and the letter's track go by it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from services.contracts.disposition import Instruction
from services.disposition.domain.effects import effects_of, reports_regularly
from services.disposition.domain.office_time import add_office_hours, opening, opening_after
from services.disposition.domain.recipient import DispositionRecipient, Reminders
from services.projections.working_days import WorkingCalendar

Saying = Literal["unread", "escalated", "neared", "passed", "report", "reminder"]


@dataclass(frozen=True)
class Patience:
    """How long the house waits: office hours unread before each of so many reminders and before the issuer is told,
    and working days between reports.
    """

    unread: timedelta
    reminders_at_most: int
    escalation: timedelta
    report_days: int

    def halved(self) -> "Patience":
        """The same for what is very urgent."""
        return Patience(self.unread / 2, self.reminders_at_most, self.escalation / 2, self.report_days)


@dataclass(frozen=True)
class House:
    """By what the house reckons: the calendar of the regency, and its patience."""

    calendar: WorkingCalendar
    patience: Patience


def first_of(house: House, instructions: tuple[Instruction, ...], at: datetime) -> Reminders:
    """When to say what of a part that is given ``at``."""
    return unread_from(house, Reminders(), at).model_copy(
        update={
            "next_report_at": _report_at(house, at) if reports_regularly(instructions) else None,
            "next_reminder_at": opening_after(house.calendar, at, 1) if _reminds(instructions) else None,
        }
    )


def unread_from(house: House, said: Reminders, at: datetime) -> Reminders:
    """The same of a part that begins to wait for somebody to read it ``at``: given, or handed to another unread."""
    asked = house.patience.reminders_at_most > 0
    return said.model_copy(
        update={
            "unread": 0,
            "escalated": False,
            "next_unread_at": add_office_hours(house.calendar, at, house.patience.unread) if asked else None,
            "escalate_at": add_office_hours(house.calendar, at, house.patience.escalation),
        }
    )


def due_of(
    house: House, part: DispositionRecipient, heard_at: datetime, at: datetime
) -> tuple[tuple[Saying, ...], Reminders]:
    """What is to be said of ``part`` by ``at``, and its reminders then; ``heard_at`` is when it last reported."""
    if not part.is_open:
        return (), part.reminders
    found: list[Saying] = []
    said = _of_deadline(house, part, at, found)
    if opening(house.calendar, at) != at:
        return tuple(found), _later(said, opening(house.calendar, at))
    if part.state == "sent":
        said = _of_reading(house, said, at, found)
    if not part.is_closed:
        said = _of_reports(house, said, heard_at, at, found)
        said = _of_work(house, part, said, at, found)
    return tuple(found), said


def _of_deadline(house: House, part: DispositionRecipient, at: datetime, found: list[Saying]) -> Reminders:
    said = part.reminders
    if part.due_at is None or said.overdue:
        return said
    if part.due_at <= at:
        found.append("passed")
        again = opening_after(house.calendar, at, 1) if _reminds(part.instructions) else said.next_reminder_at
        return said.model_copy(update={"neared": True, "overdue": True, "next_reminder_at": again})
    if part.remind_at and part.remind_at <= at and not said.neared:
        found.append("neared")
        return said.model_copy(update={"neared": True})
    return said


def _of_reading(house: House, said: Reminders, at: datetime, found: list[Saying]) -> Reminders:
    if said.next_unread_at and said.next_unread_at <= at:
        found.append("unread")
        times = said.unread + 1
        more = times < house.patience.reminders_at_most
        following = add_office_hours(house.calendar, at, house.patience.unread) if more else None
        said = said.model_copy(update={"unread": times, "next_unread_at": following})
    if said.escalate_at and said.escalate_at <= at:
        found.append("escalated")
        said = said.model_copy(update={"escalated": True, "escalate_at": None})
    return said


def _of_reports(house: House, said: Reminders, heard_at: datetime, at: datetime, found: list[Saying]) -> Reminders:
    if said.next_report_at is None or said.next_report_at > at:
        return said
    expected = _report_at(house, heard_at)
    if expected <= at:
        found.append("report")
        expected = _report_at(house, at)
    return said.model_copy(update={"next_report_at": expected})


def _of_work(house: House, part: DispositionRecipient, said: Reminders, at: datetime, found: list[Saying]) -> Reminders:
    if said.next_reminder_at is None or said.next_reminder_at > at:
        return said
    expected = opening_after(house.calendar, max(part.due_at or part.issued_at, part.reopened_at or part.issued_at), 1)
    if expected <= at:
        found.append("reminder")
        expected = opening_after(house.calendar, at, 1)
    return said.model_copy(update={"next_reminder_at": expected})


def _later(said: Reminders, opens: datetime) -> Reminders:
    """The same with whatever was due while offices are closed put off until they open."""
    hours = ("next_unread_at", "escalate_at", "next_report_at", "next_reminder_at")
    waiting = {name: at for name in hours if (at := getattr(said, name))}
    return said.model_copy(update={name: max(at, opens) for name, at in waiting.items()})


def _report_at(house: House, at: datetime) -> datetime:
    return opening_after(house.calendar, at, house.patience.report_days)


def _reminds(instructions: tuple[Instruction, ...]) -> bool:
    return "reminder" in effects_of(instructions)
