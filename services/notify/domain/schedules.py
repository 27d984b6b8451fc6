"""What is told of requests for a leader's presence. Invariant: leader, secretary and aide always hear of it."""

from zoneinfo import ZoneInfo

from services.contracts.schedule import RequestApproved, RequestDeclined, RequestSubmitted
from services.notify.domain.notification import Links, Message, Reason
from services.notify.domain.phrases import headline, period, shortened, styled

RequestEvent = RequestSubmitted | RequestApproved | RequestDeclined


def submitted(event: RequestSubmitted, zone: ZoneInfo, *, shown: bool) -> list[Message]:
    """A request came."""
    when = f" untuk {period(event.starts_at, event.ends_at, zone)}" if event.starts_at and event.ends_at else ""
    what = f"{styled(event.requester)} mengajukan permintaan jadwal{when}{_where(event.place, shown=shown)}."
    links = _links(event).model_copy(update={"disposition_id": event.disposition_id})
    title = f"Permintaan jadwal {event.leader_title}"
    return _told(event, "schedule_submitted", headline(title, event.title if shown else None), what, links)


def approved(event: RequestApproved, zone: ZoneInfo, *, shown: bool) -> list[Message]:
    """It became an event."""
    when = period(event.starts_at, event.ends_at, zone)
    where = _where(event.place, shown=shown)
    what = f"{styled(event.actor)} menyetujui jadwal {event.leader_title}: {when}{where}."
    title = headline("Jadwal disetujui", event.title if shown else None)
    return _told(event, "schedule_approved", title, what, _links(event))


def declined(event: RequestDeclined, *, shown: bool) -> list[Message]:
    """It was refused."""
    reason = f" Alasan: {shortened(event.reason).rstrip('.')}." if shown else ""
    what = f"{styled(event.actor)} menolak permintaan jadwal {event.leader_title}.{reason}"
    title = headline("Permintaan jadwal ditolak", event.title if shown else None)
    return _told(event, "schedule_declined", title, what, _links(event))


def _told(event: RequestEvent, reason: Reason, title: str, what: str, links: Links) -> list[Message]:
    positions = dict.fromkeys((*event.told, event.requester.position_id))
    return [
        Message(
            position_id=position,
            reason=reason,
            title=title,
            text=f"{what} Anda menerima ini karena {_why(event, position)}.",
            links=links,
        )
        for position in positions
    ]


def _why(event: RequestEvent, position_id: str) -> str:
    if position_id == event.leader_position_id:
        return "ini menyangkut jadwal Anda"
    if position_id in event.told:
        return f"Anda mengurus jadwal {event.leader_title}"
    return "Anda yang mengajukan permintaan ini"


def _where(place: str | None, *, shown: bool) -> str:
    return f" di {shortened(place)}" if place and shown else ""


def _links(event: RequestEvent) -> Links:
    return Links(letter_id=event.letter_id, request_id=event.request_id)
