"""How full a service's queues are. Invariant: looking declares nothing and takes nothing.

A worker looks every few seconds, over a connection of its own: a channel that asks after a queue that is not there is
closed for it, and no channel that others work on may be.
"""

import asyncio
import logging

import aio_pika
from aio_pika.abc import AbstractConnection

from services.chassis.bus.connection import supervise
from services.chassis.bus.topology import parked_name, queue_name
from services.chassis.clock import now
from services.chassis.mongo import Database, PyMongoError
from services.chassis.vitals import Queues, keep_queues

log = logging.getLogger(__name__)
MEASURE_SECONDS = 5.0


async def measure_queues(service: str, amqp_url: str, database: Database) -> None:
    """Keep the numbers of the service's queues where every process of it finds them, until cancelled."""

    async def session(connection: AbstractConnection) -> None:
        while True:
            queues = await look(connection, service)
            try:
                await keep_queues(database, queues)
            except PyMongoError as error:
                log.info("the queues' numbers cannot be kept: %s", type(error).__name__)
            await asyncio.sleep(MEASURE_SECONDS)

    await supervise(amqp_url, f"{service}.depths", session)


async def look(connection: AbstractConnection, service: str) -> Queues:
    """The numbers now; a queue that is not there yet is empty."""
    name = queue_name(service)
    waiting, consumers = await _depth(connection, name)
    parked, _ = await _depth(connection, parked_name(name))
    return Queues(waiting=waiting, parked=parked, consumers=consumers, seen_at=now())


async def _depth(connection: AbstractConnection, name: str) -> tuple[int, int]:
    channel = await connection.channel(publisher_confirms=False)
    try:
        declared = (await channel.declare_queue(name, passive=True)).declaration_result
    except aio_pika.exceptions.ChannelNotFoundEntity:
        return 0, 0
    finally:
        await channel.close()
    return declared.message_count or 0, declared.consumer_count or 0
