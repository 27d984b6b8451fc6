"""One stack of its own for the tests of the supervisor and the command, because they kill its parts."""

from collections.abc import AsyncIterator

import pytest

from deploy.embedded.stack import EmbeddedStack


@pytest.fixture(scope="package")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedStack]:
    """Infrastructure alone."""
    async with EmbeddedStack(tmp_path_factory.mktemp("stack"), services=(), gateway=False) as running:
        await running.start_infrastructure()
        yield running
