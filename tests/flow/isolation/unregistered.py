"""What a village has before it has a letter: scans, an upload that is not whole, drafts, piles of paper. And what is
made of its scans. Invariant: each thing is named by the part it plays, as letters are.
"""

import asyncio
from base64 import b64encode

from deploy.demo.client import Client, Json
from services.chassis.ids import new_id
from tests.flow.isolation.asking import Request, ask
from tests.flow.isolation.village import Village
from tests.flow.isolation.world import Story
from tests.house import House, letter
from tests.intake.scans import text_pdf
from tests.waiting import until_equal

SECONDS = 150
OFFSET_TYPE = "application/offset+octet-stream"


def paper(village: Village, part: str) -> bytes:
    """A scan that says what it is about, as letters do."""
    lines = (
        f"Nomor : 470/9/{village.number}/2026",
        f"Hal : Permohonan {village.subject}",
        "Kepada Yth. Kepala Dinas Pekerjaan Umum",
        f"Dengan hormat kami mohon {village.scan}",
        f"lembar {part}",
    )
    return text_pdf("\n".join(lines))


def creating(name: str, length: int, content: bytes = b"", **metadata: str) -> Request:
    """The request that begins an upload, with its first bytes."""
    said = {"filename": name, **metadata}
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": str(length),
        "Upload-Metadata": ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in said.items()),
        "Content-Type": OFFSET_TYPE,
    }
    return Request("create_upload", "POST", "/v1/uploads", headers=headers, stretch=content)


async def uploaded(client: Client, name: str, content: bytes, length: int | None = None) -> Json:
    """The scan, or what is here of it where it is to be longer than ``content``."""
    begun = await ask(client, creating(name, length or len(content), content))
    assert begun.status == 201, begun
    return await client.get(f"/v1/scans/{begun.headers['Location'].rpartition('/')[2]}")


async def bring(story: Story) -> None:
    """Let it all happen, but for the letters."""
    world, village = story.world, story.world.village
    [own] = await story.cast(village.username)
    for part in ("loose", "drafted", "unwanted", "taken up", "pile", "put away", "kept"):
        world.scans[part] = await uploaded(own, f"{village.file}-{part}.pdf", paper(village, part))
    world.scans["arriving"] = await uploaded(own, f"{village.file}-arriving.pdf", b"%PDF-1.7\n", 4096)
    await _registered(story, own)
    for part in ("drafted", "unwanted", "kept"):
        said = letter(subject=f"Permohonan {village.subject}", summary=f"Ringkasan {village.said}")
        draft = {"letter": said, "scans": [world.scans[part]["id"]] if part == "drafted" else []}
        world.drafts[part] = (await own.post("/v1/drafts", draft))["id"]
    for part in ("pile", "put away", "kept"):
        world.batches[part] = (await own.post("/v1/batches", {"scan": world.scans[part]["id"]}))["id"]


async def _registered(story: Story, own: Client) -> None:
    """A letter of a scan that was there before it."""
    world, key = story.world, new_id()
    scan = world.scans["taken up"]["id"]
    said = letter(subject=f"Permohonan {world.village.subject}", letter_number=f"470/0/{world.village.number}/2026")
    sent = await own.post("/v1/letters", {"letter": said, "scans": [scan]}, key=key)
    world.letters["taken up"] = sent
    world.keys.append(key)
    world.scans["taken up"] = await own.get(f"/v1/scans/{scan}")


async def seen_to(story: Story) -> None:
    """Wait until the piles are split, and the scans that are looked at closely have their copies."""
    world = story.world
    [own] = await story.cast(world.village.username)
    for batch_id in world.batches.values():
        split = await until_equal(lambda one=batch_id: own.get(f"/v1/batches/{one}"), _seen, SECONDS)  # type: ignore[misc]
        assert split["state"] == "ready", split
    wanted = {world.scans["loose"]["id"]: f"/v1/scans/{world.scans['loose']['id']}"}
    for sent in (world.letters["taken up"], world.letters["plain"]):
        file_id = sent["files"][0]["file_id"]
        wanted[file_id] = f"/v1/letters/{sent['id']}/files/{file_id}"
    await asyncio.gather(*(_copied(story.house, own, one, path) for one, path in wanted.items()))


async def _copied(house: House, own: Client, file_id: str, path: str) -> None:
    """Wait for the copies of a scan, which nobody makes unasked."""

    async def look() -> Json:
        await house.copying.at_once(file_id)
        return await own.get(f"{path}/copies")

    await until_equal(look, lambda seen: bool(seen["state"] == "done"), SECONDS, pause=0.5)


def _seen(batch: Json) -> bool:
    return bool(batch["state"] != "splitting")
