"""The whole running system, as tests use it: people signed in, letters sent under load, and a census afterwards."""

import asyncio
import contextlib
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from deploy.demo.client import Client, Json, Refused
from deploy.demo.organisation import unit_id
from deploy.demo.seed import signed_in
from deploy.embedded.stack import EmbeddedStack
from services.chassis.bus.parked import ParkedMessage, count_waiting, list_parked
from services.chassis.ids import new_id
from services.chassis.mongo import connect
from services.chassis.outbox import outbox_summary
from services.contracts.subscriptions import SUBSCRIPTIONS
from tests.arrivals import Census, letter_of, newest_of
from tests.copying import Copying
from tests.intake.scans import blank_pdf
from tests.servers import Servers, servers_of
from tests.waiting import until, until_equal

SCAN = blank_pdf()
PUBLISHERS = ("intake", "routing", "disposition", "schedule")
QUIET_SECONDS = 1.0
LOOK_EVERY = 0.3
"""Seconds. A look at the backlog opens six connections, each with a password to be checked."""
_numbers = itertools.count(1)


@dataclass
class Load:
    """Letters being sent; ``accepted`` are those that got a 201."""

    count: int
    accepted: list[str] = field(default_factory=list)

    async def under_way(self) -> None:
        """Return in the midst of it: some letters have been accepted, most are still to be sent."""
        await until(lambda: len(self.accepted) >= self.count // 10)
        assert len(self.accepted) < self.count // 2, "the load was over before anything was broken"


class House:
    """The stack with its services, seen from outside."""

    def __init__(self, stack: EmbeddedStack) -> None:
        self.stack = stack
        self.copying = Copying(servers_of(stack).mongo_url)

    @property
    def servers(self) -> Servers:
        """Addresses of the servers underneath."""
        return servers_of(self.stack)

    def person(self, username: str) -> AbstractAsyncContextManager[Client]:
        """A demo person, signed in."""
        return signed_in(self.stack.base_url, username, self.stack.layout.root)

    def admin(self) -> AbstractAsyncContextManager[Client]:
        """The administrator of the regency, signed in."""
        return Client.at(self.stack.base_url, "admin", self.stack.admin_password)

    @asynccontextmanager
    async def away(self, part: str) -> AsyncIterator[None]:
        """The part is stopped for the length of the block, and comes back whatever happens in it."""
        await self.stack.stop_part(part)
        try:
            yield
        finally:
            await self.stack.start_part(part)

    async def send(self, client: Client, **changes: Any) -> Json:
        """Send one letter from Desa Sekartaji to Dinas PU, sent again under the same key until it is accepted."""
        key, fields = new_id(), letter(**changes)
        while True:
            with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError):
                try:
                    return await client.send_letter(fields, [("surat.pdf", SCAN, "application/pdf")], key=key)
                except Refused as refused:
                    if refused.status < 500:
                        raise
            await asyncio.sleep(0.2)

    @asynccontextmanager
    async def under_load(self, *, count: int, concurrency: int = 4) -> AsyncIterator[Load]:
        """Letters are being sent while the block runs; on leaving it all ``count`` have been accepted."""
        load = Load(count)
        left = iter(range(count))

        async def keep_sending(client: Client) -> None:
            for _ in left:
                load.accepted.append((await self.send(client))["id"])

        async with self.person("desa.sekartaji") as client:
            senders = [asyncio.create_task(keep_sending(client)) for _ in range(concurrency)]
            try:
                yield load
                async with asyncio.timeout(120):
                    await asyncio.gather(*senders)
            finally:
                for sender in senders:
                    sender.cancel()

    async def settled(self, seconds: float = 90) -> None:
        """Wait until no event is pending and no queue holds a message, at two looks one after the other.

        A message in a worker's hands is in no count of the broker's; what it leads to is seen the second time.
        """
        quiet = 0

        def twice(left: dict[str, int]) -> bool:
            nonlocal quiet
            quiet = 0 if any(left.values()) else quiet + 1
            return quiet == 2

        await until_equal(self.backlog, twice, seconds, pause=LOOK_EVERY)

    async def backlog(self) -> dict[str, int]:
        """Pending events and waiting messages by service; zero where all is quiet."""
        one, left = connect(self.servers.mongo_url, "lontar_intake"), {}
        for service in PUBLISHERS:
            database = one.client.get_database(f"lontar_{service}", codec_options=one.codec_options)
            left[f"{service} outbox"] = (await outbox_summary(database)).pending
        one.client.close()
        counts = await asyncio.gather(*(count_waiting(self.servers.amqp_url, service) for service in SUBSCRIPTIONS))
        return left | {f"{service} queue": count for service, count in zip(SUBSCRIPTIONS, counts, strict=True)}

    async def parked(self) -> list[ParkedMessage]:
        """Everything parked, of every service."""
        found = [await list_parked(self.servers.amqp_url, service) for service in SUBSCRIPTIONS]
        return [message for messages in found for message in messages]

    async def arrived(self, letters: list[str]) -> tuple[set[str], set[str]]:
        """Which of ``letters`` are seen in the inbox of the head of Dinas PU, and told there, by now."""
        wanted = set(letters)
        async with self.person("kadis.pu") as head:
            lists = (everything(head, "/v1/inbox"), everything(head, "/v1/notifications"))
            return await newest_of(lists[0], wanted), await newest_of(lists[1], wanted)

    async def census(self, letters: list[str]) -> Census:
        """Count where ``letters`` have arrived at the head of Dinas PU by now."""
        async with self.person("kadis.pu") as head:
            inbox = Counter([letter_of(item) async for item in everything(head, "/v1/inbox")])
            told = Counter([letter_of(item) async for item in everything(head, "/v1/notifications")])
        wanted = set(letters)
        return Census(
            Counter({one: n for one, n in inbox.items() if one in wanted}),
            Counter({one: n for one, n in told.items() if one in wanted}),
            await self.parked(),
        )

    async def assert_all_arrived_once(self, letters: list[str]) -> None:
        """Each letter lies in the inbox exactly once and was told exactly once; nothing is parked."""
        assert letters, "no letter was accepted: the test has shown nothing"
        once = Counter(letters)
        assert max(once.values()) == 1, "an id was given out twice"
        await self.stack.wait_ready()
        # A message in a worker's hands is in no count of the broker's, so arrival itself is waited for; then, all
        # being quiet, nothing may have arrived twice.
        await until_equal(lambda: self.arrived(letters), lambda seen: seen[0] == seen[1] == set(letters), 90, pause=0.5)
        await self.settled()
        await asyncio.sleep(QUIET_SECONDS)
        census = await self.census(letters)
        assert census.inbox == once
        assert census.told == once
        assert census.parked == []


async def everything(client: Client, path: str, **query: str) -> AsyncIterator[Json]:
    """Every item of a paginated list."""
    cursor: dict[str, str] = {}
    while True:
        page = await client.get(path, **{"limit": "200", **query, **cursor})
        for item in page["items"]:
            yield item
        if not page["next"]:
            return
        cursor = {"cursor": page["next"]}


def letter(**changes: Any) -> Json:
    """A letter from a village to Dinas PU, each with a number of its own."""
    return {
        "direction": "incoming",
        "kind": "Surat Permohonan",
        "category": "request",
        "urgency": "urgent",
        "confidentiality": "ordinary",
        "subject": "Permohonan peminjaman alat berat",
        "letter_number": f"005/{next(_numbers)}/SKT/XI/2026",
        "letter_date": "2026-11-16",
        "addressees": [{"kind": "unit", "id": unit_id("dinas-pu"), "name": "Dinas Pekerjaan Umum"}],
        **changes,
    }
