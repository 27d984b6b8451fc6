"""What the servers that stand for MongoDB are started with."""

import pytest

from deploy.embedded.mongo_servers import cache_megabytes

GIGABYTE = 1024**3


@pytest.mark.parametrize(
    ("memory_bytes", "megabytes"),
    [(GIGABYTE, 256), (4 * GIGABYTE, 512), (8 * GIGABYTE, 1024), (64 * GIGABYTE, 1024)],
)
def test_the_cache_is_an_eighth_of_the_memory_within_bounds(memory_bytes: int, megabytes: int) -> None:
    assert cache_megabytes(memory_bytes) == megabytes
