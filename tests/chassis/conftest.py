"""Fixtures of the chassis' tests: a database with the plumbing's collections, a place on the broker, recorded spans."""

import uuid
from collections.abc import AsyncIterator, Iterator

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from services.chassis import idempotency, inbox, outbox
from services.chassis.bus.topology import LADDER_SECONDS, declare_exchanges, parked_name, queue_name, wait_name
from services.chassis.mongo import Database, connect, ensure_indexes
from services.chassis.settings import Settings
from services.chassis.telemetry import configure_tracing
from tests.conftest import SettingsFor
from tests.servers import Servers


@pytest.fixture
def settings(settings_for: SettingsFor) -> Settings:
    """Settings of a service called ``post``."""
    made: Settings = settings_for(Settings, "post")
    return made


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """An empty database with the indexes of outbox, inbox and idempotency keys."""
    database = connect(settings.mongo_url.get_secret_value(), settings.mongo_database)
    await ensure_indexes(database, outbox.INDEXES | inbox.INDEXES | idempotency.INDEXES)
    yield database
    database.client.close()


@pytest.fixture
async def channel(servers: Servers) -> AsyncIterator[AbstractChannel]:
    """A channel to the real broker, with the exchanges declared."""
    async with await aio_pika.connect(servers.amqp_url) as connection:
        channel = await connection.channel()
        await declare_exchanges(channel)
        yield channel


@pytest.fixture
async def depot(servers: Servers) -> AsyncIterator[str]:
    """The name of a consuming service of this test's own; its queues are deleted afterwards."""
    service = f"depot{uuid.uuid4().hex[:8]}"
    yield service
    queue = queue_name(service)
    async with await aio_pika.connect(servers.amqp_url) as connection:
        channel = await connection.channel()
        rungs = [wait_name(queue, rung) for rung in range(len(LADDER_SECONDS))]
        for name in (queue, *rungs, parked_name(queue)):
            await channel.queue_delete(name)


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """What was traced during the test."""
    configure_tracing("test")
    provider = trace.get_tracer_provider()
    assert isinstance(provider, TracerProvider)
    exporter = InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield exporter
    exporter.shutdown()
