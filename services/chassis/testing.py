"""Doubles for unit tests. Invariant: one contract suite (tests/chassis/contract) holds them to the real things.

They keep everything in memory and are as strict as the servers: the bus routes by type and parks with a reason, the
unit of work rolls back, the storage knows nothing it was not given.
"""

import hashlib
import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, TypeVar

from services.chassis.bus.consumer import Dispatcher
from services.chassis.bus.envelope import Undecodable, unseal
from services.chassis.bus.outcome import Outcome, Park, Retry
from services.chassis.bus.publisher import Outgoing
from services.chassis.bus.topology import LADDER_SECONDS
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.inbox import AlreadyHandled
from services.chassis.mongo import Document
from services.chassis.outbox import StreamVersionTaken
from services.chassis.storage import LEAST_PART, ObjectMissing, StorageUnavailable, Stored
from services.chassis.uow import Transaction, Work
from services.contracts.event import routing_key

T = TypeVar("T")


class InMemoryUnitOfWork:
    """A UnitOfWork whose outbox and inbox are a list and a set."""

    def __init__(self) -> None:
        self.outbox: list[Document] = []
        self._marks: set[tuple[str, str]] = set()

    async def run(self, work: Work[T]) -> T:
        """See uow.UnitOfWork."""
        transaction = Transaction(None, now())
        result = await work(transaction)
        versions = {(entry["stream"], entry["seq"]) for entry in self.outbox}
        for entry in transaction.entries:
            version = (entry["stream"], entry["seq"])
            if version in versions:
                raise StreamVersionTaken(entry["stream"])
            versions.add(version)
        self.outbox.extend(transaction.entries)
        return result

    async def handle(self, event_id: str, handler: str, work: Work[T]) -> T:
        """See uow.UnitOfWork."""
        mark = (event_id, handler)
        if mark in self._marks:
            raise AlreadyHandled(f"{handler} has handled {event_id}")
        result = await self.run(work)
        self._marks.add(mark)
        return result


@dataclass
class _Queue:
    dispatcher: Dispatcher
    parked: list[tuple[str, str]] = field(default_factory=list)


class InMemoryBus:
    """A bus whose ladder takes no time: a message is tried at once on every rung, then parked."""

    def __init__(self) -> None:
        self._queues: dict[str, _Queue] = {}
        self.unrouted: list[str] = []
        self.refusing: set[str] = set()

    def consume(self, service: str, dispatcher: Dispatcher) -> None:
        """Have ``service`` consume the event types its dispatcher wants."""
        self._queues[service] = _Queue(dispatcher)

    async def publish(self, batch: Sequence[Outgoing]) -> list[str | None]:
        """See publisher.Publisher; ids in ``refusing`` are not taken."""
        return [await self._publish(outgoing) for outgoing in batch]

    async def send(self, service: str, identifier: str, body: bytes) -> None:
        """Put bytes straight into a service's queue, as a foreign client could."""
        await self._settle(self._queues[service], identifier, body)

    def parked(self, service: str) -> list[tuple[str, str]]:
        """Id and reason of the service's parked messages, oldest first."""
        return list(self._queues[service].parked)

    async def _publish(self, outgoing: Outgoing) -> str | None:
        if outgoing.id in self.refusing:
            return "refused by the broker: told to"
        wanting = [
            queue
            for queue in self._queues.values()
            if outgoing.routing_key in map(routing_key, queue.dispatcher.event_types)
        ]
        if not wanting:
            self.unrouted.append(outgoing.id)
        for queue in wanting:
            await self._settle(queue, outgoing.id, outgoing.body)
        return None

    async def _settle(self, queue: _Queue, identifier: str, body: bytes) -> None:
        try:
            envelope = unseal(body)
        except Undecodable as error:
            queue.parked.append((identifier, str(error)))
            return
        outcome: Outcome = await queue.dispatcher.dispatch(envelope)
        for _ in LADDER_SECONDS:
            if not isinstance(outcome, Retry):
                break
            outcome = await queue.dispatcher.dispatch(envelope)
        if isinstance(outcome, Retry):
            outcome = Park(f"after {len(LADDER_SECONDS)} retries: {outcome.reason}")
        if isinstance(outcome, Park):
            queue.parked.append((identifier, outcome.reason))


class InMemoryStorage:
    """An ObjectStorage in a dictionary."""

    def __init__(self) -> None:
        self._objects: dict[str, tuple[bytes, Stored]] = {}
        self.begun: dict[str, tuple[str, dict[int, bytes]]] = {}

    async def put(self, key: str, content: BinaryIO, size: int, media_type: str) -> None:
        """See storage.ObjectStorage; the media type is not kept because nothing reads it back."""
        del media_type
        self._objects[key] = (content.read(size), Stored(key, size, now()))

    async def stat(self, key: str) -> Stored:
        """See storage.ObjectStorage."""
        return self._found(key)[1]

    async def read(self, key: str, offset: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """See storage.ObjectStorage."""
        stream = io.BytesIO(self._found(key)[0][offset:][:length])
        while chunk := stream.read(65536):
            yield chunk

    async def remove(self, key: str) -> None:
        """See storage.ObjectStorage."""
        self._objects.pop(key, None)

    async def keys(self, prefix: str) -> AsyncIterator[Stored]:
        """See storage.ObjectStorage."""
        for key in sorted(self._objects):
            if key.startswith(prefix):
                yield self._objects[key][1]

    async def begin_parts(self, key: str, media_type: str) -> str:
        """See storage.ObjectStorage."""
        del media_type
        begun = new_id()
        self.begun[begun] = (key, {})
        return begun

    async def put_part(self, key: str, begun: str, number: int, content: bytes) -> str:
        """See storage.ObjectStorage."""
        self._parts(key, begun)[number] = content
        return _tag(content)

    async def join_parts(self, key: str, begun: str, parts: Sequence[tuple[int, str]]) -> None:
        """See storage.ObjectStorage."""
        there = self._parts(key, begun)
        chosen = [there.get(number, b"") for number, _ in parts]
        tags = [_tag(content) for content in chosen]
        short = any(len(content) < LEAST_PART for content in chosen[:-1])
        if short or tags != [tag for _, tag in parts]:
            raise StorageUnavailable("the object store refused: InvalidPart")
        whole = b"".join(chosen)
        await self.put(key, io.BytesIO(whole), len(whole), "")
        del self.begun[begun]

    async def abandon_parts(self, key: str) -> None:
        """See storage.ObjectStorage."""
        self.begun = {begun: held for begun, held in self.begun.items() if held[0] != key}

    async def reachable(self) -> bool:
        """See storage.ObjectStorage."""
        return True

    def _parts(self, key: str, begun: str) -> dict[int, bytes]:
        if self.begun.get(begun, ("", {}))[0] != key:
            raise ObjectMissing(key)
        return self.begun[begun][1]

    def _found(self, key: str) -> tuple[bytes, Stored]:
        if key not in self._objects:
            raise ObjectMissing(key)
        return self._objects[key]


def _tag(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
