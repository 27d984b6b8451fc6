"""Events of schedule: requests for a leader's presence and what became of them.

Stream: ``schedule_request/<id>``, versions from 1. ``told`` are the positions that must hear of it: the leader, the
personal secretary and the aide; none can be skipped.
"""

from typing import Literal

from pydantic import AwareDatetime

from services.contracts.event import Event
from services.contracts.vocabulary import Actor

RequestType = Literal["invitation", "audience", "ceremony", "other"]


class RequestSubmitted(
    Event, type="id.lontar.schedule.request.submitted.v1", subject=("schedule_request", "request_id")
):
    """Somebody asked for a leader's presence; without times where the letter named none yet."""

    request_id: str
    leader_position_id: str
    leader_title: str
    type: RequestType
    title: str
    place: str | None = None
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    letter_id: str | None = None
    disposition_id: str | None = None
    requester: Actor
    told: tuple[str, ...]
    at: AwareDatetime


class RequestApproved(Event, type="id.lontar.schedule.request.approved.v1", subject=("schedule_request", "request_id")):
    """The request became an event in the leader's calendar."""

    request_id: str
    event_id: str
    leader_position_id: str
    leader_title: str
    title: str
    place: str | None = None
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    letter_id: str | None = None
    requester: Actor
    told: tuple[str, ...]
    actor: Actor
    at: AwareDatetime


class RequestDeclined(Event, type="id.lontar.schedule.request.declined.v1", subject=("schedule_request", "request_id")):
    """The request was refused, with the reason."""

    request_id: str
    leader_position_id: str
    leader_title: str
    title: str
    letter_id: str | None = None
    requester: Actor
    told: tuple[str, ...]
    reason: str
    actor: Actor
    at: AwareDatetime
