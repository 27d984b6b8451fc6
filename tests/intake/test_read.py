"""GET /v1/letters and /v1/letters/{id}: the register, and who sees what of it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.chassis.ids import instant_of, new_id
from services.chassis.mongo import Session
from services.contracts.routing import AccessChanged
from services.contracts.vocabulary import Access
from services.intake.store import letters as store
from services.projections import letter_access
from tests.events import deliver
from tests.intake.world import World
from tests.people import held, principal


class TestLetter:
    """One letter."""

    async def test_is_shown_as_registered(self, world: World) -> None:
        body = await world.registered(letter=world.letter(letter_date="2026-11-12", summary="Longsor"))
        seen = await world.get(f"/v1/letters/{body['id']}")
        assert seen.status == 200
        same = ("id", "agenda_number", "year", "book", "tracking_code", "files")
        assert [seen.body[name] for name in same] == [body[name] for name in same]
        assert (seen.body["letter_date"], seen.body["summary"]) == ("2026-11-12", "Longsor")
        assert seen.body["registered_by"]["person_name"] == "Ni Luh Sari"
        assert seen.body["unit_id"] == world.village.unit_id
        assert "object_key" not in seen.body["files"][0]

    async def test_K6_another_village_does_not_know_of_it(self, world: World) -> None:
        body = await world.registered()
        seen = await world.get(f"/v1/letters/{body['id']}", principal(world.neighbour))
        assert (seen.status, seen.code) == (404, "not_found")

    async def test_unknown_letter_is_told_the_same(self, world: World) -> None:
        body = await world.registered()
        other = await world.get(f"/v1/letters/{body['id']}", principal(world.neighbour))
        unknown = await world.get(f"/v1/letters/{new_id()}")
        assert unknown.status == 404
        assert unknown.body["detail"] == other.body["detail"]

    async def test_malformed_id_is_refused(self, world: World) -> None:
        seen = await world.get("/v1/letters/1")
        assert (seen.status, seen.code) == (422, "validation_failed")

    async def test_staff_of_the_addressed_unit_do_not_see_it(self, world: World) -> None:
        body = await world.registered()
        assert (await world.get(f"/v1/letters/{body['id']}", principal(world.clerk))).status == 404

    @pytest.mark.parametrize(("confidentiality", "status"), [("ordinary", 200), ("restricted", 200), ("secret", 404)])
    async def test_secret_is_kept_from_the_secretary(self, world: World, confidentiality: str, status: int) -> None:
        secretary = principal(held("secretary", unit_id=world.agency.unit_id))
        body = await world.registered(letter=world.letter(confidentiality=confidentiality))
        assert (await world.get(f"/v1/letters/{body['id']}", secretary)).status == status

    async def test_without_a_token(self, world: World) -> None:
        body = await world.registered()
        async with world.http.get(f"/v1/letters/{body['id']}") as response:
            assert response.status == 401


class TestAccessChanged:
    """Routing has the last word on who may read."""

    async def test_widened_access_lets_a_reader_in(self, world: World) -> None:
        body = await world.registered()
        staff = principal(world.clerk)
        await deliver(world.service, _access(world, body, positions=[world.clerk.position_id]))
        assert (await world.get(f"/v1/letters/{body['id']}", staff)).status == 200

    async def test_narrowed_access_shuts_a_reader_out_of_letter_and_register(self, world: World) -> None:
        body, kept = await world.registered(), await world.registered()
        await deliver(world.service, _access(world, body, units=[world.agency.unit_id]))
        assert (await world.get(f"/v1/letters/{body['id']}")).status == 404
        page = await world.get("/v1/letters")
        assert [item["id"] for item in page.body["items"]] == [kept["id"]]

    async def test_older_state_changes_nothing(self, world: World) -> None:
        body = await world.registered()
        await deliver(world.service, _access(world, body, version=3, units=[world.village.unit_id]))
        await deliver(world.service, _access(world, body, version=2, units=[world.neighbour.unit_id]))
        assert (await world.get(f"/v1/letters/{body['id']}", principal(world.neighbour))).status == 404


class TestPatience:
    """A reader who was told a moment ago may be faster than the event that lets them in."""

    @pytest.fixture(autouse=True)
    def patient(self, brief: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(letter_access, "PAUSES", (0, 0.1, 0.2, 0.4))

    @pytest.mark.parametrize("what", ["letter", "scan"])
    async def test_right_on_its_way_is_waited_for(self, world: World, what: str) -> None:
        body = await world.registered()
        scan = f"/files/{body['files'][0]['file_id']}" if what == "scan" else ""
        asked = asyncio.create_task(world.download(f"/v1/letters/{body['id']}{scan}", principal(world.clerk)))
        await asyncio.sleep(0.05)
        assert not asked.done()
        await deliver(world.service, _access(world, body, positions=[world.clerk.position_id]))
        assert (await asked).status == 200

    async def test_unknown_letter_is_refused_after_as_many_looks_as_a_forbidden_one(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        body = await world.registered()
        looks: list[str] = []
        look = world.context.readers.of

        async def counted(letter_id: str, session: Session | None = None) -> Access | None:
            looks.append(letter_id)
            return await look(letter_id, session)

        monkeypatch.setattr(world.context.readers, "of", counted)
        unknown = new_id()
        for letter_id in (body["id"], unknown):
            assert (await world.get(f"/v1/letters/{letter_id}", principal(world.neighbour))).status == 404
        assert looks == [body["id"]] * 4 + [unknown] * 4

    async def test_register_does_not_wait(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(letter_access, "PAUSES", (30,))
        await world.registered()
        page = await world.get("/v1/letters", principal(world.neighbour))
        assert page.body["items"] == []


class TestRegister:
    """The list."""

    async def test_is_newest_first_and_of_own_units_only(self, world: World) -> None:
        mine = [(await world.registered())["id"] for _ in range(3)]
        await world.registered(person=world.head)
        page = await world.get("/v1/letters")
        assert page.status == 200
        assert [item["id"] for item in page.body["items"]] == mine[::-1]
        assert page.body["next"] is None

    async def test_pages_join_without_gap_or_double(self, world: World) -> None:
        made = [(await world.registered())["id"] for _ in range(7)]
        seen: list[str] = []
        query: str | None = ""
        pages = 0
        while query is not None:
            page = (await world.get(f"/v1/letters?limit=2{query}")).body
            seen += [item["id"] for item in page["items"]]
            query = f"&cursor={page['next']}" if page["next"] else None
            pages += 1
        assert seen == made[::-1]
        assert pages == 4

    async def test_reaches_over_years(self, world: World) -> None:
        new = (await world.registered())["id"]
        ages = (3, 45, 380, 4000)
        aged = [await _copy_aged(world, new, age) for age in ages]
        page = (await world.get("/v1/letters?limit=3")).body
        assert [item["id"] for item in page["items"]] == [new, *aged[:2]]
        rest = (await world.get(f"/v1/letters?limit=3&cursor={page['next']}")).body
        assert [item["id"] for item in rest["items"]] == aged[2:]

    async def test_secret_letters_are_kept_from_the_secretary(self, world: World) -> None:
        await world.registered(letter=world.letter(confidentiality="top_secret"))
        shown = (await world.registered())["id"]
        secretary = principal(held("secretary", unit_id=world.village.unit_id))
        page = await world.get("/v1/letters", secretary)
        assert [item["id"] for item in page.body["items"]] == [shown]

    async def test_staff_see_an_empty_register(self, world: World) -> None:
        await world.registered()
        page = await world.get("/v1/letters", principal(held("staff", unit_id=world.village.unit_id)))
        assert page.body == {"items": [], "next": None}

    @pytest.mark.parametrize("query", ["limit=0", "limit=201", "cursor=abc"])
    async def test_malformed_query_is_refused(self, world: World, query: str) -> None:
        page = await world.get(f"/v1/letters?{query}")
        assert (page.status, page.code) == (422, "validation_failed")


def _access(
    world: World,
    body: dict[str, Any],
    *,
    version: int = 1,
    units: list[str] | None = None,
    positions: list[str] | None = None,
) -> AccessChanged:
    access = Access(
        confidentiality="ordinary",
        units=tuple(units or [world.village.unit_id]),
        positions=tuple(positions or []),
    )
    return AccessChanged(letter_id=body["id"], access=access, access_version=version)


async def _copy_aged(world: World, letter_id: str, days: int) -> str:
    """A copy of a letter as if it had been registered ``days`` ago."""
    database = world.service.foundation.database
    instant = instant_of(letter_id) - timedelta(days=days)
    aged = store.first_id_from(instant) + letter_id[13:]
    letter = await database["letters"].find_one({"_id": letter_id})
    access = await database["letter_access"].find_one({"_id": letter_id})
    assert letter is not None
    assert access is not None
    changes = {"_id": aged, "tracking_code": aged, "agenda_number": 1000 + days}
    await database["letters"].insert_one(letter | changes)
    await database["letter_access"].insert_one(access | {"_id": aged})
    return aged
