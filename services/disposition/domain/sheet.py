"""The lembar disposisi. Invariant: it says what was ordered, as it was ordered and by whom in which capacity; what
became of it afterwards is not on it, so the same order is the same page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from services.contracts.disposition import RecipientRole
from services.contracts.routing import AssignmentChanged
from services.contracts.vocabulary import Confidentiality, Urgency
from services.disposition.domain.catalogue import InstructionEntry, in_order
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.recipient import DispositionRecipient
from services.disposition.domain.sheet_form import SheetForm
from services.projections.local_dates import long_date, moment
from services.projections.titles import display_title

LAYOUT = 1
"""Counted up with the template: another layout is another page."""
UNKNOWN = "-"
PRACTICE = "LATIHAN – BUKAN PERINTAH"
MOST_OF_A_NOTE = 400
"""What a line of the sheet holds of a recipient's own note; the rest is in the system."""
ROLES: dict[RecipientRole, str] = {
    "responsible": "penanggung jawab",
    "coordinating": "koordinasi",
    "informed": "untuk diketahui",
}
URGENCIES: dict[Urgency, str] = {"very_urgent": "Sangat segera", "urgent": "Segera", "normal": "Biasa"}
CONFIDENTIALITIES: dict[Confidentiality, str] = {
    "top_secret": "Sangat rahasia",
    "secret": "Rahasia",
    "restricted": "Terbatas",
    "ordinary": "Biasa",
}


@dataclass(frozen=True)
class Particulars:
    """What a letter's own office wrote of it in its book."""

    sender: str
    letter_number: str | None = None
    letter_date: date | None = None
    received_on: date | None = None


@dataclass(frozen=True)
class Print:
    """What a sheet is made of beside the disposition: the form, the letter, the catalogue, who signed."""

    form: SheetForm
    regency: str
    particulars: Particulars | None
    catalogue: Mapping[str, InstructionEntry]
    official: AssignmentChanged | None
    zone: ZoneInfo


def sheet(disposition: Disposition, made_of: Print) -> dict[str, Any]:
    """What is printed, by name."""
    issuer, form = disposition.issuer, made_of.form
    issued_on = long_date(disposition.issued_at.astimezone(made_of.zone).date())
    place = form.place_of(issuer.unit_id)
    given = [one for one in disposition.recipients if one.state != "recalled"]
    return {
        "layout": LAYOUT,
        "words": form.words(),
        "letterhead": form.head_of(issuer.unit_id, issuer.unit_name, made_of.regency),
        **_letter(disposition, made_of),
        "recipients": [_recipient(one) for one in given],
        "instructions": _boxes(given, made_of.catalogue),
        "note": disposition.note or "",
        "place_and_date": f"{place}, {issued_on}" if place else issued_on,
        "given_at": moment(disposition.issued_at, made_of.zone),
        "signer": signer_of(disposition),
        "name": issuer.person_name,
        "rank": (made_of.official.rank if made_of.official else None) or "",
        "nip": (made_of.official.nip if made_of.official else None) or "",
        "disposition_id": disposition.id,
        **_mark(disposition),
    }


def _mark(disposition: Disposition) -> dict[str, str]:
    """What is written at the head of a sheet that orders nothing. Any other says nothing of it, so its page stays."""
    return {"mark": PRACTICE} if disposition.letter and disposition.letter.training else {}


def signer_of(disposition: Disposition) -> str:
    """The position that gave it, with the capacity: "Plt. Kepala Dinas PU"."""
    return display_title(disposition.issuer.position_title, disposition.issuer.capacity)


def official_of(
    disposition: Disposition, assignments: Iterable[AssignmentChanged], zone: ZoneInfo
) -> AssignmentChanged | None:
    """The assignment in which the issuer gave it, or None where this house does not know of it.

    The latest that had begun: whether it has ended since does not matter.
    """
    issuer, day = disposition.issuer, disposition.issued_at.astimezone(zone).date()
    mine = [
        one
        for one in assignments
        if (one.person_id, one.capacity) == (issuer.person_id, issuer.capacity) and one.starts_on <= day
    ]
    return max(mine, key=lambda one: one.starts_on, default=None)


def _letter(disposition: Disposition, made_of: Print) -> dict[str, Any]:
    line, known = disposition.letter, made_of.particulars
    sender = known.sender if known else line.sender if line else UNKNOWN
    return {
        "sender": sender,
        "letter_number": (known.letter_number if known else None) or UNKNOWN,
        "letter_date": _day(known.letter_date if known else None),
        "received_on": _day(known.received_on if known else None),
        "agenda_number": f"{line.agenda_number}/{line.year}" if line else UNKNOWN,
        "urgency": _choice(URGENCIES, line.urgency if line else None),
        "confidentiality": _choice(CONFIDENTIALITIES, line.confidentiality if line else None),
        "subject": disposition.letter_subject,
    }


def _choice(labels: Mapping[Any, str], chosen: str | None) -> list[list[Any]]:
    """Boxes, of which the chosen one is ticked."""
    return [[label, value == chosen] for value, label in labels.items()]


def _day(day: date | None) -> str:
    return long_date(day) if day else UNKNOWN


def _recipient(part: DispositionRecipient) -> dict[str, str]:
    """A line on the left. Work that was handed over since was ordered of the position before."""
    seat = part.former[0] if part.former else part
    due = f"batas {long_date(part.due_on)}" if part.due_on else ""
    return {
        "title": seat.position_title,
        "terms": ", ".join(one for one in (ROLES[part.role], due) if one),
        "note": _short(part.note or ""),
    }


def _short(note: str) -> str:
    return note if len(note) <= MOST_OF_A_NOTE else f"{note[:MOST_OF_A_NOTE].rstrip()}… (selengkapnya di sistem)"


def _boxes(given: list[DispositionRecipient], catalogue: Mapping[str, InstructionEntry]) -> list[dict[str, Any]]:
    """The boxes on the right: all that may be given and all that was, with the words it was given with.

    ``whom`` are the numbers of those it is for, where it is not for all of them.
    """
    labels = {one.code: one.label for part in reversed(given) for one in part.instructions}
    shown = [one for one in catalogue.values() if one.code in labels or not one.retired]
    listed = [one.code for one in in_order(shown)]
    return [
        {
            "label": labels.get(code) or catalogue[code].labels.id,
            "ticked": code in labels,
            "whom": _numbers(code, given),
        }
        for code in dict.fromkeys([*listed, *labels])
    ]


def _numbers(code: str, given: list[DispositionRecipient]) -> str:
    found = [str(number) for number, part in enumerate(given, 1) if any(one.code == code for one in part.instructions)]
    return "" if len(found) == len(given) else ", ".join(found)
