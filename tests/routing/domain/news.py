"""What disposition tells of four dispositions on one letter, each in the order it happened: versions count from 1."""

from typing import Any

from services.contracts import disposition as d
from services.contracts.event import Event
from tests.routing.domain.samples import AT, actor_at, issue, recipient

NOTE = d.Instruction(code="diketahui", label="Untuk diketahui", effect="closes_on_read")
ROOT = issue("d1", recipient("roads", responsible=True), recipient("finance", responsible=False))
PASSED_ON = issue("d2", recipient("heavy", responsible=True), parent_disposition_id="d1", parent_recipient_id="r-roads")
OTHER = issue("d3", recipient("clerk", responsible=True, instruction=NOTE), unit="unit-dinas", branch_id="b2")
MISTAKEN = issue("d4", recipient("porter", responsible=False), unit="unit-dinas", branch_id="b2")


def about(disposition_id: str, who: str, **fields: Any) -> dict[str, Any]:
    """What every event about a recipient says."""
    return {
        "disposition_id": disposition_id,
        "letter_id": "letter",
        "letter_subject": "Permohonan",
        "recipient_id": f"r-{who}",
        "actor": actor_at(who),
        "at": AT,
        **fields,
    }


def answer(disposition_id: str, who: str, **fields: Any) -> dict[str, Any]:
    """What every answer says."""
    return about(disposition_id, who, issuer_position_id="head", **fields)


def completion(issued: d.DispositionIssued, index: int, *, all_done: bool) -> d.DispositionCompleted:
    """A recipient is done."""
    who = issued.recipients[index].position_id
    return done(issued.disposition_id, who, all_done=all_done, branch_id=issued.branch_id)


def done(disposition_id: str, who: str, *, all_done: bool, **fields: Any) -> d.DispositionCompleted:
    """A recipient is done, by its name."""
    return d.DispositionCompleted(**answer(disposition_id, who, all_done=all_done, **fields))


def reading(disposition_id: str, who: str) -> d.DispositionRead:
    """A recipient opened it."""
    fields = about(disposition_id, who)
    return d.DispositionRead(**{name: fields[name] for name in d.DispositionRead.model_fields})


def reply(disposition_id: str, who: str) -> d.DispositionReplied:
    """A recipient answered."""
    return d.DispositionReplied(**answer(disposition_id, who, reply_id=f"reply-{disposition_id}", text="Siap!"))


def declining(
    disposition_id: str, who: str, *, all_done: bool, branch_id: str | None = None, by_nobody: bool = False
) -> d.DispositionDeclined:
    """A recipient gave its part back, or the house did for it."""
    told = answer(disposition_id, who, all_done=all_done, branch_id=branch_id)
    del told["actor"]
    return d.DispositionDeclined(
        position_title=who, reason="Bukan tugas kami", actor=None if by_nobody else actor_at(who), **told
    )


def recall(
    disposition_id: str, *who: str, all_done: bool, branch_id: str | None = None, reason: str | None = None
) -> d.DispositionRecalled:
    """The issuer took it back."""
    told = about(disposition_id, "head", all_done=all_done, branch_id=branch_id, reason=reason)
    del told["recipient_id"]
    return d.DispositionRecalled(recipient_ids=tuple(f"r-{one}" for one in who), **told)


def adding(disposition_id: str, *recipients: d.Recipient, branch_id: str | None = None) -> d.RecipientAdded:
    """The issuer instructed further positions."""
    told = about(disposition_id, "head", branch_id=branch_id)
    del told["recipient_id"]
    return d.RecipientAdded(recipients=recipients, **told)


def reopening(
    disposition_id: str, who: str, closes_on: d.ClosesOn = "completion", branch_id: str | None = None
) -> d.RecipientReopened:
    """The issuer made work of a part again."""
    told = about(disposition_id, who, branch_id=branch_id, actor=actor_at("head"))
    return d.RecipientReopened(closes_on=closes_on, reason="Belum lengkap", **told)


def handing_over(disposition_id: str, former: str, to: str, who: str | None = None) -> d.WorkHandedOver:
    """A part, or without ``who`` the issuer's side, lies with another position."""
    told = about(disposition_id, who or "", actor=actor_at("head"))
    return d.WorkHandedOver(
        **{**told, "recipient_id": f"r-{who}" if who else None},
        former_position_id=former,
        former_position_title=former,
        position_id=to,
        position_title=to,
        unit_id="unit-pu",
        unit_name="Dinas PU",
        reason="Mutasi jabatan",
    )


def responsible(disposition_id: str, who: str | None) -> d.ResponsibleChanged:
    """Somebody else is responsible now, or nobody of this disposition."""
    return d.ResponsibleChanged(
        disposition_id=disposition_id,
        letter_id="letter",
        letter_subject="Permohonan",
        recipient_id=f"r-{who}" if who else None,
        at=AT,
    )


def words(disposition_id: str, kind: d.CommentKind, text: str) -> d.DispositionCommented:
    """Somebody said something."""
    told = about(disposition_id, "roads")
    return d.DispositionCommented(comment_id=f"c-{text}", kind=kind, text=text, **told)


def receiving(disposition_id: str, who: str) -> d.DispositionReceived:
    """A recipient took it on."""
    fields = about(disposition_id, who)
    return d.DispositionReceived(**{name: fields[name] for name in d.DispositionReceived.model_fields})


def progress(disposition_id: str, who: str, percent: int, note: str | None = None) -> d.DispositionProgressed:
    """A recipient said how far it is."""
    return d.DispositionProgressed(**answer(disposition_id, who, percent=percent, note=note))


def amending(disposition_id: str, who: str, **fields: Any) -> d.RecipientAmended:
    """The issuer changed a deadline or a note."""
    return d.RecipientAmended(**about(disposition_id, who, **fields))


def overdue(disposition_id: str, who: str) -> d.DispositionDeadlinePassed:
    """A part is still open when it is due."""
    told = about(disposition_id, who, due_at=AT)
    del told["actor"]
    return d.DispositionDeadlinePassed(position_title=who, **told)


STREAMS: dict[str, dict[str, Event]] = {
    "d1": {
        "issued": ROOT,
        "read": reading("d1", "roads"),
        "taken on": receiving("d1", "roads"),
        "half": completion(ROOT, 1, all_done=False),
        "replied": reply("d1", "roads"),
        "added": adding("d1", recipient("planner", responsible=False)),
        "declined": declining("d1", "planner", all_done=False),
        "amended": amending("d1", "roads", note="Segera", former_note=None),
        "progress": progress("d1", "roads", 40),
        "done": done("d1", "roads", all_done=True),
        "reopened": reopening("d1", "finance"),
        "handed over": handing_over("d1", "finance", "treasurer", "finance"),
        "responsible": responsible("d1", "finance"),
        "asked": words("d1", "question", "Anggarannya?"),
        "overdue": overdue("d1", "finance"),
        "over": done("d1", "finance", all_done=True),
    },
    "d2": {"issued": PASSED_ON, "done": completion(PASSED_ON, 0, all_done=True)},
    "d3": {
        "issued": OTHER,
        "read": reading("d3", "clerk"),
        "over": completion(OTHER, 0, all_done=True),
    },
    "d4": {
        "issued": MISTAKEN,
        "recalled": recall("d4", "porter", all_done=True, branch_id="b2"),
        "seat": handing_over("d4", "chief-unit-dinas", "deputy"),
    },
}
NEWS: dict[str, Event] = {f"{name} {what}": event for name, told in STREAMS.items() for what, event in told.items()}
VERSIONS: dict[str, int] = {
    f"{name} {what}": version for name, told in STREAMS.items() for version, what in enumerate(told, start=1)
}
