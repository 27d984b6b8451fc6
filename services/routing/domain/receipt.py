"""The receipt (tanda terima) of a letter. Invariant: it says what was handed in, as it was handed in; where the letter
went afterwards is not on it, and what a confidential one is about is there only for those who handle such letters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.projections.local_dates import long_date, moment
from services.routing.domain.branch import Branch
from services.routing.domain.letter import Letter

MASKED = "(dirahasiakan)"
MOST_NAMES = 6


@dataclass(frozen=True)
class Slip:
    """What is on a receipt beside the letter: the sender's key to it, and who prints it when.

    ``shows_subject``: whether whoever prints it may have the subject of a confidential letter on paper.
    """

    check_word: str
    address: str
    printed_by: str
    printed_at: datetime
    shows_subject: bool


def receipt(letter: Letter, branches: Sequence[Branch], slip: Slip, zone: ZoneInfo) -> dict[str, object]:
    """What is printed, by name."""
    summary = letter.summary
    first = [branch for branch in branches if branch.opened_at == letter.delivered_at and branch.rule is None]
    hidden = summary.is_secret and not slip.shows_subject
    return {
        "mark": _mark(letter),
        "unit": letter.registered_by.unit_name,
        "agenda_number": f"{summary.agenda_number}/{summary.year}",
        "received_on": long_date(summary.received_on),
        "sender": summary.sender.name,
        "letter_number": summary.letter_number or "-",
        "letter_date": long_date(summary.letter_date) if summary.letter_date else "-",
        "kind": summary.kind,
        "subject": MASKED if hidden else summary.subject,
        "addressees": _named([branch.to for branch in first if branch.role == "addressee"]),
        "copies": _named([branch.to for branch in first if branch.role == "copy"]),
        "tracking_code": summary.tracking_code,
        "check_word": slip.check_word,
        "address": slip.address,
        "registered_by": letter.registered_by.person_name,
        "registered_at": moment(letter.registered_at, zone),
        "printed_by": slip.printed_by,
        "printed_at": moment(slip.printed_at, zone),
    }


def _mark(letter: Letter) -> str:
    """What has to be seen at once: that it is void, or was only entered to practise."""
    if letter.voided:
        return "DIBATALKAN"
    return "LATIHAN – BUKAN TANDA TERIMA" if letter.summary.training else ""


def _named(names: Sequence[str]) -> str:
    """``a; b; dan 3 lainnya``."""
    shown = names if len(names) <= MOST_NAMES else names[: MOST_NAMES - 1]
    rest = len(names) - len(shown)
    return "; ".join([*shown, f"dan {rest} lainnya"] if rest else shown)
