"""GET /v1/letters/{id}: who sees a letter, and when."""

import asyncio
from typing import Any

import pytest

from services.chassis.ids import new_id
from services.chassis.mongo import Session
from services.contracts.routing import AccessChanged
from services.contracts.vocabulary import Access
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
        page = await world.get("/v1/register")
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
    async def test_right_on_its_way_is_waited_for(
        self, world: World, monkeypatch: pytest.MonkeyPatch, what: str
    ) -> None:
        monkeypatch.setattr(letter_access, "PAUSES", (0, *[0.1] * 300))  # however long it takes to tell of it here
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
        page = await world.get("/v1/register", principal(world.neighbour))
        assert page.body["items"] == []


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
