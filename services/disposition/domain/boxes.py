"""Boxes: which lists a disposition stands in, and for whom. Invariant: a pure function of the disposition, so a box and
its count cannot disagree, whatever the order in which things happened.

Given by a position: ``waiting`` for a first answer, ``answered``, ``returned`` by all who were left, ``done``; what is
``overdue`` stands in its own box too. Given to a position: ``new`` while unread, then ``to_do`` or ``coordinating`` by
role, ``done``; ``late`` beside these once its deadline has passed.
"""

from typing import Literal, get_args

from services.disposition.domain.disposition import Disposition
from services.disposition.domain.recipient import DispositionRecipient

GivenBox = Literal["waiting", "answered", "returned", "overdue", "given_done"]
ReceivedBox = Literal["new", "to_do", "coordinating", "late", "done"]
Box = Literal[
    "given", "waiting", "answered", "returned", "overdue", "given_done",
    "received", "new", "to_do", "coordinating", "late", "done",
]  # fmt: skip
BOXES: tuple[Box, ...] = get_args(Box)
GIVEN: frozenset[Box] = frozenset({"given", "waiting", "answered", "returned", "overdue", "given_done"})

LABELS: dict[Box, str] = {
    "given": "Semua yang diberikan",
    "waiting": "Menunggu jawaban",
    "answered": "Sudah dijawab",
    "returned": "Dikembalikan penerima",
    "overdue": "Lewat batas waktu",
    "given_done": "Selesai",
    "received": "Semua yang diterima",
    "new": "Baru",
    "to_do": "Perlu dikerjakan",
    "coordinating": "Koordinasi",
    "late": "Terlambat",
    "done": "Selesai",
}


def tab(position_id: str, box: Box) -> str:
    """What stands in the index for ``box`` of a position."""
    return f"{position_id}#{box}"


def tabs_of(disposition: Disposition) -> list[str]:
    """Every place a disposition stands in."""
    given = [tab(disposition.owner.position_id, box) for box in given_boxes(disposition)]
    return given + [tab(one.position_id, box) for one in disposition.recipients for box in received_boxes(one)]


def given_boxes(disposition: Disposition) -> list[Box]:
    """The boxes it stands in on the giving side."""
    found: list[Box] = ["given"]
    if disposition.state in ("done", "recalled"):
        return [*found, "given_done"]
    if disposition.state == "returned":
        return [*found, "returned"]
    found.append("answered" if any(_answered(one) for one in disposition.recipients) else "waiting")
    if any(one.is_open and one.reminders.overdue for one in disposition.recipients):
        found.append("overdue")
    return found


def received_boxes(part: DispositionRecipient) -> list[Box]:
    """The boxes a part stands in for the position it lies with; none once it was taken back."""
    if part.state == "recalled":
        return []
    if not part.is_open:
        return ["received", "done"]
    found: list[Box] = ["received"]
    if part.state == "sent":
        found.append("new")
    else:
        found.append("to_do" if part.responsible else "coordinating")
    if part.reminders.overdue:
        found.append("late")
    return found


def _answered(part: DispositionRecipient) -> bool:
    return bool(part.replied_at or part.progressed_at or part.completed_at or part.declined_at)
