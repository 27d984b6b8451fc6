"""Idempotency keys. Invariant: for one caller and key an act happens once, and every repeat gets the first answer.

The key's record is written in the act's own transaction. The same key with another request is refused with 422, as
the IETF draft "The Idempotency-Key HTTP Header Field" asks. Records are kept 30 days.
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import orjson
from fastapi import Header
from pymongo import IndexModel

from services.chassis.errors import ServiceError, unprocessable
from services.chassis.mongo import Database, Document, DuplicateKeyError
from services.chassis.outbox import StreamVersionTaken
from services.chassis.uow import Transaction, UnitOfWork

COLLECTION = "idempotency_keys"
KEEP_SECONDS = 30 * 24 * 3600
INDEXES = {COLLECTION: [IndexModel([("at", 1)], name="expiry", expireAfterSeconds=KEEP_SECONDS)]}

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="Made by the client, one for each intended act; a repeat with the same key gets the first answer.",
    ),
]


def fingerprint(*parts: Any) -> str:
    """What identifies a request: a hash over its meaningful parts (JSON-able values).

    Parts are what the client sent, without defaults: a field added to a form later must not make a repeat of an older
    request look like another one.
    """
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()


class IdempotentActs:
    """Runs acts at most once a key. ``run`` returns the answer document, first or repeated."""

    def __init__(self, database: Database, uow: UnitOfWork) -> None:
        self._records = database[COLLECTION]
        self._uow = uow

    async def find(self, person_id: str, key: str | None, request: str) -> Document | None:
        """The first answer to this key, if there is one; 422 where the key was used for another request."""
        if key is None:
            return None
        record = await self._records.find_one({"_id": _record_id(person_id, key)})
        if record is None:
            return None
        if record["request"] != request:
            raise unprocessable(
                "idempotency_key_reused", "Kunci Idempotency-Key ini sudah dipakai untuk permintaan lain."
            )
        answer: Document = record["answer"]
        return answer

    async def run(
        self,
        person_id: str,
        key: str | None,
        request: str,
        act: Callable[[Transaction], Awaitable[Document]],
    ) -> tuple[Document, bool]:
        """The act's answer and whether it is a repeat. Two at once: one acts, the other gets its answer.

        Nothing is looked up beforehand: repeats are rare, and one is stopped by the record itself, which is written in
        the act's transaction, or by what the first act has changed. Then the first answer is found and given.
        """

        async def once(transaction: Transaction) -> Document:
            answer = await act(transaction)
            if key is not None:
                record = {"_id": _record_id(person_id, key), "request": request, "answer": answer}
                await self._records.insert_one({**record, "at": transaction.now}, session=transaction.session)
            return answer

        try:
            return await self._uow.run(once), False
        except (DuplicateKeyError, StreamVersionTaken, ServiceError):
            # Perhaps what stood in the way is this very act, done meanwhile by the other of two at once.
            repeated = await self.find(person_id, key, request)
            if repeated is None:
                raise
            return repeated, True


def _record_id(person_id: str, key: str) -> str:
    """Text, not a sub-document: the embedded server finds a document by text directly and by anything else slowly."""
    return f"{person_id}/{key}"
