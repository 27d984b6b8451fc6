"""A request for a leader's presence. Invariant: it is decided once; what was asked for stays as it was asked, but for
what an undecided one has from a letter whose invitation is corrected.

``version`` counts the events published of it, so it is also the sequence of the newest one on its stream.
"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.chassis.errors import conflict
from services.contracts.schedule import RequestType
from services.contracts.vocabulary import Actor
from services.schedule.domain.history import Entry

RequestState = Literal["submitted", "approved", "declined"]


class ScheduleRequest(BaseModel):
    """What is asked of which leader, by whom, and what became of it.

    ``note`` says who is to go, where a disposition says so.
    ``confidential`` where it comes from a letter that is not ordinary: its title is then told only to readers.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    leader_position_id: str
    leader_title: str
    leader_unit_id: str
    type: RequestType
    title: str
    place: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    note: str | None = None
    letter_id: str | None = None
    disposition_id: str | None = None
    confidential: bool = False
    requester: Actor
    state: RequestState = "submitted"
    event_id: str | None = None
    submitted_at: datetime
    history: tuple[Entry, ...]
    version: int = 1

    def must_be_open(self) -> None:
        """409 with the present state where it has been decided."""
        if self.state != "submitted":
            raise conflict(
                "state_changed", "Permohonan ini sudah diputuskan.", state=self.state, event_id=self.event_id
            )

    def approved(self, event_id: str, entry: Entry) -> "ScheduleRequest":
        """The request once it became an event."""
        return self._decided("approved", entry, event_id)

    def declined(self, entry: Entry) -> "ScheduleRequest":
        """The request once it was refused."""
        return self._decided("declined", entry, None)

    def noting(self, entry: Entry, **facts: object) -> "ScheduleRequest":
        """The same after something became of its letter that decides nothing and is not told on its stream."""
        return self.model_copy(update={**facts, "history": (*self.history, entry)})

    def _decided(self, state: RequestState, entry: Entry, event_id: str | None) -> "ScheduleRequest":
        self.must_be_open()
        changes = {
            "state": state,
            "event_id": event_id,
            "history": (*self.history, entry),
            "version": self.version + 1,
        }
        return self.model_copy(update=changes)
