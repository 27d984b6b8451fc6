"""Requests in the published language. Invariant: the title of a confidential matter does not leave the service."""

from services.contracts.schedule import RequestApproved, RequestDeclined, RequestSubmitted
from services.schedule.domain.event import ScheduleEvent
from services.schedule.domain.history import Entry
from services.schedule.domain.request import ScheduleRequest
from services.schedule.domain.seen import UNTOLD


def submitted(request: ScheduleRequest, told: tuple[str, ...]) -> RequestSubmitted:
    """That a leader's presence is asked for."""
    return RequestSubmitted(
        request_id=request.id,
        leader_position_id=request.leader_position_id,
        leader_title=request.leader_title,
        type=request.type,
        title=_title(request),
        place=None if request.confidential else request.place,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        letter_id=request.letter_id,
        disposition_id=request.disposition_id,
        requester=request.requester,
        told=told,
        at=request.submitted_at,
    )


def approved(request: ScheduleRequest, event: ScheduleEvent, entry: Entry, told: tuple[str, ...]) -> RequestApproved:
    """That it became an event."""
    return RequestApproved(
        request_id=request.id,
        event_id=event.id,
        leader_position_id=request.leader_position_id,
        leader_title=request.leader_title,
        title=_title(request),
        place=None if request.confidential else event.place,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        letter_id=request.letter_id,
        requester=request.requester,
        told=told,
        actor=entry.actor,
        at=entry.at,
    )


def declined(request: ScheduleRequest, entry: Entry, told: tuple[str, ...]) -> RequestDeclined:
    """That it was refused."""
    return RequestDeclined(
        request_id=request.id,
        leader_position_id=request.leader_position_id,
        leader_title=request.leader_title,
        title=_title(request),
        letter_id=request.letter_id,
        requester=request.requester,
        told=told,
        reason=entry.reason or "",
        actor=entry.actor,
        at=entry.at,
    )


def _title(request: ScheduleRequest) -> str:
    return UNTOLD if request.confidential else request.title
