"""Parked messages, for operators. Invariant: looking changes nothing; a replay acknowledges only after the confirm.

A message is looked at by fetching without acknowledging and closing the channel, which returns it to its place. The
parking queues' delivery limit is so high that looking wears nothing out.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue
from yarl import URL

from services.chassis.bus.publisher import persistent
from services.chassis.bus.settler import REASON_HEADER, trace_headers
from services.chassis.bus.topology import parked_name, queue_name


@dataclass(frozen=True)
class ParkedMessage:
    """A message that waits for an operator."""

    id: str
    type: str
    queue: str
    reason: str
    body: bytes


async def count_parked(amqp_url: str, service: str) -> int:
    """How many of the service's messages are parked; 0 where the service never ran."""
    async with _queue(amqp_url, service) as (_, queue):
        return (queue.declaration_result.message_count or 0) if queue else 0


async def count_waiting(amqp_url: str, service: str) -> int:
    """How many messages wait in the service's queue."""
    async with await aio_pika.connect(amqp_url, timeout=10) as connection:
        channel = await connection.channel()
        try:
            queue = await channel.declare_queue(queue_name(service), passive=True)
        except aio_pika.exceptions.ChannelNotFoundEntity:
            return 0
        return queue.declaration_result.message_count or 0


async def list_parked(amqp_url: str, service: str, limit: int = 100) -> list[ParkedMessage]:
    """The service's parked messages, oldest first."""
    async with _queue(amqp_url, service) as (_, queue):
        return [_parked(service, message) async for message in _fetch(queue, limit)]


async def show_parked(amqp_url: str, service: str, identifier: str, limit: int = 10000) -> ParkedMessage | None:
    """The parked message with this id, or None."""
    async with _queue(amqp_url, service) as (_, queue):
        async for message in _fetch(queue, limit):
            if message.message_id == identifier:
                return _parked(service, message)
    return None


async def replay_parked(amqp_url: str, service: str, identifier: str | None = None, limit: int = 10000) -> int:
    """Put the parked message with this id (or, without one, all) back into the service's queue; returns how many."""
    replayed = 0
    user = URL(amqp_url).user
    async with _queue(amqp_url, service) as (channel, queue):
        async for message in _fetch(queue, limit):
            if identifier is None or message.message_id == identifier:
                trace = trace_headers(message.headers)
                copy = persistent(message.body, message.message_id, message.type, trace, user)
                await channel.default_exchange.publish(copy, queue_name(service), mandatory=True)
                await message.ack()
                replayed += 1
    return replayed


@asynccontextmanager
async def _queue(amqp_url: str, service: str) -> AsyncIterator[tuple[AbstractChannel, AbstractQueue | None]]:
    async with await aio_pika.connect(amqp_url, timeout=10) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        try:
            queue: AbstractQueue | None = await channel.declare_queue(parked_name(queue_name(service)), passive=True)
        except aio_pika.exceptions.ChannelNotFoundEntity:
            queue = None
        yield channel, queue


async def _fetch(queue: AbstractQueue | None, limit: int) -> AsyncIterator[AbstractIncomingMessage]:
    if queue is None:
        return
    # Only those that were there at first: what is replayed may be parked again while we look.
    for _ in range(min(limit, queue.declaration_result.message_count or 0)):
        message = await queue.get(fail=False)
        if message is None:
            return
        yield message


def _parked(service: str, message: AbstractIncomingMessage) -> ParkedMessage:
    reason = str(message.headers.get(REASON_HEADER) or "delivered too often without being settled")
    return ParkedMessage(message.message_id or "-", message.type or "-", queue_name(service), reason, message.body)
