"""What several gateways tell each other of what was spent. Invariant: a token spent anywhere is paid for once, for all.

The truth of a bucket is a document, changed by compare and set. A gateway goes by its own copy, tells the document
about once a second what it gave away, and goes on with what the document then says, debts included. So callers who go
from gateway to gateway gain a second's worth once, and pay it back. A gateway that is alone tells nobody anything.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from gateway.buckets import Bucket, Buckets, Key
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.locks import NamedLocks
from services.chassis.mongo import Database, Document, DuplicateKeyError, IndexModel, PyMongoError

log = logging.getLogger(__name__)
BUCKETS = "allowances"
REPLICAS = "replicas"
KEEP = timedelta(seconds=60)
ALIVE = timedelta(seconds=10)
"""A gateway that has not been heard of for so long is gone."""
DIFFER = timedelta(seconds=5)
"""What clocks may differ by at most; a document from further ahead is set back to that."""
ANNOUNCE_SECONDS = 2.0
PATIENCE_SECONDS = 1.0
TOLD_AT_ONCE = 200
"""How many callers are told of in one round, those who spent most first; the rest have their turn in the next."""
SIDE_BY_SIDE = 8
INDEXES: dict[str, Sequence[IndexModel]] = {
    BUCKETS: [IndexModel([("expires_at", 1)], name="expiry", expireAfterSeconds=0)],
    REPLICAS: [IndexModel([("expires_at", 1)], name="expiry", expireAfterSeconds=0)],
}


class SharedBuckets:
    """The documents."""

    def __init__(self, database: Database) -> None:
        self._rows = database[BUCKETS]
        self._locks = NamedLocks()

    async def take(self, name: str, bucket: Bucket) -> bool:
        """Charge a token here and for all, one asker after the other; False where elsewhere all was spent.

        Where the database does not answer in time, what this process knows has to do.
        """
        bucket.tokens -= 1
        key = (bucket.policy, name)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self._locks.hold("\n".join(key)):
                level = await self._charge(key, bucket, 1, bucket.rule.burst, only_if_there=True)
        except (PyMongoError, TimeoutError) as error:
            log.warning("limits are counted here alone: %s", type(error).__name__)
            return True
        bucket.tokens = min(bucket.tokens, level)
        return level >= 0

    async def tell(self, key: Key, bucket: Bucket) -> None:
        """Tell what was given away here, and go on with what is left in all."""
        said, bucket.unsaid = bucket.unsaid, 0
        bucket.fill(bucket.rule)
        left = await self._charge(key, bucket, said, bucket.tokens + said)
        bucket.tokens = min(bucket.rule.burst, left - bucket.unsaid)
        bucket.at = time.monotonic()

    async def _charge(
        self, key: Key, bucket: Bucket, tokens: float, unknown: float, *, only_if_there: bool = False
    ) -> float:
        """What is left after it, ``unknown`` being there before where nothing is known.

        ``only_if_there`` leaves a bucket that holds too little as it is, and says less than none. Clocks differ a
        little, and time never runs backwards for a document: what has flowed in by one clock does not do so again by
        another.
        """
        identifier = ":".join(key)
        while True:
            row, at = await self._rows.find_one({"_id": identifier}), now()
            if row:
                at = max(at, min(row["at"], at + DIFFER))
            level = _level(row, bucket, at) if row else unknown
            short = only_if_there and level < tokens
            if short and (row is None or row["at"] <= at):
                return level - tokens
            left = level if short else level - tokens
            state = {"tokens": left, "at": at, "expires_at": at + KEEP + _refill(bucket)}
            if await self._written(identifier, row, state):
                return level - tokens

    async def _written(self, identifier: str, row: Document | None, state: Document) -> bool:
        """Whether nobody else has changed it since ``row`` was read."""
        if row is None:
            try:
                await self._rows.insert_one({"_id": identifier, "turn": 0, **state})
            except DuplicateKeyError:
                return False
            return True
        mine = {"_id": identifier, "turn": row["turn"]}
        change = {"$set": {**state, "turn": row["turn"] + 1}}
        return bool((await self._rows.update_one(mine, change)).matched_count)


def _level(row: Document, bucket: Bucket, at: datetime) -> float:
    """What the document holds by now."""
    passed = max(0.0, (at - row["at"]).total_seconds())
    return float(min(bucket.rule.burst, row["tokens"] + passed * bucket.rule.per_second))


def _refill(bucket: Bucket) -> timedelta:
    return timedelta(seconds=bucket.rule.window)


class Replicas:
    """The gateways that answer now. Invariant: who was killed is forgotten after ten seconds."""

    def __init__(self, database: Database) -> None:
        self._rows = database[REPLICAS]
        self._me = new_id()
        self._looked = float("-inf")
        self.others = 0

    async def look(self) -> int:
        """Say that this one lives, every two seconds; how many others do."""
        if time.monotonic() - self._looked >= ANNOUNCE_SECONDS:
            at = now()
            await self._rows.replace_one({"_id": self._me}, {"expires_at": at + ALIVE}, upsert=True)
            rows = await self._rows.find({}).to_list(None)
            self.others = sum(row["_id"] != self._me and row["expires_at"] > at for row in rows)
            self._looked = time.monotonic()
        return self.others

    async def leave(self) -> None:
        """This one answers no more."""
        await self._rows.delete_one({"_id": self._me})


class Sharing:
    """The duty that keeps the copies in this process near the truth."""

    def __init__(self, buckets: Buckets, shared: SharedBuckets, replicas: Replicas, *, every_seconds: float) -> None:
        self._buckets = buckets
        self._shared = shared
        self._replicas = replicas
        self._every = every_seconds
        self._alone = True

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                try:
                    await self.settle()
                except PyMongoError as error:
                    log.warning("limits are counted here alone: %s", type(error).__name__)
                await asyncio.sleep(self._every)
        finally:
            await self._leave()

    async def settle(self) -> None:
        """Tell the others what was spent since the last time; what is too little to matter is forgiven."""
        others = await self._replicas.look()
        if others and self._alone:
            self._buckets.declare_all()
        self._alone = not others
        touched, self._buckets.touched = self._buckets.touched, {}
        if not others:
            for bucket in touched.values():
                bucket.unsaid = 0
            return
        due = [(key, one) for key, one in touched.items() if one.unsaid >= self._trifle(one, others + 1)]
        due.sort(key=lambda pair: pair[1].unsaid / pair[1].rule.per_second, reverse=True)
        for key, bucket in due[TOLD_AT_ONCE:]:
            self._buckets.touched.setdefault(key, bucket)
        for bucket in touched.values():
            if bucket.unsaid < self._trifle(bucket, others + 1):
                bucket.unsaid = 0
        await self._tell(due[:TOLD_AT_ONCE])

    def _trifle(self, bucket: Bucket, gateways: int) -> float:
        """What every gateway may keep to itself: together half of what flows in meanwhile, so at most one and a half
        times the rule is given, for good."""
        return bucket.rule.per_second * self._every / (2 * gateways)

    async def _tell(self, due: Sequence[tuple[Key, Bucket]]) -> None:
        places = asyncio.Semaphore(SIDE_BY_SIDE)

        async def one(key: Key, bucket: Bucket) -> None:
            async with places:
                await self._shared.tell(key, bucket)

        answers = await asyncio.gather(*(one(*pair) for pair in due), return_exceptions=True)
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer

    async def _leave(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._replicas.leave()
        except (PyMongoError, TimeoutError):
            log.info("the others will notice by themselves that this gateway is gone")
