"""Everything that has come of a village's letters: sent, disposed, answered, returned, redirected, forwarded, linked,
taken back, asked for and put into a leader's calendar. Invariant: each thing is named by the part it plays.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from deploy.demo.client import Json
from deploy.demo.organisation import seat
from services.chassis.clock import now
from services.chassis.ids import new_id
from tests.flow.cast import Cast
from tests.flow.desk import act, arrived, branch_to, dispose, has_status, instructed, part_of, track_of, tracked
from tests.flow.disposition_desk import attach
from tests.flow.isolation.village import Village
from tests.flow.offices import demo_unit
from tests.house import House, letter
from tests.intake.scans import text_pdf

PU, KABID, TU, SESPRI, CAMAT = (
    seat(one).position_id for one in ("kadis.pu", "kabid.bm", "tu.pu", "sespri", "camat.np")
)
PEOPLE = ("kadis.pu", "kabid.bm", "tu.pu", "kadis.kes", "bupati", "sespri")


@dataclass
class World:
    """A village's letters by the part they play, with the ids of what came of them."""

    village: Village
    letters: dict[str, Json] = field(default_factory=dict)
    ways: dict[str, str] = field(default_factory=dict)
    dispositions: dict[str, Json] = field(default_factory=dict)
    requests: dict[str, str] = field(default_factory=dict)
    events: dict[str, str] = field(default_factory=dict)
    notifications: dict[str, list[str]] = field(default_factory=dict)
    """By account, those about the village's letters."""
    list_id: str = ""
    absence_id: str = ""
    evidence_id: str = ""
    """A file that completed a disposition."""
    question_id: str = ""
    hand_over_id: str = ""
    scans: dict[str, Json] = field(default_factory=dict)
    """Those that came before their letter, and an upload that is not whole, as they are shown."""
    drafts: dict[str, str] = field(default_factory=dict)
    batches: dict[str, str] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    """The Idempotency-Keys its letters were sent under."""
    traces: frozenset[str] = frozenset()
    check_word: str = ""

    @property
    def letter_ids(self) -> list[str]:
        """Every letter."""
        return [one["id"] for one in self.letters.values()]


@dataclass
class Story:
    """The building of a world."""

    house: House
    cast: Cast
    world: World
    sent: int = 0

    async def send(self, part: str, **changes: object) -> str:
        """A letter of the village with its words in every field, and a scan of its own."""
        self.sent += 1
        village, number = self.world.village, self.sent
        said = {
            "subject": f"Permohonan {village.subject} {number}",
            "summary": f"Ringkasan {village.said}",
            "letter_number": f"470/{number}/{village.number}/2026",
            **changes,
        }
        sender, key = str(changes.pop("by", village.username)), new_id()
        said.pop("by", None)
        lines = (
            f"Nomor : {said['letter_number']}",
            f"Hal : {said['subject']}",
            f"Dengan hormat kami mohon {village.scan}",
        )
        scan = text_pdf("\n".join((*lines, f"lembar {part} {number}")))
        [client] = await self.cast(sender)
        self.world.keys.append(key)
        self.world.letters[part] = {}  # its place among the others is where it was begun
        sent = await client.send_letter(
            letter(**said), [(f"{village.file}-{number}.pdf", scan, "application/pdf")], key=key
        )
        self.world.letters[part] = sent
        return str(sent["id"])

    async def at(self, username: str, part: str, box: str = "inbox") -> Json:
        """The letter's way to somebody, once it has come."""
        [client] = await self.cast(username)
        branch = await arrived(client, self.world.letters[part]["id"], box)
        self.world.ways[f"{part}@{username}"] = branch["id"]
        return branch

    async def deed(self, username: str, part: str, what: str, **body: object) -> None:
        """Somebody acts on the letter's way to them."""
        [client] = await self.cast(username)
        await act(client, await self.at(username, part), what, **body)


async def build(story: Story) -> None:
    """Let it all happen, at once where one does not wait for the other."""
    village = story.world.village
    citizen = {"kind": "external", "name": f"Warga {village.sender}"}
    await asyncio.gather(
        *(_come(story, part) for part in ("plain", "astray", "unread", "bulk", "done", "linked")),
        story.send("secret", confidentiality="secret", subject=f"Perihal {village.secret}"),
        story.send("citizen", sender=citizen),
        story.send("received", by="tu.pu", direction="outgoing", addressees=[village.party]),
    )
    await asyncio.gather(_worked_on(story), _gone_elsewhere(story), _invited(story), _changed(story))
    await _kept(story)
    await story.house.settled()


async def _come(story: Story, part: str) -> str:
    """A letter that has come to the head of the office."""
    letter_id = await story.send(part)
    await story.at("kadis.pu", part)
    return letter_id


async def _disposed(story: Story, part: str) -> None:
    """One the head has disposed on to the division."""
    world, said = story.world, story.world.village.said
    [head] = await story.cast("kadis.pu")
    letter_id = await _come(story, part)
    wanted = instructed(KABID, "tindaklanjuti", note=f"Catatan {said}")
    world.dispositions[part] = await dispose(head, letter_id, wanted, note=f"Arahan {said}")


async def _worked_on(story: Story) -> None:
    world, said = story.world, story.world.village.said
    head, officer, registrar, own = await story.cast("kadis.pu", "kabid.bm", "tu.pu", world.village.username)
    await asyncio.gather(*(_disposed(story, part) for part in ("disposed", "answered", "handed", "declined", "taken")))
    given = world.dispositions["answered"]
    place = part_of(given, KABID)
    await officer.post(f"{place}/reply", {"text": f"Siap {said}"})
    asked = await officer.post(f"{place}/ask", {"text": f"Tanya {said}"})
    world.question_id = asked["act"]["id"]
    evidence = await attach(officer, given, "bukti.pdf", text_pdf(f"Bukti {said}"), "application/pdf")
    world.evidence_id = evidence["attachment_id"]
    proof = {"report": f"Laporan {said}", "attachments": [world.evidence_id]}
    await officer.post(f"{place}/complete", proof)
    await has_status(own, world.letters["answered"]["id"], "done")
    await story.at("kadis.pu", "secret")
    confided = instructed(TU, "tindaklanjuti", note=f"Rahasia {said}")
    world.dispositions["secret"] = await dispose(head, world.letters["secret"]["id"], confided)
    await story.deed("kadis.pu", "done", "close", outcome="decision", note=f"Putusan {said}")
    links = {"other_id": world.letters["plain"]["id"], "relation": "follows"}
    await own.post(f"/v1/letters/{world.letters['linked']['id']}/links", links)
    await tracked(registrar, world.letters["secret"]["id"], lambda track: bool(track["status"] == "disposed"))


async def _gone_elsewhere(story: Story) -> None:
    world, reason = story.world, f"Alasan {story.world.village.said}"
    head, own = await story.cast("kadis.pu", world.village.username)
    await asyncio.gather(*(story.send(part) for part in ("returned", "redirected", "forwarded")))
    await story.deed("kadis.pu", "returned", "return", reason=reason)
    await story.at(world.village.username, "returned", "returned")
    await story.deed("kadis.pu", "redirected", "redirect", reason=reason, to=demo_unit("dinkes"))
    await story.at("kadis.kes", "redirected")
    await story.at("kadis.pu", "forwarded")
    further = {"addressees": [demo_unit("dinkes")], "note": f"Catatan {world.village.said}"}
    await head.post(f"/v1/letters/{world.letters['forwarded']['id']}/forward", further)
    await story.at("kadis.kes", "forwarded")
    await story.send("recalled")
    way = await story.at("kadis.pu", "recalled")
    await act(own, way, "recall", reason=reason)


async def _invited(story: Story) -> None:
    world, village = story.world, story.world.village
    bupati, secretary = await story.cast("bupati", "sespri")

    async def invite(number: int, part: str) -> None:
        starts = (now() + timedelta(days=500 + number)).replace(hour=village.hour, minute=0)
        occasion = {
            "title": f"Peresmian {village.subject}",
            "place": f"Balai {village.said}",
            "starts_at": starts.isoformat(),
            "ends_at": (starts + timedelta(minutes=20)).isoformat(),
        }
        letter_id = await story.send(
            part, addressees=[demo_unit("pimpinan")], category="invitation", kind="Surat Undangan", occasion=occasion
        )
        await story.at("bupati", part)
        world.dispositions[part] = await dispose(bupati, letter_id, instructed(SESPRI, "jadwalkan"))
        track = await tracked(bupati, letter_id, lambda one: bool(one["agenda"]))
        world.requests[part] = track["agenda"][0]["request_id"]

    await asyncio.gather(*(invite(number, part) for number, part in enumerate(("invited", "asked", "held"))))
    why = {"override": {"reason": f"Terpaksa {village.said}"}}
    booked = await secretary.post(f"/v1/schedule/requests/{world.requests['held']}/approve", why)
    world.events["held"] = booked["event"]["id"]


async def _changed(story: Story) -> None:
    """What the register says of letters later."""
    world, said = story.world, story.world.village.said
    [own] = await story.cast(world.village.username)
    await asyncio.gather(*(_come(story, part) for part in ("corrected", "voided")))
    reason = {"reason": f"Alasan {said}"}
    changes = {"summary": f"Ringkasan baru {said}", **reason}
    await own._json("PATCH", f"/v1/letters/{world.letters['corrected']['id']}", json=changes)
    await own.post(f"/v1/letters/{world.letters['voided']['id']}/void", reason)
    await has_status(own, world.letters["voided"]["id"], "void")


async def _kept(story: Story) -> None:
    """What the village keeps beside its letters."""
    world, village = story.world, story.world.village
    [own] = await story.cast(village.username)
    members = [{"kind": "unit", "id": demo_unit("dinas-pu")["id"], "role": "addressee"}]
    about = {"name": f"Mitra {village.said}", "owner_unit_id": village.unit_id, "members": members}
    world.list_id = (await own.post("/v1/distribution-lists", about))["id"]
    away = {"kind": "leave", "starts_on": "2031-01-06", "ends_on": "2031-01-07", "note": f"Cuti {village.said}"}
    world.absence_id = (await own.post("/v1/absences", away))["id"]
    handing = {"from_position": village.seat.position_id, "to_position": CAMAT, "reason": f"Alasan {village.said}"}
    world.hand_over_id = (await own.post("/v1/dispositions/hand-over", handing))["id"]
    for part, sent in world.letters.items():
        for branch in (await tracked(own, sent["id"], lambda one: bool(one["branches"])))["branches"]:
            world.ways.setdefault(f"{part}/{branch['id']}", branch["id"])
    assert branch_to(await track_of(own, world.letters["plain"]["id"]), demo_unit("dinas-pu")["id"])["state"] == "sent"
