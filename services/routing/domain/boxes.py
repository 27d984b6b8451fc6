"""Boxes: which lists a branch stands in, and with whom. Invariant: a pure function of the branch, so a box and its
count cannot disagree, whatever the order in which news came.
"""

from typing import Literal, get_args

from services.routing.domain.branch import Branch

Box = Literal["inbox", "not_followed_up", "followed_up", "overdue", "copies", "returned", "dispatch", "done", "outbox"]
BOXES: tuple[Box, ...] = get_args(Box)
LABELS: dict[Box, str] = {
    "inbox": "Kotak masuk",
    "not_followed_up": "Belum ditindaklanjuti",
    "followed_up": "Sudah ditindaklanjuti",
    "overdue": "Melewati batas waktu",
    "copies": "Tembusan",
    "returned": "Dikembalikan",
    "dispatch": "Perlu dikirim ke luar",
    "done": "Selesai",
    "outbox": "Kotak keluar",
}


def tab(key: str, box: Box) -> str:
    """What stands in the index for ``box`` of whom ``key`` stands for."""
    return f"{key}#{box}"


def tabs_of(branch: Branch) -> list[str]:
    """Every place a branch stands in. Overdue is not one: it is the inbox, past the deadline."""
    mine = [tab(key, box) for key in branch.readers for box in _boxes(branch)]
    back = [tab(key, "returned") for key in branch.sender_readers] if branch.state == "returned" else []
    return mine + back


def _boxes(branch: Branch) -> list[Box]:
    if not branch.is_live:
        return []
    if branch.external_name:
        return ["dispatch"] if branch.is_open else ["done"] if branch.state == "done" else []
    found: list[Box] = []
    if branch.is_open:
        found.append("inbox")
    if branch.state == "done":
        found.append("done")
    if branch.role == "copy":
        return [*found, "copies"]
    if branch.state in ("in_progress", "done"):
        found.append("followed_up")
    elif branch.is_open:
        found.append("not_followed_up")
    return found
