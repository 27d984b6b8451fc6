"""POST /v1/letters over a limit: refused before the body is whole, and nothing left behind."""

import asyncio
import json

from tests.intake import scans
from tests.intake.raw import Pump, answer_of, body, connect, head
from tests.intake.world import World


class TestSize:
    """Limits hold before the body is whole."""

    async def test_file_over_its_limit(self, world: World) -> None:
        answer = await world.register(files=[("besar.pdf", b"%PDF-" + bytes(1_500_001))])
        assert (answer.status, answer.code, answer.body["file"]) == (413, "file_too_large", "besar.pdf")
        await world.assert_nothing_left()

    async def test_file_at_its_limit_is_taken(self, world: World) -> None:
        body = await world.registered(files=[("pas.pdf", scans.pdf_of_size(1_500_000))])
        assert body["files"][0]["size"] == 1_500_000

    async def test_body_over_the_limit_by_its_own_announcement(self, world: World) -> None:
        """Nothing of a body that says it is too large is read: the answer comes before the first byte of it."""
        reader, writer = await connect(world)
        writer.write(head(world, "Content-Length: 10000000000"))
        status, problem = await answer_of(reader)
        assert (status, problem["code"]) == (413, "body_too_large")
        writer.close()
        await world.assert_nothing_left()

    async def test_body_over_the_limit_without_an_announcement(self, world: World) -> None:
        """Of an endless body no more is read before the answer than the limit and what the sockets hold."""
        reader, writer = await connect(world)
        writer.write(head(world, "Transfer-Encoding: chunked"))
        pump = Pump(writer, body(world, bytes(1_000_000)))
        pumping = asyncio.create_task(pump.run())
        status, problem = await answer_of(reader)
        assert (status, problem["code"]) == (413, "body_too_large")
        assert pump.sent < 3_000_000 + 4 * 1024 * 1024
        async with asyncio.timeout(60):
            await pumping  # ends when the service closes the connection, which it does although more is coming
        await world.assert_nothing_left()

    async def test_letter_part_without_end(self, world: World) -> None:
        answer = await world.register(letter=json.dumps(world.letter(summary="x" * 300_000)))
        assert (answer.status, answer.code) == (413, "letter_too_large")
        await world.assert_nothing_left()
