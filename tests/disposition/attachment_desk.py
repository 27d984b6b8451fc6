"""A disposition that files are brought for."""

from dataclasses import replace
from typing import Any

import aiohttp

from services.chassis.auth import HeldPosition, Principal
from services.chassis.files.received import SpoolLimits
from services.disposition.context import Context
from tests.disposition.world import Json, World
from tests.intake import scans
from tests.people import principal

PDF = scans.pdf(1, pixels=(120, 160))
REPORT = ("laporan.pdf", PDF)
File = tuple[str, bytes]


class Desk:
    """A disposition from the head to the division head, and files for it."""

    def __init__(self, world: World, given: Json) -> None:
        self.world, self.given = world, given
        self.context: Context = world.service.app.state.context
        self.path = f"/v1/dispositions/{given['id']}/attachments"
        self.author = principal(world.division_head)

    async def bring(
        self,
        *files: File,
        who: HeldPosition | Principal | None = None,
        key: str | None = None,
        field: str = "file",
        path: str | None = None,
    ) -> tuple[int, Json]:
        """POST the files; the status and the answer."""
        form = aiohttp.FormData(default_to_multipart=True)
        for name, content in files:
            form.add_field(field, content, filename=name, content_type="application/octet-stream")
        headers = self._headers(who) | ({"Idempotency-Key": key} if key else {})
        async with self.world.http.post(path or self.path, data=form, headers=headers) as response:
            return response.status, await response.json(content_type=None)

    async def brought(self, *files: File, **rest: Any) -> Json:
        """The same, which must succeed."""
        status, answer = await self.bring(*(files or (REPORT,)), **rest)
        assert status == 201, answer
        return answer

    async def open(
        self, attachment_id: str, who: HeldPosition | Principal | None = None, **headers: str
    ) -> tuple[aiohttp.ClientResponse, bytes]:
        """GET a file."""
        async with self.world.http.get(
            f"{self.path}/{attachment_id}", headers=self._headers(who) | headers
        ) as response:
            return response, await response.read()

    async def answer(self, *attachment_ids: str, what: str = "reply") -> tuple[int, Json]:
        """Answer with these files, as the first recipient."""
        said = {"text": "Terlampir."} if what == "reply" else {"report": "Terlampir."}
        recipient_id = self.given["recipients"][0]["recipient_id"]
        path = f"/v1/dispositions/{self.given['id']}/recipients/{recipient_id}/{what}"
        return await self.world.post(self.author, path, {**said, "attachments": list(attachment_ids)})

    async def added(self, file: File = REPORT) -> Json:
        """A file that is part of an answer."""
        brought = await self.brought(file)
        status, answer = await self.answer(brought["attachment_id"])
        assert status == 201, answer
        return brought

    def limit(self, file_bytes: int) -> None:
        """Let no file be longer."""
        files = replace(self.context.files, limits=SpoolLimits(file_bytes, 1000))
        self.world.service.app.state.context = replace(self.context, files=files)

    async def stored(self) -> set[str]:
        """What lies in the store for this disposition."""
        return {key.rpartition("/")[2] for key in await self.keys()}

    async def keys(self) -> list[str]:
        """Its keys there."""
        folder = f"disposition/{self.world.letter.registered_at:%Y/%m}/{self.given['id']}/"
        return [one.key async for one in self.context.files.storage.keys(folder)]

    async def rows(self) -> list[Json]:
        """What is written down of files."""
        return await self.world.service.foundation.database["attachments"].find({}).to_list(None)

    async def assert_nothing_left(self) -> None:
        """Neither in the store nor written down."""
        assert await self.stored() == set()
        assert await self.rows() == []

    def _headers(self, who: HeldPosition | Principal | None) -> dict[str, str]:
        return self.world._headers(who or self.author)


class Answered(Desk):
    """The same with one file in an answer."""

    file: Json
