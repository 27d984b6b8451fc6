"""What of a calendar somebody is shown. Invariant: who may not know what it is about is shown the time alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.schedule.domain.event import Override, ScheduleEvent
from services.schedule.domain.history import Entry
from services.schedule.domain.office import Post, belongs
from services.schedule.domain.request import ScheduleRequest

UNTOLD = "Acara tertutup"
"""Stands for the title where it is not to be known."""


@dataclass(frozen=True)
class LetterSight:
    """What the caller has to do with a letter: whether it is open to the whole office, and whether they may read it."""

    ordinary: bool
    readable: bool


class CalendarEntry(BaseModel):
    """An event as somebody sees it; ``hidden`` means that only leader, times and state are shown."""

    model_config = ConfigDict(frozen=True)

    id: str | None = None
    leader_position_id: str
    leader_title: str
    starts_at: datetime
    ends_at: datetime
    state: Literal["tentative", "definitive", "cancelled", "done"]
    hidden: bool
    title: str | None = None
    place: str | None = None
    note: str | None = None
    request_id: str | None = None
    letter_id: str | None = None
    override: Override | None = None
    history: tuple[Entry, ...] = ()


_TIMES = {"leader_position_id", "leader_title", "starts_at", "ends_at", "state"}
_ABOUT = {"id", "title", "place", "note", "request_id", "letter_id", "override", "history"}


class Viewer:
    """Somebody who looks, with the posts they hold and what they may know of letters."""

    def __init__(self, posts: list[Post], letters: Mapping[str, LetterSight]) -> None:
        self._posts = posts
        self._mine = {post.actor.position_id for post in posts}
        self._letters = letters

    def entry(self, event: ScheduleEvent) -> CalendarEntry:
        """The event as this person sees it."""
        known = self.knows(event, event.requester_position_id)
        shown = event.model_dump(include=_ABOUT | _TIMES if known else _TIMES)
        return CalendarEntry.model_validate(shown | {"hidden": not known})

    def request(self, request: ScheduleRequest) -> ScheduleRequest:
        """The request as this person sees it."""
        if self.knows(request, request.requester.position_id):
            return request
        return request.model_copy(update={"title": UNTOLD, "place": None, "note": None})

    def in_office(self, subject: ScheduleEvent | ScheduleRequest) -> bool:
        """Whether this person is of the leader's office."""
        return any(belongs(post, subject.leader_position_id, subject.leader_unit_id) for post in self._posts)

    def concerned(self, request: ScheduleRequest) -> bool:
        """Whether it is this person's business at all: they asked for it, or it is for their leader."""
        return request.requester.position_id in self._mine or self.in_office(request)

    def knows(self, subject: ScheduleEvent | ScheduleRequest, requester_position_id: str) -> bool:
        """Whether this person may know what it is about.

        The leader and whoever asked always; readers of its letter; the leader's office where the letter is ordinary
        or there is none.
        """
        if self._mine & {subject.leader_position_id, requester_position_id}:
            return True
        sight = self._letters.get(subject.letter_id) if subject.letter_id else LetterSight(True, False)
        if sight is None:
            return False
        return sight.readable or (sight.ordinary and self.in_office(subject))
