"""Events as the other services publish them."""

from datetime import date, datetime
from typing import Any

from services.chassis.auth import HeldPosition, Principal
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.contracts.disposition import (
    DispositionCompleted,
    DispositionIssued,
    DispositionReplied,
    Instruction,
    Recipient,
)
from services.contracts.routing import (
    Branch,
    BranchRecalled,
    BranchRedirected,
    BranchReturned,
    DeadlineNeared,
    DeadlinePassed,
    LetterDelivered,
    LetterForwarded,
)
from services.contracts.schedule import RequestApproved, RequestDeclined, RequestSubmitted
from services.contracts.vocabulary import Access, Confidentiality, Party
from tests.people import actor

SUBJECT = "Permohonan pinjam alat berat"


def branch(*holders: str, role: str = "addressee", unit_name: str = "Dinas Pekerjaan Umum", **more: Any) -> Branch:
    """A branch with these holders."""
    fields = {"branch_id": new_id(), "role": role, "unit_id": new_id(), "unit_name": unit_name, "holders": holders}
    return Branch.model_validate(fields | more)


def delivered(
    *branches: Branch, letter_id: str | None = None, confidentiality: Confidentiality = "ordinary", **given: Any
) -> LetterDelivered:
    """A letter from Desa Sekartaji arrived."""
    fields: dict[str, Any] = {
        "letter_id": letter_id or new_id(),
        "agenda_number": 12,
        "year": 2025,
        "tracking_code": "ABC234",
        "subject": SUBJECT,
        "kind": "surat_permohonan",
        "category": "request",
        "urgency": "normal",
        "sender": Party(kind="unit", id=new_id(), name="Desa Sekartaji"),
        "branches": branches,
        "access": Access(confidentiality=confidentiality),
        "access_version": 1,
        "registered_at": now(),
        "delivered_at": now(),
    }
    return LetterDelivered(**fields | given)


def _of_letter(letter_id: str, who: Principal | None) -> dict[str, Any]:
    return {"letter_id": letter_id, "subject": SUBJECT, "actor": actor(who) if who else None, "at": now()}


def forwarded(who: Principal | None, *branches: Branch, letter_id: str, **more: Any) -> LetterForwarded:
    """Somebody, or a rule, brings it to further places."""
    return LetterForwarded(**_of_letter(letter_id, who), branches=branches, **more)


def returned(who: Principal, *told: str, letter_id: str) -> BranchReturned:
    """Dinas PU gives it back."""
    said = _of_letter(letter_id, who) | {"branch_id": new_id(), "unit_name": "Dinas Pekerjaan Umum", "told": told}
    return BranchReturned(**said, reason="Lampiran kurang")


def redirected(who: Principal, to: Branch, *told: str, letter_id: str) -> BranchRedirected:
    """It goes to another place instead."""
    said = _of_letter(letter_id, who) | {"branch_id": new_id(), "branch": to, "told": told}
    return BranchRedirected(**said, reason="Bukan kewenangan kami")


def recalled(who: Principal, way: Branch, letter_id: str) -> BranchRecalled:
    """The sender takes it back."""
    said = _of_letter(letter_id, who) | {"branch_id": way.branch_id, "told": way.holders}
    return BranchRecalled(**said, reason="Salah alamat")


def neared(*told: str, letter_id: str, unit_name: str = "Dinas Pekerjaan Umum") -> DeadlineNeared:
    """Its deadline comes near."""
    said = {"letter_id": letter_id, "subject": SUBJECT, "branch_id": new_id(), "unit_name": unit_name, "told": told}
    return DeadlineNeared.model_validate(said | {"due_at": STARTS, "at": now()})


def passed(*told: str, letter_id: str, unit_name: str = "Dinas Pekerjaan Umum") -> DeadlinePassed:
    """Its deadline has passed."""
    return DeadlinePassed(**neared(*told, letter_id=letter_id, unit_name=unit_name).model_dump())


def recipient(position: HeldPosition, *labels: str, responsible: bool = True, due_on: date | None = None) -> Recipient:
    """A position that is instructed."""
    return Recipient(
        recipient_id=new_id(),
        position_id=position.position_id,
        position_title=position.title,
        unit_id=position.unit_id,
        unit_name=position.unit_name,
        responsible=responsible,
        instructions=tuple(Instruction(code="pelajari", label=label, effect="reply") for label in labels),
        due_on=due_on,
    )


def issued(issuer: Principal, *recipients: Recipient, letter_id: str) -> DispositionIssued:
    """The issuer disposes the letter."""
    return DispositionIssued(
        disposition_id=new_id(),
        letter_id=letter_id,
        letter_subject=SUBJECT,
        issuer=actor(issuer),
        recipients=recipients,
        issued_at=now(),
    )


def replied(who: Principal, issuer_position_id: str, *, letter_id: str, text: str = "Siap!") -> DispositionReplied:
    """A recipient answers."""
    return DispositionReplied(
        disposition_id=new_id(),
        letter_id=letter_id,
        letter_subject=SUBJECT,
        recipient_id=new_id(),
        reply_id=new_id(),
        text=text,
        actor=actor(who),
        issuer_position_id=issuer_position_id,
        at=now(),
    )


def completed(who: Principal, issuer_position_id: str, *, letter_id: str, all_done: bool) -> DispositionCompleted:
    """A recipient is done."""
    return DispositionCompleted(
        disposition_id=new_id(),
        letter_id=letter_id,
        letter_subject=SUBJECT,
        recipient_id=new_id(),
        report="Ekskavator sudah dikirim",
        actor=actor(who),
        issuer_position_id=issuer_position_id,
        all_done=all_done,
        at=now(),
    )


STARTS = datetime.fromisoformat("2025-03-03T01:00:00+00:00")
ENDS = datetime.fromisoformat("2025-03-03T03:30:00+00:00")


def submitted(requester: Principal, leader: str, *told: str, letter_id: str | None = None) -> RequestSubmitted:
    """A request for the bupati."""
    return RequestSubmitted(
        request_id=new_id(),
        leader_position_id=leader,
        leader_title="Bupati",
        type="invitation",
        title="Peresmian jembatan",
        place="Desa Sekartaji",
        starts_at=STARTS,
        ends_at=ENDS,
        letter_id=letter_id,
        requester=actor(requester),
        told=(leader, *told),
        at=now(),
    )


def approved(request: RequestSubmitted, who: Principal) -> RequestApproved:
    """It is granted."""
    return RequestApproved(
        request_id=request.request_id,
        event_id=new_id(),
        leader_position_id=request.leader_position_id,
        leader_title=request.leader_title,
        title=request.title,
        place=request.place,
        starts_at=STARTS,
        ends_at=ENDS,
        letter_id=request.letter_id,
        requester=request.requester,
        told=request.told,
        actor=actor(who),
        at=now(),
    )


def declined(request: RequestSubmitted, who: Principal) -> RequestDeclined:
    """It is refused."""
    return RequestDeclined(
        request_id=request.request_id,
        leader_position_id=request.leader_position_id,
        leader_title=request.leader_title,
        title=request.title,
        letter_id=request.letter_id,
        requester=request.requester,
        told=request.told,
        reason="Bupati sedang dinas luar",
        actor=actor(who),
        at=now(),
    )
