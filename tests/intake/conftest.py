"""Intake on real servers, with a bucket of its own, which tests list."""

import uuid
from collections.abc import AsyncIterator

import pytest

from services.chassis.storage import S3Storage, StorageSettings
from services.intake.main import build
from services.intake.settings import IntakeSettings
from services.projections import letter_access
from tests.conftest import Serve, SettingsFor
from tests.intake.world import World
from tests.leaving import drop
from tests.servers import Servers
from tests.signing import TokenSigner


@pytest.fixture(scope="module")
async def bucket(servers: Servers) -> AsyncIterator[str]:
    """An empty bucket for this file: tests list it whole, which takes the longer the more was ever in it."""
    name = f"t-intake-{uuid.uuid4().hex[:10]}"
    storage = S3Storage(StorageSettings.model_validate(servers.s3 | {"bucket": name}))
    await storage.ensure_bucket()
    yield name
    for stored in [one async for one in storage.keys("")]:
        await storage.remove(stored.key)
    storage._client.remove_bucket(name)


@pytest.fixture(autouse=True)
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait long for a right that never comes: many tests are refused."""
    monkeypatch.setattr(letter_access, "PAUSES", (0, 0.01))


@pytest.fixture
def intake_settings(settings_for: SettingsFor, bucket: str) -> IntakeSettings:
    """Settings with limits small enough to be crossed quickly."""
    settings: IntakeSettings = settings_for(
        IntakeSettings,
        "intake",
        s3_bucket=bucket,
        max_body_bytes=3_000_000,
        max_file_bytes=1_500_000,
        copies_patience_seconds=0,  # tests are a machine without time
    )
    return settings


@pytest.fixture
async def world(intake_settings: IntakeSettings, serve: Serve, signer: TokenSigner) -> AsyncIterator[World]:
    """The service behind HTTP, knowing the organisation."""
    service = build(intake_settings, signer.keys)
    async with serve(service) as http:
        world = World(service, http, signer)
        await world.furnish()
        yield world
    database = service.foundation.database
    await drop(database)
    database.client.close()
