"""The story: one letter from a village's scanner to the answer on the head's phone, and an invitation into a calendar.

Invariant: everything is done as the people would do it, signed in, over the public API; the story passes only if each
of them sees what they should.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from deploy.cli.console import complain, say
from deploy.demo import scan
from deploy.demo.client import Client, Json
from deploy.demo.hops import READING_SECONDS, Hop, HopFailed, Journey, arriving
from deploy.demo.organisation import seat, unit_id
from deploy.demo.report import print_suggestions, print_track
from deploy.demo.seed import ensure_seeded, signed_in
from services.chassis.clock import now

WITA = ZoneInfo("Asia/Makassar")
CAST = ("desa.sekartaji", "kadis.pu", "kabid.bm", "bupati", "sespri", "desa.batununggul")


@dataclass
class Stage:
    """The people of the story, each signed in, and the journey so far."""

    people: dict[str, Client]
    journey: Journey
    letters: list[tuple[str, Json]] = field(default_factory=list)
    """Each letter with the account whose view of its track is shown."""

    def __getitem__(self, username: str) -> Client:
        return self.people[username]


async def run(base_url: str, admin_password: str, var_dir: Path) -> int:
    """Play the story against a running Lontar and print the letters' tracks; 0, or 1 with the failed hop named."""
    journey = Journey(_tell)
    try:
        async with journey.hop("the demo organisation is in place"):
            await ensure_seeded(base_url, admin_password, var_dir)
        async with _stage(base_url, var_dir, journey) as stage:
            await equipment_letter(stage)
            await invitation_letter(stage)
            await _show(stage)
    except HopFailed as failed:
        complain(f"The letter did not arrive. Failed hop: {failed}")
        return 1
    say(f"All {len(journey.hops)} hops arrived.", style="bold green")
    return 0


@asynccontextmanager
async def _stage(base_url: str, var_dir: Path, journey: Journey) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as doors:
        people: dict[str, Client] = {}
        async with journey.hop("everybody signs in"):
            for username in CAST:
                people[username] = await doors.enter_async_context(signed_in(base_url, username, var_dir))
        yield Stage(people, journey)


async def equipment_letter(stage: Stage) -> None:
    """A village asks for an excavator; the head disposes; the subordinate answers; the head is told."""
    village, head, officer = stage["desa.sekartaji"], stage["kadis.pu"], stage["kabid.bm"]
    content = await _scanned(scan.EQUIPMENT_LETTER, 1)
    async with stage.journey.hop("Desa Sekartaji uploads the scan"):
        scan_id = await village.upload_scan("surat-alat-berat.pdf", content)
    async with stage.journey.hop("it is read, and what it says is suggested", READING_SECONDS):
        found = await arriving(lambda: _suggested(village, scan_id), pause=0.2)
    print_suggestions(found)
    async with stage.journey.hop("Desa Sekartaji accepts that and registers the letter"):
        letter = await village.register(_equipment() | _accepted(found), [scan_id])
        stage.letters.append(("kadis.pu", letter))
    async with stage.journey.hop("it lies in the inbox of Dinas PU"):
        branch = await arriving(lambda: _in_inbox(head, letter["id"]))
    async with stage.journey.hop("the head reads the same pages, byte for byte"):
        await head.post(f"/v1/branches/{branch['branch_id']}/read")
        await _same_pages(head, letter, content)
        await head.post(f"/v1/branches/{branch['branch_id']}/receive")
    async with stage.journey.hop('the head disposes: "Pelajari" and "Sosialisasikan"'):
        wanted = {"position_id": seat("kabid.bm").position_id, "instructions": ["pelajari", "sosialisasikan"]}
        issued = await head.post(f"/v1/letters/{letter['id']}/dispositions", {"recipients": [wanted]})
    async with stage.journey.hop("the subordinate is told"):
        await arriving(lambda: _told(officer, "disposition_id", issued["id"]))
    recipient = f"/v1/dispositions/{issued['id']}/recipients/{issued['recipients'][0]['recipient_id']}"
    async with (
        stage.journey.hop('the subordinate answers "Siap!" and the head is told at once'),
        head.listening("/v1/notifications/stream") as told,
    ):
        await officer.post(f"{recipient}/read")
        await officer.post(f"{recipient}/reply", {"quick_reply": "siap"})
        await _heard(told, "disposition_id", issued["id"])
    async with stage.journey.hop("the subordinate reports it done and the letter is closed"):
        await officer.post(f"{recipient}/complete", {"report": "Ekskavator dan operator sudah disiapkan."})
        await arriving(lambda: _closed(village, letter["id"]))
    async with stage.journey.hop("another village cannot see the letter, also after a wait for rights on their way"):
        await _invisible(stage["desa.batununggul"], letter["id"])


async def invitation_letter(stage: Stage) -> None:
    """A village invites the bupati; "Jadwalkan" turns the letter into a request in the bupati's schedule."""
    village, leader, secretary = stage["desa.sekartaji"], stage["bupati"], stage["sespri"]
    content = await _scanned(scan.INVITATION_LETTER, 2)
    async with stage.journey.hop("Desa Sekartaji sends an invitation to the bupati"):
        letter = await village.send_letter(_invitation(), [("undangan.pdf", content, "application/pdf")])
        stage.letters.append(("bupati", letter))
    async with stage.journey.hop("it lies in the inbox of the bupati"):
        branch = await arriving(lambda: _in_inbox(leader, letter["id"]))
        await leader.post(f"/v1/branches/{branch['branch_id']}/read")
    async with stage.journey.hop('the bupati disposes: "Jadwalkan"'):
        wanted = {"position_id": seat("sespri").position_id, "instructions": ["jadwalkan"]}
        await leader.post(f"/v1/letters/{letter['id']}/dispositions", {"recipients": [wanted]})
    async with stage.journey.hop("it is a request in the bupati's schedule"):
        await arriving(lambda: _requested(secretary, letter["id"]))


async def _scanned(lines: Sequence[str], seed: int) -> bytes:
    """Drawn on a thread: on a slow machine connections would be closed from afar while nobody looks at them."""
    return await asyncio.to_thread(scan.scanned_pdf, lines, seed=seed)


async def _suggested(person: Client, scan_id: str) -> Json | None:
    found = await person.get(f"/v1/scans/{scan_id}/suggestions")
    if found["state"] == "unavailable":
        raise ValueError("the scan could not be read")
    return found if found["state"] == "ready" else None


def _accepted(found: Json) -> Json:
    """What a clerk would take over; the rest they know themselves."""
    said = {name: found[name]["value"] for name in ("letter_number", "subject") if found[name]}
    addressees = [one["value"] for one in found["addressees"] if one["value"]["id"] == unit_id("dinas-pu")]
    return said | ({"addressees": addressees} if addressees else {})


def _equipment() -> Json:
    return {
        "direction": "incoming",
        "kind": "Surat Permohonan",
        "category": "request",
        "urgency": "urgent",
        "confidentiality": "ordinary",
        "subject": "Permohonan peminjaman alat berat",
        "letter_number": "005/117/SKT/XI/2026",
        "letter_date": now().astimezone(WITA).date().isoformat(),
        "addressees": [{"kind": "unit", "id": unit_id("dinas-pu"), "name": "Dinas Pekerjaan Umum"}],
        "copies": [{"kind": "unit", "id": unit_id("nusa-penida"), "name": "Kecamatan Nusa Penida"}],
    }


def _invitation() -> Json:
    starts = (now().astimezone(WITA) + timedelta(days=14)).replace(hour=9, minute=0, second=0, microsecond=0)
    return _equipment() | {
        "kind": "Surat Undangan",
        "category": "invitation",
        "subject": "Undangan peresmian embung desa",
        "letter_number": "005/118/SKT/XI/2026",
        "addressees": [{"kind": "unit", "id": unit_id("pimpinan"), "name": "Bupati Klungkung"}],
        "copies": [],
        "occasion": {
            "title": "Peresmian Embung Sekartaji",
            "place": "Balai Desa Sekartaji",
            "starts_at": starts.isoformat(),
            "ends_at": (starts + timedelta(hours=3)).isoformat(),
        },
    }


async def _in_inbox(person: Client, letter_id: str) -> Json | None:
    return _first((await person.get("/v1/inbox"))["items"], letter_id=letter_id)


async def _told(person: Client, link: str, identifier: str) -> Json | None:
    items: Sequence[Json] = (await person.get("/v1/notifications"))["items"]
    return next((one for one in items if one["links"].get(link) == identifier), None)


async def _heard(told: AsyncIterator[Json], link: str, identifier: str) -> None:
    async for one in told:
        if one["links"].get(link) == identifier:
            return
    raise LookupError("the stream ended without the news")


async def _requested(person: Client, letter_id: str) -> Json | None:
    return _first((await person.get("/v1/schedule/requests"))["items"], letter_id=letter_id)


async def _closed(person: Client, letter_id: str) -> Json | None:
    track = await person.get(f"/v1/letters/{letter_id}/track")
    return track if track["status"] == "done" else None


async def _same_pages(person: Client, letter: Json, content: bytes) -> None:
    [file] = letter["files"]
    path = f"/v1/letters/{letter['id']}/files/{file['file_id']}"
    received = await person.download(path)
    if hashlib.sha256(received).hexdigest() != hashlib.sha256(content).hexdigest():
        raise ValueError("the pages received are not the pages sent")
    await person.download(f"{path}/pages/1?size=small")


async def _invisible(stranger: Client, letter_id: str) -> None:
    for path in (f"/v1/letters/{letter_id}", f"/v1/letters/{letter_id}/track"):
        status = await stranger.status_of(path)
        if status != 404:
            raise ValueError(f"{path} answered {status} to somebody who may not know of it")


def _first(items: Sequence[Json], **wanted: str) -> Json | None:
    return next((one for one in items if wanted.items() <= one.items()), None)


async def _show(stage: Stage) -> None:
    for reader, letter in stage.letters:
        async with stage.journey.hop(f"the track of agenda {letter['agenda_number']}/{letter['year']} is shown"):
            track = await stage[reader].get(f"/v1/letters/{letter['id']}/track")
            print_track(track, letter, WITA)


def _tell(hop: Hop) -> None:
    say(f"  ok  {hop.name}  ({hop.seconds * 1000:,.0f} ms)")
