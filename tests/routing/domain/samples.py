"""Letters and branches for tests of the rules."""

from datetime import UTC, date, datetime
from typing import Any, Literal

from services.contracts import disposition as d
from services.contracts.intake import LetterRegistered
from services.contracts.routing import Branch as Way
from services.contracts.vocabulary import Access, Actor, Confidentiality, Party
from services.routing.domain.branch import Branch
from services.routing.domain.letter import Letter
from services.routing.domain.summary import LetterSummary

AT = datetime(2026, 3, 2, 7, tzinfo=UTC)
TITLES = {"head": "Kepala Dinas PU", "registrar": "Agendaris Dinas PU"}


def actor_at(position_id: str, unit_id: str = "unit-pu") -> Actor:
    """Somebody in that position."""
    return Actor(
        person_id=f"person-{position_id}",
        person_name="Wayan Sudira",
        position_id=position_id,
        position_title=TITLES.get(position_id, position_id),
        unit_id=unit_id,
        unit_name="Dinas PU",
        capacity="definitive",
    )


def summary(confidentiality: Confidentiality = "ordinary") -> LetterSummary:
    """A village's request."""
    return LetterSummary(
        agenda_number=7,
        year=2026,
        tracking_code="SKT-7K2M",
        subject="Permohonan alat berat",
        kind="Surat Permohonan",
        category="request",
        urgency="normal",
        confidentiality=confidentiality,
        received_on=date(2026, 3, 2),
        sender=Party(kind="unit", id="unit-village", name="Desa Sekartaji"),
    )


def branch(
    identifier: str = "b1",
    *,
    role: Literal["addressee", "copy"] = "addressee",
    unit_id: str = "unit-pu",
    confidentiality: Confidentiality = "ordinary",
) -> Branch:
    """A branch nobody has touched."""
    return Branch(
        id=identifier,
        letter_id="letter",
        role=role,
        unit_id=unit_id,
        unit_name="Dinas PU",
        holders=("head", "registrar"),
        sender_unit_id="unit-village",
        letter=summary(confidentiality),
        opened_at=AT,
        since=AT,
    )


def way(
    identifier: str, *, role: Literal["addressee", "copy"] = "addressee", unit_id: str = "unit-pu", **fields: Any
) -> Way:
    """A branch as events tell of it."""
    given = {"unit_name": "Dinas PU", "holders": ("head", "registrar"), **fields}
    return Way(branch_id=identifier, role=role, unit_id=unit_id, **given)


def registered(confidentiality: Confidentiality = "ordinary", **fields: Any) -> LetterRegistered:
    """A village's request, as intake tells of it."""
    told = summary(confidentiality)
    return LetterRegistered(
        letter_id="letter",
        direction="incoming",
        book="masuk",
        addressees=(Party(kind="unit", id="unit-pu", name="Dinas PU"),),
        files=(),
        registered_by=actor_at("operator", "unit-village"),
        registered_at=AT,
        **{**told.model_dump(exclude={"voided"}), **fields},
    )


REPLY = d.Instruction(code="pelajari", label="Pelajari", effect="reply")


def recipient(
    name: str, *, responsible: bool, instruction: d.Instruction = REPLY, closes_on: d.ClosesOn | None = None
) -> d.Recipient:
    """A position that is instructed."""
    return d.Recipient(
        recipient_id=f"r-{name}",
        position_id=name,
        position_title=name,
        unit_id="unit-pu",
        unit_name="Dinas PU",
        responsible=responsible,
        instructions=(instruction,),
        closes_on=closes_on,
    )


def issue(name: str, *recipients: d.Recipient, unit: str = "unit-pu", **fields: Any) -> d.DispositionIssued:
    """Instructions on the letter."""
    return d.DispositionIssued(
        disposition_id=name,
        letter_id="letter",
        letter_subject="Permohonan",
        issuer=actor_at(f"chief-{unit}", unit),
        recipients=recipients,
        issued_at=AT,
        **fields,
    )


def letter() -> Letter:
    """A letter with no dispositions yet."""
    return Letter(
        id="letter",
        version=1,
        summary=summary(),
        registered_by=actor_at("operator", "unit-village"),
        registered_at=AT,
        delivered_at=AT,
        access=Access(confidentiality="ordinary", units=("unit-village", "unit-pu")),
        access_version=1,
    )
