"""Events in a leader's calendar. Invariant: two of one leader overlap only where a named person said why."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.contracts.vocabulary import Actor
from services.schedule.domain.history import Entry
from services.schedule.domain.request import ScheduleRequest
from services.schedule.domain.slot import Slot


class Override(BaseModel):
    """Who booked over which events, and why."""

    model_config = ConfigDict(frozen=True)

    reason: str
    actor: Actor
    over: tuple[str, ...]


class ScheduleEvent(BaseModel):
    """A time at which the leader is bound."""

    model_config = ConfigDict(frozen=True)

    id: str
    leader_position_id: str
    leader_title: str
    leader_unit_id: str
    title: str
    place: str | None = None
    starts_at: datetime
    ends_at: datetime
    note: str | None = None
    state: Literal["tentative", "definitive", "cancelled", "done"] = "definitive"
    request_id: str
    letter_id: str | None = None
    requester_position_id: str
    override: Override | None = None
    history: tuple[Entry, ...]

    @property
    def slot(self) -> Slot:
        """When it is."""
        return Slot(self.starts_at, self.ends_at)


def without_letter(event: ScheduleEvent, entry: Entry) -> ScheduleEvent:
    """The event after its letter was declared void: it stays booked, for a person to decide, and says so."""
    said = f"Surat undangannya dibatalkan: {entry.reason}"
    note = f"{event.note}\n{said}" if event.note else said
    return event.model_copy(update={"note": note, "history": (*event.history, entry)})


class Clash(Exception):
    """The slot is taken by ``events``, and nobody said to book over them."""

    def __init__(self, events: Sequence[ScheduleEvent]) -> None:
        super().__init__(f"{len(events)} events are in the way")
        self.events = list(events)


def clashing(calendar: Sequence[ScheduleEvent], slot: Slot) -> list[ScheduleEvent]:
    """Those events of a leader's calendar that are in the way of ``slot``, the earliest first."""
    taken = [one for one in calendar if one.state != "cancelled" and one.slot.overlaps(slot)]
    return sorted(taken, key=lambda one: (one.starts_at, one.id))


def booked(
    calendar: Sequence[ScheduleEvent],
    request: ScheduleRequest,
    slot: Slot,
    place: str | None,
    event_id: str,
    entry: Entry,
) -> ScheduleEvent:
    """The event ``request`` becomes; ``entry`` says by whom, and with a reason books over whatever is in the way.

    ``calendar`` holds every event of the leader that might be in the way. Raises Clash without a reason.
    """
    taken = clashing(calendar, slot)
    if taken and not entry.reason:
        raise Clash(taken)
    over = tuple(one.id for one in taken)
    return ScheduleEvent(
        id=event_id,
        leader_position_id=request.leader_position_id,
        leader_title=request.leader_title,
        leader_unit_id=request.leader_unit_id,
        title=request.title,
        place=place or request.place,
        starts_at=slot.start,
        ends_at=slot.end,
        note=request.note,
        request_id=request.id,
        letter_id=request.letter_id,
        requester_position_id=request.requester.position_id,
        override=Override(reason=entry.reason, actor=entry.actor, over=over) if over and entry.reason else None,
        history=(entry,),
    )
