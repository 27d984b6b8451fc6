"""One person who may do everything, and one thing of every kind for each operation that names one.

Invariant: what an operation uses up is its own, so that it can succeed once however many others were tried before.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from deploy.demo.client import Client, Json
from deploy.demo.organisation import seat, unit_id
from services.chassis.clock import now
from services.chassis.ids import new_id
from tests.flow.desk import arrived, dispose, instructed, part_of, tracked
from tests.flow.disposition_desk import attach
from tests.flow.isolation.unregistered import uploaded
from tests.house import SCAN, letter
from tests.intake.scans import text_pdf
from tests.waiting import until_equal

USERNAME = "penguji"
PASSWORD = "perahu-menuju-nusa-penida"
ROLES = ["regency_admin", "unit_admin", "archivist", "auditor"]
HELD = ("bupati", "sespri", "sekda", "kadis.pu", "tu.pu", "desa.sekartaji")
BOOKED_IN_DAYS = 400
KABID = seat("kabid.bm").position_id
Place = dict[str, str]


@dataclass
class World:
    """Things by the names of the parameters that can stand for them; parameters that go together stand together."""

    places: dict[tuple[str, ...], list[Place]] = field(default_factory=dict)

    def keep(self, *things: Place) -> None:
        """More things of a kind."""
        for thing in things:
            self.places.setdefault(tuple(thing), []).append(thing)

    def ids(self, name: str) -> list[str]:
        """What stands for a parameter by itself."""
        return [one[name] for one in self.places[(name,)]]


async def sign_up(admin: Client) -> None:
    """The person: every role an account can have, and a seat at every desk."""
    person = await admin.post("/v1/people", {"id": new_id(), "name": "Ni Wayan Penguji"})
    about = {"username": USERNAME, "password": PASSWORD, "person_id": person["id"], "name": person["name"]}
    await admin.post("/v1/accounts", {**about, "roles": ROLES})
    since, until = (now().date() + timedelta(days=days) for days in (-1, 365))
    for username in HELD:
        place = {"person_id": person["id"], "position_id": seat(username).position_id, "capacity": "plh"}
        dates = {"starts_on": since.isoformat(), "ends_on": until.isoformat(), "legal_basis": "SP 1/2026"}
        if username == "kadis.pu":
            await admin.post(f"/v1/assignments/{seat(username).assignment_id}/end", {"ends_on": since.isoformat()})
            place["capacity"] = "plt"
            dates["starts_on"] = now().date().isoformat()
        await admin.post("/v1/assignments", {**place, **dates})


async def holding_all(base_url: str) -> Client:
    """The person, signed in as soon as the gateway knows what they hold."""
    client = await Client.open(base_url, USERNAME)

    async def held() -> int:
        await client.sign_in(PASSWORD)
        return len((await client.get("/v1/me"))["positions"])

    await until_equal(held, lambda count: count == len(HELD), pause=0.5)
    return client


async def build(client: Client) -> World:
    """One thing of every kind, and of those that are used up several."""
    world = World()
    await asyncio.gather(
        _letters(world, client), _unregistered(world, client), _organisation(world, client), _invitations(world, client)
    )
    await _kept(world, client)
    await _administered(world, client)
    _fixed(world)
    return world


async def _letters(world: World, client: Client) -> None:
    """Letters at a head's desk, most of them disposed."""
    sent = [await _sent(client) for _ in range(22)]
    for number, one in enumerate(sent):
        branch = await arrived(client, one["id"])
        world.keep({"letter_id": one["id"]}, {"branch_id": branch["id"]})
        world.keep({"letter_id": one["id"], "file_id": one["files"][0]["file_id"]})
        world.keep({"letter_id": one["id"], "file_id": one["files"][0]["file_id"], "number": "1"})
        if number >= 10:
            await _disposed(world, client, one["id"])
    world.keep({"code": sent[0]["tracking_code"]})


async def _sent(client: Client, **changes: Any) -> Json:
    from_village = {"as_position": seat("desa.sekartaji").position_id}
    return await client.send_letter(letter(**from_village, **changes), [("surat.pdf", SCAN, "application/pdf")])


async def _disposed(world: World, client: Client, letter_id: str) -> None:
    recipients = [instructed(seat("tu.pu").position_id), instructed(KABID)]
    given = await dispose(client, letter_id, *recipients, as_position=seat("kadis.pu").position_id)
    own = part_of(given, seat("tu.pu").position_id).rpartition("/")[2]
    world.keep({"disposition_id": given["id"]}, {"disposition_id": given["id"], "recipient_id": own})
    if ("disposition_id", "question_id") not in world.places:
        asked = await client.post(f"/v1/dispositions/{given['id']}/recipients/{own}/ask", {"text": "Apakah segera?"})
        world.keep({"disposition_id": given["id"], "question_id": asked["act"]["id"]})
        brought = await attach(client, given, "bukti.pdf", text_pdf("Bukti"), "application/pdf")
        world.keep({"disposition_id": given["id"], "attachment_id": brought["attachment_id"]})


async def _unregistered(world: World, client: Client) -> None:
    """Scans that came before their letter, uploads that are not whole, drafts and piles."""
    for number in range(6):
        scan = await uploaded(client, f"pindaian-{number}.pdf", text_pdf(f"Surat {number}"))
        world.keep({"scan_id": scan["id"]}, {"scan_id": scan["id"], "number": "1"})
        arriving = await uploaded(client, f"sebagian-{number}.pdf", b"%PDF-1.7\n", 4096)
        world.keep({"upload_id": arriving["id"]})
        draft = await client.post("/v1/drafts", {"letter": letter(), "scans": []})
        world.keep({"draft_id": draft["id"]})
    for number in range(4):
        pile = await uploaded(client, f"tumpukan-{number}.pdf", text_pdf(f"Surat lain {number}"))
        batch = await client.post("/v1/batches", {"scan": pile["id"]})
        world.keep({"batch_id": batch["id"]}, {"batch_id": batch["id"], "page": "1"})


async def _organisation(world: World, client: Client) -> None:
    """A unit with a desk and somebody at it, for each operation that changes such a thing."""
    for number in range(3):
        unit = await client.post("/v1/units", {"name": f"Desa Uji {number}", "kind": "village"})
        position = {"title": f"Operator Uji {number}", "unit_id": unit["id"], "role": "village_operator"}
        desk = await client.post("/v1/positions", position)
        person = await client.post("/v1/people", {"name": f"Orang Uji {number}"})
        place = {"person_id": person["id"], "position_id": desk["id"], "starts_on": now().date().isoformat()}
        held = await client.post("/v1/assignments", place)
        world.keep({"unit_id": unit["id"]}, {"position_id": desk["id"]})
        world.keep({"person_id": person["id"]}, {"assignment_id": held["id"]})
        away = {"person_id": person["id"], "kind": "leave", "starts_on": f"2031-01-{number + 10}"}
        world.keep({"absence_id": (await client.post("/v1/absences", away))["id"]})
        to_unit = [{"kind": "unit", "id": unit["id"], "role": "addressee"}]
        members = {"name": f"Daftar {unit['id'][-12:]}", "owner_unit_id": unit["id"], "members": to_unit}
        world.keep({"list_id": (await client.post("/v1/distribution-lists", {**members, "owner_unit_id": None}))["id"]})
        rule = {
            "name": f"Aturan {unit['id'][-12:]}",
            "conditions": {"words": [f"uji{number}"]},
            "destinations": to_unit,
        }
        world.keep({"rule_id": (await client.post("/v1/routing-rules", rule))["id"]})


async def _invitations(world: World, client: Client) -> None:
    """Requests for the regent, one of them granted."""
    for number in range(4):
        starts = (now() + timedelta(days=BOOKED_IN_DAYS + number)).replace(hour=3, minute=0)
        wanted = {"leader_position_id": seat("bupati").position_id, "type": "audience", "title": f"Audiensi {number}"}
        when = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
        asked = await client.post("/v1/schedule/requests", {**wanted, **when})
        world.keep({"request_id": asked["id"]})
    granted = world.places[("request_id",)].pop()["request_id"]
    booked = await client.post(f"/v1/schedule/requests/{granted}/approve")
    world.keep({"event_id": booked["event"]["id"]})


async def _kept(world: World, client: Client) -> None:
    """What has come of the rest."""
    handing = {"from_position": KABID, "to_position": seat("sekdis.pu").position_id, "reason": "Pindah tugas"}
    world.keep({"hand_over_id": (await client.post("/v1/dispositions/hand-over", handing))["id"]})
    told = await until_equal(lambda: client.get("/v1/notifications", limit="5"), lambda page: len(page["items"]) == 5)
    world.keep(*({"notification_id": one["id"]} for one in told["items"]))
    await tracked(client, world.ids("letter_id")[-1], lambda track: bool(track["branches"]))


async def _administered(world: World, client: Client) -> None:
    """Accounts, apps with what they show at the door, and another session of the person's own."""
    for number, person in enumerate(world.ids("person_id")):
        about = {"username": f"orang.uji.{number}", "password": PASSWORD, "person_id": person, "name": "Orang Uji"}
        world.keep({"account_id": (await client.post("/v1/accounts", {**about, "roles": []}))["id"]})
    unit, contact = unit_id("dinas-pu"), {"name": "Admin", "email": "admin@pu.example", "phone": "0366-21001"}
    for number in range(3):
        app = await client.post("/v1/clients", {"name": f"Aplikasi {number}", "unit_id": unit, "contact": contact})
        place = {"client_id": app["id"]}
        key = await client.post(f"/v1/clients/{app['id']}/keys", {"label": "uji"})
        secret = await client.post(f"/v1/clients/{app['id']}/secrets", {"label": "uji"})
        world.keep(place, {**place, "key_id": key["id"]}, {**place, "secret_id": secret["id"]})
    await client.sign_in(PASSWORD)
    sessions = (await client.get("/v1/me/sessions"))["items"]
    world.keep(*({"session_id": one["id"]} for one in sessions if not one["current"]))


def _fixed(world: World) -> None:
    """What has no id of its own."""
    agency, year = unit_id("dinas-pu"), str(now().year)
    world.keep({"unit_id": unit_id("sekartaji"), "year": year, "book": "masuk"})
    world.keep({"unit_id": agency, "year": year, "series": "external"})
    world.keep({"box": "inbox"}, {"day": "2031-01-06"})
