"""A regency in small: Dinas PU with its head and staff, a letter delivered to it, and a service that knows of both."""

from collections.abc import AsyncIterator

import pytest

from services.disposition.main import build
from services.disposition.settings import DispositionSettings
from tests.conftest import Serve, SettingsFor
from tests.disposition.attachment_desk import Answered, Desk
from tests.disposition.world import World, to
from tests.leaving import drop
from tests.signing import TokenSigner


@pytest.fixture
async def world(settings_for: SettingsFor, serve: Serve, signer: TokenSigner) -> AsyncIterator[World]:
    """The service behind HTTP, knowing the organisation and one letter."""
    service = build(settings_for(DispositionSettings, "disposition"), signer.keys)
    async with serve(service) as http:
        world = World(service, http, signer)
        await world.furnish()
        yield world
    await drop(service.foundation.database)
    service.foundation.database.client.close()


@pytest.fixture
async def desk(world: World) -> Desk:
    """One disposition that was given."""
    return Desk(world, await world.disposed(world.head, to(world.division_head), to(world.secretary, "pelajari")))


@pytest.fixture
async def answered(desk: Desk) -> Answered:
    """A disposition with an answer that carries a file."""
    found = Answered(desk.world, desk.given)
    found.file = await found.added()
    return found
