"""What is told of deadlines. Invariant: only those who can still do something hear of one."""

from zoneinfo import ZoneInfo

from services.contracts.routing import DeadlineNeared, DeadlinePassed
from services.notify.domain.known_letter import KnownLetter
from services.notify.domain.notification import Links, Message, Moment, Reason
from services.notify.domain.phrases import headline, instant


def neared(event: DeadlineNeared, letter: KnownLetter, zone: ZoneInfo) -> list[Message]:
    """To those the branch waits for."""
    until = f"paling lambat {instant(event.due_at, zone)}"
    why = "surat ini menunggu tindak lanjut Anda"
    text = f"{letter.numbered} di {event.unit_name} harus selesai {until}. Anda menerima ini karena {why}."
    title = headline("Batas waktu mendekat", event.subject if letter.shown else None)
    return _told(event, "deadline_neared", title, text, f"Di {event.unit_name} {until}.")


def passed(event: DeadlinePassed, letter: KnownLetter, zone: ZoneInfo) -> list[Message]:
    """To those the branch waits for, and its unit's holders."""
    until = f"seharusnya selesai paling lambat {instant(event.due_at, zone)}"
    why = "surat ini menunggu tindak lanjut Anda atau unit Anda"
    text = f"{letter.numbered} di {event.unit_name} {until}. Anda menerima ini karena {why}."
    title = headline("Batas waktu terlewati", event.subject if letter.shown else None)
    return _told(event, "deadline_passed", title, text, f"Di {event.unit_name} {until}.")


def _told(event: DeadlineNeared | DeadlinePassed, reason: Reason, title: str, text: str, briefly: str) -> list[Message]:
    return [
        Message(
            position_id=position_id,
            reason=reason,
            title=title,
            text=text,
            links=Links(letter_id=event.letter_id),
            moment=Moment(at=event.at, briefly=briefly),
        )
        for position_id in dict.fromkeys(event.told)
    ]
