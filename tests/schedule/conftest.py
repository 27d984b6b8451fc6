"""A bupati with an office, people who ask for their time, and a service that knows of them."""

from collections.abc import AsyncIterator

import pytest

from services.schedule.main import build
from services.schedule.settings import ScheduleSettings
from tests.conftest import Serve, SettingsFor
from tests.leaving import drop
from tests.schedule.court import Court
from tests.signing import TokenSigner


@pytest.fixture
async def court(settings_for: SettingsFor, serve: Serve, signer: TokenSigner) -> AsyncIterator[Court]:
    """The service behind HTTP, knowing the organisation and one invitation."""
    service = build(settings_for(ScheduleSettings, "schedule"), signer.keys)
    async with serve(service) as http:
        court = Court(service, http, signer)
        await court.furnish()
        yield court
    await drop(service.foundation.database)
    service.foundation.database.client.close()
