"""What a test leaves behind. Invariant: no test fails for what is taken away after it."""

from contextlib import suppress

from pymongo.errors import NetworkTimeout

from services.chassis.mongo import Database


async def drop(database: Database) -> None:
    """Drop a test's database, so that it costs the next ones nothing.

    The embedded server may take longer over thousands of documents than its client waits. It goes on with it, and what
    it does not come to goes with its files.
    """
    with suppress(NetworkTimeout):
        await database.client.drop_database(database.name)
