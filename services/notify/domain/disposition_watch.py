"""What is told of dispositions that nobody has acted on. Invariant: it says what is waited for since or until when, in
words that ask for it to be done now; of a secret letter nothing else.
"""

from zoneinfo import ZoneInfo

from services.contracts.disposition import (
    DispositionDeadlineNeared,
    DispositionDeadlinePassed,
    DispositionLeftUnread,
    ReportAwaited,
)
from services.notify.domain.notification import Links, Message, Moment, Reason
from services.notify.domain.phrases import headline, instant

WatchEvent = DispositionLeftUnread | DispositionDeadlineNeared | DispositionDeadlinePassed | ReportAwaited


def left_unread(event: DispositionLeftUnread, zone: ZoneInfo, *, shown: bool) -> list[Message]:
    """To who has not read it; once that has lasted, to who gave it."""
    since = f"disposisi yang diberikan {instant(event.issued_at, zone)}"
    if event.escalated:
        what = f"{event.position_title} belum membaca {since}."
        why = "Anda yang memberi disposisi ini"
        return _told(event, "disposition_escalated", "Disposisi belum dibaca", what, why, shown=shown)
    what = f"{event.position_title} belum membaca {since}. Mohon dibaca sekarang."
    why = "disposisi ini menunggu Anda"
    return _told(event, "disposition_unread", "Segera baca disposisi", what, why, shown=shown)


def neared(event: DispositionDeadlineNeared, zone: ZoneInfo, *, shown: bool) -> list[Message]:
    """To those it waits for."""
    what = f"Bagian {event.position_title} harus selesai paling lambat {instant(event.due_at, zone)}."
    why = "disposisi ini menunggu tindak lanjut Anda"
    return _told(event, "disposition_neared", "Batas waktu disposisi mendekat", what, why, shown=shown)


def passed(event: DispositionDeadlinePassed, zone: ZoneInfo, *, shown: bool) -> list[Message]:
    """To those it waits for, and to who gave it."""
    what = f"Bagian {event.position_title} seharusnya selesai paling lambat {instant(event.due_at, zone)}."
    why = "disposisi ini menunggu tindak lanjut Anda, atau Anda yang memberinya"
    return _told(
        event, "disposition_overdue", "Disposisi melewati batas waktu, segera ditangani", what, why, shown=shown
    )


def report_awaited(event: ReportAwaited, *, shown: bool) -> list[Message]:
    """To who is to report every so often, or to be reminded until it is done, and has said nothing."""
    what = f"Laporan dari {event.position_title} atas disposisi ini masih ditunggu."
    why = "disposisi ini menunggu laporan Anda"
    return _told(event, "disposition_report_awaited", "Laporan disposisi ditunggu", what, why, shown=shown)


def _told(event: WatchEvent, reason: Reason, kind: str, what: str, why: str, *, shown: bool) -> list[Message]:
    return [
        Message(
            position_id=position_id,
            reason=reason,
            title=headline(kind, event.letter_subject if shown else None),
            text=f"{what} Anda menerima ini karena {why}.",
            links=Links(letter_id=event.letter_id, disposition_id=event.disposition_id),
            moment=Moment(at=event.at, briefly=what),
        )
        for position_id in dict.fromkeys(event.told)
    ]
