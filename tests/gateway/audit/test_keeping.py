"""What the record needs done by itself, and that it is done."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from gateway.audit import keeping
from gateway.audit.quota import A_NETWORK
from tests.gateway.audit.conftest import Record
from tests.waiting import until, until_equal


@asynccontextmanager
async def kept(record: Record) -> AsyncIterator[None]:
    """The duties run for the length of the block."""
    tasks = [asyncio.ensure_future(duty()) for duty in keeping.duties(record.audit, record.database)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class TestKeeping:
    async def test_what_waits_is_linked_without_anybody_reading(self, record: Record) -> None:
        await record.note()
        async with kept(record):
            await until_equal(record.audit.head, lambda head: head[0] == 1)
        assert await record.audit.waiting() == 0

    async def test_what_was_held_back_is_told_when_the_process_leaves(self, record: Record) -> None:
        async with kept(record):
            await asyncio.sleep(0)
            for _ in range(A_NETWORK + 3):
                await record.note("sign_in.password", outcome="refused", actor=None)
        await record.audit.link_all()
        [told] = await record.audit.within("kind", "audit.suppressed", None, None)
        assert told.details["count"] == "3"

    async def test_the_last_hash_is_told_to_the_log(
        self, record: Record, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(keeping, "WINDOW_SECONDS", 0.05)
        await record.fill(2)
        seq, noted = await record.audit.head()

        with caplog.at_level(logging.INFO, "gateway.audit.keeping"):
            async with kept(record):
                await until(lambda: f"ends with {seq}:{noted}" in caplog.text)
        assert caplog.text.count(noted) == 1
