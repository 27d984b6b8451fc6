"""K13, K14: fifty letters wait in an app; line, app and service break again and again; each is registered once."""

import asyncio
import hashlib
import io
import random
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from services.chassis.mongo import connect
from tests.faults.bad_line import bad_line
from tests.faults.offline_queue import App, Queue
from tests.house import SCAN, House

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(600)]

LETTERS = 50
KILLS = 6
SCAN_BYTES = 160_000
"""As long as a scanner's page, so that an upload is several requests."""


def scan(number: int, folder: Path) -> bytes:
    """A scan that is like no other."""
    path = folder / "scan.tmp"
    with pikepdf.open(io.BytesIO(SCAN)) as document:
        document.docinfo["/Nomor"] = pikepdf.String(str(number))
        document.Root.Padding = document.make_stream(random.Random(number).randbytes(SCAN_BYTES))
        document.save(path, compress_streams=False)
    return path.read_bytes()


class TestFiftyLetters:
    async def test_K13_each_is_registered_exactly_once(self, house: House, tmp_path: Path) -> None:
        chance = random.Random(13)
        queue = Queue(tmp_path)
        scans = [scan(number, tmp_path) for number in range(LETTERS)]
        queue.fill(scans)
        before = await registered(house)
        kills = 0
        async with (
            house.person("desa.sekartaji") as client,
            bad_line(house.stack.base_url, chance, mean_bytes=250_000) as line,
        ):
            async with asyncio.timeout(360):
                while any(one.letter_id is None for one in queue.read()):
                    app = App(queue, line, client._authorization(), chance)
                    running = asyncio.create_task(app.run(chance.uniform(1, 4)))
                    await asyncio.sleep(chance.uniform(0, 2))
                    if kills < KILLS:
                        await house.stack.kill_part("intake")
                        kills += 1
                    await running
        assert kills == KILLS
        sent = queue.read()
        rows = [row for row in await registered(house) if row["_id"] not in {old["_id"] for old in before}]
        assert {row["_id"] for row in rows} == {one.letter_id for one in sent}
        assert len(rows) == LETTERS
        numbers = sorted(row["agenda_number"] for row in rows)
        assert numbers == list(range(numbers[0], numbers[0] + LETTERS))
        for one, content in zip(sorted(sent, key=lambda one: one.scan), scans, strict=True):
            assert one.sha256 == hashlib.sha256(content).hexdigest()
            [file] = next(row["files"] for row in rows if row["_id"] == one.letter_id)
            assert file["sha256"] == one.sha256
        await originals_are_whole(house, rows, scans)
        await house.assert_all_arrived_once([str(one.letter_id) for one in sent])


async def originals_are_whole(house: House, rows: list[dict[str, Any]], scans: list[bytes]) -> None:
    """What is handed out are the bytes that were in the queue."""
    async with house.person("desa.sekartaji") as reader:
        handed_out = [
            await reader.download(f"/v1/letters/{row['_id']}/files/{row['files'][0]['file_id']}") for row in rows
        ]
    assert sorted(handed_out) == sorted(scans)


async def registered(house: House) -> list[dict[str, Any]]:
    """The letters in the village's books."""
    database = connect(house.servers.mongo_url, "lontar_intake")
    try:
        return await database["letters"].find({}).to_list(None)
    finally:
        database.client.close()
