"""The desk at which piles of letters are scanned, and what a test does at it."""

import hashlib
import io
from collections.abc import Sequence
from typing import Any

import pypdfium2
from PIL import Image

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.lease import Lease
from services.contracts.intake import StoredFile
from services.intake.commands.batches.work_batches import work_batches
from services.intake.domain.loose_scan import LooseScan
from tests.intake.world import Answer, World


class Desk:
    """A world with a sheet-fed scanner in it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.context = world.context
        self._lease = Lease(world.service.foundation.database, "batches-test")

    async def loose(self, content: bytes, pages: int, media_type: str = "application/pdf", **changes: Any) -> LooseScan:
        """A scan that the village's operator uploaded."""
        scan_id = new_id()
        file = StoredFile(
            file_id=scan_id,
            name="tumpukan senin.pdf",
            object_key=f"letters/scans/2026/11/{scan_id}",
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            media_type=media_type,
            pages=pages,
        )
        await self.world.storage.put(file.object_key, io.BytesIO(content), file.size, file.media_type)
        scan = LooseScan(
            file=file,
            origin="upload",
            person_id=self.world.operator.person_id,
            unit_id=self.world.village.unit_id,
            position_id=self.world.village.position_id,
            created_at=now(),
        )
        await self.context.scans.add(scan.model_copy(update=changes))
        await self.context.copies.want(file, scan.unit_id, None)
        return scan

    async def sheet(self, person: Principal | None = None, **asked: Any) -> Image.Image:
        """A sheet out of the printer, as it is scanned."""
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        answer = await self.world.download(f"/v1/separator-sheets.pdf?count=1&{query}", person)
        assert answer.status == 200, answer.body
        picture: Image.Image = pypdfium2.PdfDocument(answer.body)[0].render(scale=150 / 72).to_pil().convert("L")
        return picture

    async def begin(self, scan: LooseScan, **rest: Any) -> Answer:
        """POST /v1/batches."""
        return await self.world.act("POST", "/v1/batches", {"scan": scan.scan_id}, **rest)

    async def begun(self, content: bytes, pages: int, media_type: str = "application/pdf") -> str:
        """The id of a new batch."""
        answer = await self.begin(await self.loose(content, pages, media_type))
        assert answer.status == 201, answer.body
        return str(answer.body["id"])

    async def split(self, content: bytes, pages: int, media_type: str = "application/pdf") -> dict[str, Any]:
        """A batch that was split."""
        batch_id = await self.begun(content, pages, media_type)
        await self.work()
        batch = await self.show(batch_id)
        assert batch["state"] == "ready", batch
        return batch

    async def work(self, times: int = 1) -> None:
        """Have the worker look round."""
        for _ in range(times):
            await work_batches(self.context, self._lease)

    async def show(self, batch_id: str, person: Principal | None = None) -> dict[str, Any]:
        """GET /v1/batches/{id}."""
        answer = await self.world.get(f"/v1/batches/{batch_id}", person)
        assert answer.status == 200, answer.body
        body: dict[str, Any] = answer.body
        return body

    async def edit(self, batch_id: str, *edits: dict[str, Any], **rest: Any) -> Answer:
        """POST /v1/batches/{id}/edits."""
        return await self.world.act("POST", f"/v1/batches/{batch_id}/edits", {"edits": list(edits)}, **rest)

    async def ask(self, batch_id: str, what: str, **rest: Any) -> Answer:
        """POST /v1/batches/{id}/confirm, close or reset."""
        return await self.world.act("POST", f"/v1/batches/{batch_id}/{what}", **rest)

    async def confirmed(self, batch_id: str) -> dict[str, Any]:
        """The batch, with its letters cut."""
        answer = await self.ask(batch_id, "confirm")
        assert answer.status == 202, answer.body
        await self.work()
        batch = await self.show(batch_id)
        assert batch["state"] == "confirmed", batch
        return batch

    async def stored(self, key: str) -> bytes | None:
        """What lies under the key, or None."""
        keys = await self.world.all_keys()
        if key not in keys:
            return None
        return b"".join([piece async for piece in self.world.storage.read(key)])


def pages(batch: dict[str, Any]) -> list[list[int]]:
    """The pages of each letter."""
    return [[one["page"] for one in letter["pages"]] for letter in batch["letters"]]


def left_out(batch: dict[str, Any]) -> list[tuple[int, str]]:
    """The pages that are in no letter, and why."""
    return [(one["page"], one["reason"]) for one in batch["left_out"]]


def codes(warnings: Sequence[dict[str, Any]]) -> list[tuple[str, int | None]]:
    """Code and page of each warning."""
    assert all(one["detail"].endswith(".") for one in warnings)
    return [(one["code"], one["page"]) for one in warnings]
