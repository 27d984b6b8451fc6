"""Letters and branches for tests of the rules."""

from datetime import UTC, date, datetime
from typing import Literal

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
        letter=summary(confidentiality),
        since=AT,
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
