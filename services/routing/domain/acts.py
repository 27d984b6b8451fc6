"""What may be done with a branch, and when. Invariant: of two acts that do not go together the second is refused with
409 and the present state; an act repeated by the same position changes nothing.

Each function answers whether there is anything to do: False where the same was done before by the same position.
"""

from services.chassis.errors import ServiceError, conflict
from services.contracts.vocabulary import Actor
from services.routing.domain.branch import Act, Branch

UNTOUCHED = ("sent", "read", "received")


def may_read(branch: Branch) -> bool:
    """Opening a letter: the first reading stays. A letter that has left cannot be opened where it was."""
    if branch.state == "recalled":
        raise _refused(branch, "branch_recalled", f"Surat ini sudah ditarik kembali oleh {_by(branch.recalled)}.")
    if branch.state in ("returned", "redirected", "voided"):
        raise _refused(branch, f"branch_{branch.state}", _SAID[branch.state])
    return branch.read is None


def may_receive(branch: Branch, actor: Actor) -> bool:
    """Accepting a letter as the unit's work."""
    if branch.is_live and branch.received is not None and branch.state != "returned":
        if branch.received.actor.position_id == actor.position_id:
            return False
        raise _refused(branch, "branch_already_received", f"Surat ini sudah diterima oleh {branch.received.display}.")
    _untouched(branch)
    return True


def may_return(branch: Branch, actor: Actor) -> bool:
    """Giving a letter back to its sender, before anything was done about it."""
    if branch.state == "returned" and _same(branch.returned, actor):
        return False
    _for_action(branch, "Tembusan untuk diketahui tidak dapat dikembalikan.")
    _untouched(branch)
    return True


def may_redirect(branch: Branch, actor: Actor) -> bool:
    """Sending it to another place: by who got it, before anything was done, or by the sender it came back to."""
    if branch.state == "redirected" and _same(branch.redirected, actor):
        return False
    _for_action(branch, "Tembusan untuk diketahui tidak dapat dialihkan.")
    if branch.state != "returned":
        _untouched(branch)
    return True


def may_recall(branch: Branch, actor: Actor) -> bool:
    """Taking it back, while nobody there has read it."""
    if branch.state == "recalled" and _same(branch.recalled, actor):
        return False
    if branch.state != "sent":
        reader = f" oleh {branch.read.display}" if branch.read else ""
        detail = f"Surat ini sudah dibaca{reader}, jadi tidak dapat ditarik kembali."
        raise _refused(branch, "branch_not_unread", detail if branch.read else _SAID[branch.state])
    return True


def may_close(branch: Branch, actor: Actor) -> bool:
    """Saying that nothing more is needed, while no disposition is open; the sender may so settle a returned letter."""
    if branch.state == "done" and branch.closed and _same(branch.closed, actor):
        return False
    if branch.state == "returned":
        return True
    _untouched(branch)
    return True


def may_reopen(branch: Branch, actor: Actor) -> bool:
    """Making work of it again."""
    if branch.state in ("received", "returned") and _same(branch.reopened, actor):
        return False
    _for_action(branch, "Tembusan untuk diketahui tidak dapat dibuka kembali.")
    if branch.state != "done":
        raise _refused(branch, "branch_not_done", "Hanya surat yang sudah selesai yang dapat dibuka kembali.")
    return True


def may_file(branch: Branch, actor: Actor) -> bool:
    """Putting it into the files, once it is done."""
    if branch.filed is not None:
        if _same(branch.filed, actor):
            return False
        raise _refused(branch, "branch_already_filed", f"Surat ini sudah diarsipkan oleh {branch.filed.display}.")
    if branch.state != "done":
        raise _refused(branch, "branch_not_done", "Hanya surat yang sudah selesai yang dapat diarsipkan.")
    return True


_SAID = {
    "sent": "Surat ini belum dibaca.",
    "read": "Surat ini sudah dibaca.",
    "received": "Surat ini sudah diterima.",
    "in_progress": "Surat ini sudah didisposisikan dan sedang diproses.",
    "done": "Surat ini sudah selesai.",
    "returned": "Surat ini sudah dikembalikan kepada pengirim.",
    "recalled": "Surat ini sudah ditarik kembali oleh pengirim.",
    "redirected": "Surat ini sudah dialihkan ke tujuan lain.",
    "voided": "Pendaftaran surat ini sudah dibatalkan.",
}


def _untouched(branch: Branch) -> None:
    if branch.state == "in_progress":
        raise _refused(branch, "branch_already_in_progress", _SAID["in_progress"])
    if branch.state not in UNTOUCHED:
        raise _refused(branch, f"branch_{branch.state}", _SAID[branch.state])


def _for_action(branch: Branch, detail: str) -> None:
    if branch.role == "copy":
        raise _refused(branch, "branch_is_copy", detail)


def _same(act: Act | None, actor: Actor) -> bool:
    return act is not None and act.actor.position_id == actor.position_id


def _by(act: Act | None) -> str:
    return act.display if act else "pengirim"


def _refused(branch: Branch, code: str, detail: str) -> ServiceError:
    return conflict(code, detail, state=branch.snapshot())
