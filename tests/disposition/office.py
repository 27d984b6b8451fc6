"""Dinas PU with a name on its paper, its letter as it was written in the book, and its head as an official."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

from services.chassis.ids import new_id
from services.contracts.intake import LetterRegistered, StoredFile
from services.contracts.routing import AssignmentChanged
from services.contracts.vocabulary import Capacity, Party
from services.disposition.main import build
from services.disposition.settings import DispositionSettings
from tests.conftest import Serve, SettingsFor
from tests.disposition.world import World
from tests.leaving import drop
from tests.people import actor, principal
from tests.signing import TokenSigner

ADDRESS = "https://surat.klungkungkab.go.id/verifikasi"


@asynccontextmanager
async def an_office(
    settings_for: SettingsFor, serve: Serve, signer: TokenSigner, **settings: Any
) -> AsyncIterator[World]:
    """The world with these settings, its letter registered."""
    told = {
        "regency_name": "Pemerintah Kabupaten Klungkung",
        "public_url": "https://surat.klungkungkab.go.id/",
        "public_tries_per_client": "500/minute",
    }
    service = build(settings_for(DispositionSettings, "disposition", **(told | settings)), signer.keys)
    async with serve(service) as http:
        world = World(service, http, signer)
        await world.furnish()
        await world.tell(registered(world))
        yield world
    await drop(service.foundation.database)
    service.foundation.database.client.close()


def registered(world: World, **changes: Any) -> LetterRegistered:
    """The world's letter as its office entered it."""
    letter = world.letter
    file = StoredFile(
        file_id=new_id(),
        name="surat.pdf",
        object_key="x",
        sha256="0" * 64,
        size=1,
        media_type="application/pdf",
        pages=1,
    )
    fields: dict[str, Any] = {
        "letter_id": letter.letter_id,
        "direction": "incoming",
        "book": "masuk",
        "year": letter.year,
        "agenda_number": letter.agenda_number,
        "tracking_code": letter.tracking_code,
        "kind": letter.kind,
        "category": letter.category,
        "urgency": letter.urgency,
        "confidentiality": letter.access.confidentiality,
        "subject": letter.subject,
        "letter_number": "140/17/Pem/2026",
        "letter_date": date(2026, 2, 28),
        "received_on": date(2026, 3, 2),
        "sender": Party(kind="external", name="Desa Sekartaji"),
        "addressees": (Party(kind="unit", id=world.unit_id, name="Dinas Pekerjaan Umum"),),
        "files": (file,),
        "registered_by": actor(principal(world.registrar)),
        "registered_at": letter.registered_at,
    }
    return LetterRegistered(**(fields | changes))


def assigned(world: World, person_id: str, capacity: Capacity = "definitive", **changes: Any) -> AssignmentChanged:
    """A person who holds the head's position."""
    fields: dict[str, Any] = {
        "assignment_id": new_id(),
        "person_id": person_id,
        "person_name": "Made Arta",
        "position_id": world.head.position_id,
        "position_title": world.head.title,
        "unit_id": world.unit_id,
        "unit_name": world.head.unit_name,
        "role": "head",
        "capacity": capacity,
        "starts_on": date(2026, 1, 1),
        "nip": "19700101 199503 1 002",
        "rank": "Pembina Tingkat I (IV/b)",
    }
    return AssignmentChanged(**(fields | changes))
