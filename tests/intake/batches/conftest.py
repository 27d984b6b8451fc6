"""A desk to scan piles at."""

import pytest

from tests.intake.batches.desk import Desk
from tests.intake.world import World


@pytest.fixture
def desk(world: World) -> Desk:
    """The village operator's."""
    return Desk(world)
