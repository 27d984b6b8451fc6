"""Registering scans that were uploaded before: they become the letter's as they lie, once."""

import asyncio
import io

from services.chassis.clock import now
from services.chassis.ids import new_id
from services.contracts.intake import StoredFile
from services.intake.domain.loose_scan import LooseScan
from tests.events import published
from tests.intake.world import SMALL_PDF, Answer, World


async def loose_scan(world: World, *, origin: str = "upload") -> LooseScan:
    """A scan of the village's operator that lies in the store."""
    scan_id = new_id()
    file = StoredFile(
        file_id=scan_id,
        name="surat.pdf",
        object_key=f"letters/scans/2026/11/{scan_id}",
        sha256="0" * 64,
        size=len(SMALL_PDF),
        media_type="application/pdf",
        pages=1,
    )
    await world.storage.put(file.object_key, io.BytesIO(SMALL_PDF), file.size, file.media_type)
    scan = LooseScan.model_validate(
        {
            "file": file,
            "origin": origin,
            "person_id": world.operator.person_id,
            "unit_id": world.village.unit_id,
            "position_id": world.village.position_id,
            "written": False,
            "created_at": now(),
        }
    )
    await world.context.scans.add(scan)
    return scan


async def register(world: World, *scans: LooseScan, person: object = None, key: str | None = None) -> Answer:
    """POST /v1/letters with the scans' ids."""
    body = {"letter": world.letter(), "scans": [scan.scan_id for scan in scans]}
    headers = world.headers(person, key)  # type: ignore[arg-type]
    async with world.http.post("/v1/letters", json=body, headers=headers) as response:
        return Answer(response.status, response.headers, await response.json(content_type=None))


class TestRegister:
    async def test_scans_become_the_letters_files_where_they_lie(self, world: World) -> None:
        first, second = await loose_scan(world), await loose_scan(world)
        answer = await register(world, second, first)
        assert answer.status == 201, answer.body
        assert [file["file_id"] for file in answer.body["files"]] == [second.scan_id, first.scan_id]
        [event] = await published(world.service)
        assert [file["object_key"] for file in event.data["files"]] == [
            second.file.object_key,
            first.file.object_key,
        ]
        kept = await world.context.scans.get(first.scan_id)
        assert kept is not None
        assert kept.taken_by == answer.body["id"]

    async def test_retry_with_the_same_key_gets_the_same_letter(self, world: World) -> None:
        scan = await loose_scan(world)
        first, again = await register(world, scan, key="k-1"), await register(world, scan, key="k-1")
        assert (again.status, again.body["id"]) == (201, first.body["id"])
        assert len(await world.rows("letters")) == 1

    async def test_scan_of_another_letter_is_refused_and_leaves_no_gap(self, world: World) -> None:
        scan, other = await loose_scan(world), await loose_scan(world)
        await register(world, scan)
        answer = await register(world, other, scan)
        assert (answer.status, answer.code) == (409, "scan_taken")
        assert (await register(world, other)).body["agenda_number"] == 2

    async def test_two_letters_at_once_share_no_scan(self, world: World) -> None:
        scan = await loose_scan(world)
        answers = await asyncio.gather(*(register(world, scan) for _ in range(6)))
        assert sorted(answer.status for answer in answers) == [201, 409, 409, 409, 409, 409]
        assert len(await world.rows("letters")) == 1

    async def test_stranger_finds_no_such_scan(self, world: World) -> None:
        scan = await loose_scan(world)
        answer = await register(world, scan, person=world.head)
        assert (answer.status, answer.code) == (404, "not_found")

    async def test_scan_named_twice_is_refused(self, world: World) -> None:
        scan = await loose_scan(world)
        assert (await register(world, scan, scan)).code == "scan_twice"

    async def test_no_scan_at_all_is_refused(self, world: World) -> None:
        assert (await register(world)).status == 422

    async def test_overlong_body_is_refused(self, world: World) -> None:
        body = b'{"letter": "' + b"x" * (300 * 1024) + b'"}'
        headers = world.headers() | {"Content-Type": "application/json"}
        assert (await world.send(body, headers)).code == "letter_too_large"
