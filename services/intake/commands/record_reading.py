"""Record who opened a confidential letter, and who asked for one that is not theirs. Invariant: once an hour for each.

What was opened is recorded before it is shown. What was refused is recorded behind the refusal's back: a refusal that
took longer because there was something to record would tell that there is a letter.
"""

import asyncio
import logging

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.errors import ServiceError, unavailable
from services.chassis.locks import NamedLocks
from services.chassis.mongo import PyMongoError
from services.chassis.outbox import StreamVersionTaken
from services.chassis.uow import Transaction, UnitOfWork
from services.contracts.intake import ConfidentialOpened, ReadingRefused
from services.intake.domain.letter import Letter
from services.intake.domain.reading import CONFIDENTIAL, RECORDED_OR_CLOSED, access_id

log = logging.getLogger(__name__)

FIRST_VERSION = 1
REMEMBERED = 10_000
"""Readings known to be recorded, so that most are not tried again; the outbox guards the rest."""
UNDER_WAY = 500
"""Refusals being recorded at once. Whoever provokes more is on record already."""


class Readings:
    """The record of readings, as this process adds to it."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._recorded: dict[str, None] = {}
        self._locks = NamedLocks()
        self._under_way: dict[str, asyncio.Task[None]] = {}

    async def opened(self, caller: Principal, letter: Letter, file_id: str | None = None) -> None:
        """The caller is about to be shown the letter or a file of it; 503 where that must be and cannot be recorded."""
        if letter.confidentiality not in CONFIDENTIAL:
            return
        at = now()
        event = ConfidentialOpened(
            access_id=access_id("opened", caller.person_id, letter.letter_id, file_id, at),
            letter_id=letter.letter_id,
            file_id=file_id,
            person_id=caller.person_id,
            person_name=caller.name,
            positions=tuple(caller.position_ids),
            at=at,
        )
        try:
            await self._record(event)
        except PyMongoError as error:
            log.error("the opening of letter %s was not recorded: %s", letter.letter_id, type(error).__name__)
            if letter.confidentiality in RECORDED_OR_CLOSED:
                raise _closed() from error

    def refused(self, caller: Principal, letter: Letter) -> None:
        """The caller asked for a letter that is not theirs; returns at once."""
        at = now()
        identifier = access_id("refused", caller.person_id, letter.letter_id, None, at)
        if identifier in self._recorded or identifier in self._under_way:
            return
        if len(self._under_way) >= UNDER_WAY:
            log.warning("too many refusals at once: that of letter %s was not recorded", letter.letter_id)
            return
        event = ReadingRefused(
            access_id=identifier,
            letter_id=letter.letter_id,
            person_id=caller.person_id,
            person_name=caller.name,
            positions=tuple(caller.position_ids),
            at=at,
        )
        task = asyncio.create_task(self._record_quietly(event))
        self._under_way[identifier] = task
        task.add_done_callback(lambda _: self._under_way.pop(identifier, None))

    async def _record_quietly(self, event: ReadingRefused) -> None:
        try:
            await self._record(event)
        except PyMongoError as error:
            log.error("a refusal of letter %s was not recorded: %s", event.letter_id, type(error).__name__)

    async def _record(self, event: ConfidentialOpened | ReadingRefused) -> None:
        """Return when the reading is on record, by this process or by another."""

        async def work(transaction: Transaction) -> None:
            transaction.publish(event, seq=FIRST_VERSION)

        async with self._locks.hold(event.access_id):
            if event.access_id in self._recorded:
                return
            try:
                await self._uow.run(work)
            except StreamVersionTaken:
                log.debug("another process has recorded it")
            if len(self._recorded) >= REMEMBERED:
                self._recorded.pop(next(iter(self._recorded)))
            self._recorded[event.access_id] = None


def _closed() -> ServiceError:
    return unavailable(
        "Surat ini belum dapat dibuka karena pembacaannya belum dapat dicatat. Silakan coba lagi sebentar."
    )
