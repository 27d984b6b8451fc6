"""Doors for the tests of sign-in."""

from collections.abc import AsyncIterator

import pytest

from tests.gateway.auth.browser import Browser
from tests.gateway.conftest import NAMES, Door, OpenDoor, private_pem
from tests.gateway.upstream import Upstream


@pytest.fixture
async def browser(door: Door) -> Browser:
    """A browser in which ``wayan`` has signed in."""
    opened = Browser(door)
    await opened.sign_in()
    return opened


@pytest.fixture
async def twins(open_door: OpenDoor, upstream: Upstream) -> AsyncIterator[tuple[Door, Door]]:
    """Two gateways on one database with one key, as replicas are; the account ``wayan``."""
    same = {"signing_key": private_pem(), **dict.fromkeys(NAMES, upstream.url)}
    async with open_door(**same) as one:
        name = one.gateway.service.foundation.settings.mongo_database
        async with open_door(**same, mongo_database=name) as other:
            await one.account()
            yield one, other
