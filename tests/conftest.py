"""Fixtures every test may use: the real servers, settings for a service on fresh databases, a token signer.

The servers are the embedded stack's, started once a run and only when a test asks for them; where an address is given
in the environment that server is used instead.
"""

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import pytest
import uvicorn.server
from motor.motor_asyncio import AsyncIOMotorClient

from deploy.demo.seed import ensure_seeded
from deploy.embedded.environment import is_external
from deploy.embedded.layout import searched_path
from deploy.embedded.stack import EmbeddedStack
from services.chassis import mongo, run
from services.chassis.mongo import connect
from services.chassis.run import serving
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.chassis.storage import S3Storage, StorageSettings
from tests.brisk import Brisk
from tests.house import House
from tests.scheduling import pytest_collection_modifyitems, pytest_xdist_make_scheduler
from tests.servers import Servers, servers_of
from tests.signing import TokenSigner

__all__ = ["pytest_collection_modifyitems", "pytest_xdist_make_scheduler"]

os.environ["PATH"] = searched_path()
vars(uvicorn.server)["asyncio"] = Brisk()
KEPT_ALIVE_SECONDS = 120
"""Servers share the loop of their clients here. Where it stands still for longer than a connection is kept, a client
that has just chosen it finds it closed; so it is kept for longer than any client here keeps it."""
vars(run)["KEEP_ALIVE_SECONDS"] = KEPT_ALIVE_SECONDS
S = TypeVar("S", bound=Settings)
RUN = f"t_{uuid.uuid4().hex[:6]}_"
"""What the names of this run's databases begin with."""
ANSWERED_SECONDS = 120.0
"""What is asked a hundred times at once may take its time."""
HURRIED = {
    "ARGON2_MEMORY_KIB": 1024,
    "ARGON2_PASSES": 1,
    "ARGON2_LANES": 1,
    "SIGN_IN_PER_SECOND": 100,
    "SIGN_IN_BURST": 2000,
    "ORDINARY_PER_SECOND": 500,
    "ORDINARY_BURST": 3000,
    "HEAVY_PER_SECOND": 50,
    "HEAVY_BURST": 600,
    "PUBLIC_PER_SECOND": 50,
    "PUBLIC_BURST": 1000,
}
"""What the stack's gateway is told: a run signs in hundreds of times from one address, and asks a week's questions in
a minute. Limits and what a password costs have tests of their own."""


@pytest.fixture(autouse=True)
def _no_client_outlives_its_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close every database client a test has opened: each keeps threads awake here and in the server.

    Fixtures of the whole run are set up before this one, so theirs stay open.
    """
    opened: list[mongo.Client] = []

    def note(*given: Any, **named: Any) -> mongo.Client:
        opened.append(AsyncIOMotorClient(*given, **named))
        return opened[-1]

    monkeypatch.setattr(mongo, "AsyncIOMotorClient", note)
    yield
    for client in opened:
        client.close()


@pytest.fixture(scope="session")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedStack]:
    """The embedded stack with its servers running; the services are started by ``house``."""
    var: Path = tmp_path_factory.mktemp("stack")
    quick = {"LONTAR_INTAKE_COUNT_SECONDS": "2", "LONTAR_INTAKE_COPIES_NICENESS": "0"}
    quick["LONTAR_INTAKE_COPIES_PATIENCE_SECONDS"] = "0"  # tests wait for all of these
    hurried = {f"LONTAR_GATEWAY_{name}": str(value) for name, value in HURRIED.items()}
    async with EmbeddedStack(var, extra_environment={"intake": quick, "gateway": hurried}) as stack:
        await stack.start_infrastructure()
        yield stack


@pytest.fixture(scope="session")
async def servers(stack: EmbeddedStack) -> AsyncIterator[Servers]:
    """The real broker, database and object store."""
    found = servers_of(stack)
    yield found
    if not is_external("mongodb"):
        return  # it goes with its files
    database = connect(found.mongo_url, "admin")
    for name in await database.client.list_database_names():
        if name.startswith(RUN):
            await database.client.drop_database(name)
    database.client.close()


@pytest.fixture(scope="session")
async def house(stack: EmbeddedStack) -> AsyncIterator[House]:
    """The whole system: every service and the gateway, with the demo regency seeded."""
    await stack.start_services()
    await stack.wait_ready()
    await ensure_seeded(stack.base_url, stack.admin_password, stack.layout.root)
    house = House(stack)
    holding = asyncio.create_task(house.copying.hold_back())
    yield house
    holding.cancel()
    house.copying.close()


@pytest.fixture(scope="session")
async def storage(servers: Servers) -> S3Storage:
    """The real object store, with its bucket."""
    store = S3Storage(StorageSettings.model_validate(servers.s3))
    await store.ensure_bucket()
    return store


@pytest.fixture(scope="session")
def signer() -> TokenSigner:
    """Signs tokens as the gateway would."""
    return TokenSigner()


SettingsFor = Callable[..., Any]


@pytest.fixture
def settings_for(servers: Servers, signer: TokenSigner, storage: S3Storage) -> SettingsFor:
    """``settings_for(SettingsClass, "intake", **overrides)``: settings on a database of this test's own."""

    def make(settings_type: type[S], service: str, **overrides: Any) -> S:
        environment = {
            "LONTAR_MONGO_URL": servers.mongo_url,
            f"LONTAR_{service}_MONGO_DATABASE".upper(): f"{RUN}{uuid.uuid4().hex[:8]}_{service}",
            "LONTAR_AMQP_URL": servers.amqp_url,
            "LONTAR_JWKS_URL": "http://127.0.0.1:9/unused",
            **{f"LONTAR_S3_{name}".upper(): value for name, value in servers.s3.items()},
            f"LONTAR_{service}_KEEP_ALIVE_SECONDS".upper(): str(KEPT_ALIVE_SECONDS),
            **{f"LONTAR_{service}_{name}".upper(): str(value) for name, value in overrides.items()},
        }
        return settings_type.load(service, environment)

    return make


Serve = Callable[[Service], AbstractAsyncContextManager[aiohttp.ClientSession]]


@pytest.fixture
def serve() -> Serve:
    """``async with serve(service) as http``: the service behind a real HTTP server, and a client for it."""

    @asynccontextmanager
    async def start(service: Service) -> AsyncIterator[aiohttp.ClientSession]:
        await service.prepare()
        async with (
            serving(service.served, "127.0.0.1", 0) as url,
            aiohttp.ClientSession(base_url=url, timeout=aiohttp.ClientTimeout(total=ANSWERED_SECONDS)) as http,
        ):
            yield http
            await asyncio.sleep(0)

    return start
