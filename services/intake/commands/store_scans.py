"""Put originals into the object store, and take them out again where no letter came of them.

Invariant: when ``store_scans`` returns every original is in the store; when it raises, none is (as far as the store
can still be reached; the sweep sees to the rest).
"""

import asyncio
import logging
from collections.abc import Sequence

from services.chassis.ids import instant_of
from services.chassis.storage import ObjectStorage, StorageUnavailable
from services.contracts.intake import StoredFile
from services.intake.domain.scans.scan import Scan
from services.intake.settings import IntakeSettings

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Originals of one letter on their way at the same time: each may take a part of the store client's memory."""
ROOT = f"{IntakeSettings.FOLDER}/"


def folder_of(letter_id: str) -> str:
    """What the keys of a letter's originals begin with: the month its id was made, then the id."""
    return f"{ROOT}{instant_of(letter_id):%Y/%m}/{letter_id}/"


def object_key(letter_id: str, file_id: str) -> str:
    """Where an original lies."""
    return folder_of(letter_id) + file_id


async def store_scans(storage: ObjectStorage, scans: Sequence[tuple[StoredFile, Scan]]) -> None:
    """Put every scan; where one cannot be put, remove the others and raise."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def put(file: StoredFile, scan: Scan) -> None:
        async with slots:
            await storage.put(file.object_key, scan.content, file.size, file.media_type)

    results = await asyncio.gather(*(put(file, scan) for file, scan in scans), return_exceptions=True)
    failures = [result for result in results if result is not None]
    if failures:
        await discard_scans(storage, [file for file, _ in scans])
        raise failures[0]


async def discard_scans(storage: ObjectStorage, files: Sequence[StoredFile]) -> None:
    """Remove originals no letter was made of; what cannot be removed now is left to the sweep."""
    for file in files:
        try:
            await storage.remove(file.object_key)
        except StorageUnavailable:
            log.warning("%s could not be removed and is left to the sweep", file.object_key)
            return
