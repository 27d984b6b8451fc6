"""Notify on a database of its own."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from services.chassis.service import Service
from services.notify.main import build
from services.notify.settings import NotifySettings
from tests.conftest import Serve, SettingsFor
from tests.signing import TokenSigner

MakeNotify = Callable[..., Service]


@pytest.fixture
def make_notify(settings_for: SettingsFor, signer: TokenSigner) -> MakeNotify:
    """``make_notify(**settings)``: a service; the same ``mongo_database`` makes two processes of one service."""

    def make(**overrides: Any) -> Service:
        return build(settings_for(NotifySettings, "notify", **overrides), signer.keys)

    return make


@pytest.fixture
async def notify(make_notify: MakeNotify) -> AsyncIterator[Service]:
    """A service with a quick heartbeat."""
    service = make_notify(heartbeat_seconds=0.3)
    yield service
    service.app.state.context.feed.close()


@pytest.fixture
async def prepared(notify: Service) -> None:
    """The service's indexes are there."""
    await notify.prepare()


@pytest.fixture
async def http(notify: Service, serve: Serve) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of the running service."""
    async with serve(notify) as client:
        yield client
        notify.app.state.context.feed.close()
