"""People who stay signed in from one test to the next."""

import asyncio
from collections import defaultdict
from time import monotonic

from deploy.demo.client import Client
from deploy.demo.seed import demo_password
from tests.house import House

FRESH_SECONDS = 240.0
"""A token lives for ten minutes; a test does not last longer than what is left of it."""


class Cast:
    """Accounts of the demo's password, each signed in once and again when its token is no longer fresh."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._clients: dict[str, tuple[Client, float]] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def __call__(self, *usernames: str) -> list[Client]:
        """These people, signed in."""
        return list(await asyncio.gather(*(self._signed_in(one) for one in usernames)))

    async def anew(self, username: str) -> Client:
        """Somebody who signs in now, to see what they hold by now."""
        if username in self._clients:
            await self._clients.pop(username)[0].close()
        return await self._signed_in(username)

    async def leave(self) -> None:
        """Close every connection."""
        for client, _ in self._clients.values():
            await client.close()

    async def _signed_in(self, username: str) -> Client:
        async with self._turns[username]:  # many may ask for the same person at once
            client, since = self._clients.get(username, (None, 0.0))
            if client is None:
                client = await Client.open(self._house.stack.base_url, username)
            if monotonic() - since > FRESH_SECONDS:
                await client.sign_in(demo_password(self._house.stack.layout.root))
                self._clients[username] = client, monotonic()
            return client
