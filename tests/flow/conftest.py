"""Fixtures for scenarios: people who are signed in, and two villages' worlds to be kept apart."""

from collections.abc import AsyncIterator

import pytest

from tests.flow.cast import Cast
from tests.flow.isolation.both import Both, build_both
from tests.house import House


@pytest.fixture(scope="session")
async def cast(house: House) -> AsyncIterator[Cast]:
    """``village, head = await cast("desa.sekartaji", "kadis.pu")``."""
    people = Cast(house)
    yield people
    await people.leave()


@pytest.fixture(scope="session")
async def both(house: House, cast: Cast) -> Both:
    """The worlds of two villages."""
    return await build_both(house, cast)


@pytest.fixture(scope="module")
async def copies(house: House) -> AsyncIterator[None]:
    """What is sent by the tests of this module is copied as it comes, for they look at the copies."""
    async with house.copying.looked_at():
        yield
