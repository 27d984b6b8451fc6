"""Routing on a database of its own, behind a real HTTP server, with a small regency in it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any, cast

import aiohttp
import pytest

from services.chassis.auth import Principal
from services.chassis.service import Service
from services.contracts.intake import LetterRegistered
from services.contracts.vocabulary import Party
from services.routing.context import Context
from services.routing.domain.branch import Branch
from services.routing.main import build
from services.routing.settings import RoutingSettings
from tests.conftest import Serve, SettingsFor
from tests.events import deliver
from tests.routing import letters
from tests.routing.regency import Regency, found
from tests.signing import TokenSigner

Answer = tuple[int, Any, Mapping[str, str]]
Call = Callable[..., Awaitable[Answer]]
Delivered = Callable[..., Awaitable[LetterRegistered]]


@pytest.fixture
def routing(settings_for: SettingsFor, signer: TokenSigner) -> Iterator[Service]:
    """The service; an unknown letter is not waited for long. Its client is closed: each keeps threads of its own."""
    service = build(settings_for(RoutingSettings, "routing", letter_arrival_seconds=0.1), signer.keys)
    yield service
    service.foundation.database.client.close()


@pytest.fixture
def context(routing: Service) -> Context:
    """What its commands are given."""
    return cast(Context, routing.app.state.context)


@pytest.fixture
async def http(routing: Service, serve: Serve) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of the running service."""
    async with serve(routing) as client:
        yield client


@pytest.fixture
async def regency(http: aiohttp.ClientSession, context: Context) -> Regency:
    """A small regency; ``http`` first, because it makes the indexes."""
    return await found(context)


@pytest.fixture
def call(http: aiohttp.ClientSession, signer: TokenSigner) -> Call:
    """``status, body, headers = await call(person, "GET", path, json=..., headers=...)``."""

    async def ask(person: Principal, method: str, path: str, **rest: Any) -> Answer:
        headers = {**signer.headers(person), **rest.pop("headers", {})}
        async with http.request(method, path, headers=headers, **rest) as response:
            return response.status, await response.json(), response.headers

    return ask


@pytest.fixture
def delivered(routing: Service, regency: Regency) -> Delivered:
    """``letter = await delivered(addressees, copies, ...)``: a letter that lies in its inboxes."""

    async def make(
        addressees: tuple[Party, ...] = (), copies: tuple[Party, ...] = (), **fields: Any
    ) -> LetterRegistered:
        event = letters.registered(regency, addressees, copies, **fields)
        await deliver(routing, event)
        return event

    return make


@pytest.fixture
def branches_of(context: Context) -> Callable[[LetterRegistered], Awaitable[list[Branch]]]:
    """The branches of a letter as they are kept."""

    async def look(letter: LetterRegistered) -> list[Branch]:
        return await context.branches.of(letter.letter_id, None)

    return look
