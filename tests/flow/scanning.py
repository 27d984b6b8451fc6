"""What people do with scans before and beside their letters. Invariant: over the public API alone.

Scans are read in the background, behind all else that runs: whoever waits for it waits for some time on a busy machine.
"""

from deploy.demo.client import Client, Json
from tests.waiting import until_equal

READ_SECONDS = 120.0


async def suggested(client: Client, path: str) -> Json:
    """What the scan or file at ``path`` seems to say, as soon as it was read."""
    return await _when(client, f"{path}/suggestions", "pending")


async def copied(client: Client, path: str) -> Json:
    """How the copies of the scan or file at ``path`` turned out, as soon as they are made."""
    return await _when(client, f"{path}/copies", "due")


def file_path(letter: Json, number: int = 0) -> str:
    """Where a file of the letter is."""
    return f"/v1/letters/{letter['id']}/files/{letter['files'][number]['file_id']}"


async def _when(client: Client, path: str, not_yet: str) -> Json:
    return await until_equal(lambda: client.get(path), lambda one: one["state"] != not_yet, READ_SECONDS, pause=0.25)
