"""Practice: a letter said to be, and a unit switched to it. Live books never notice."""

import asyncio
from unittest.mock import AsyncMock, Mock

import pytest

from services.chassis.ids import new_id
from services.intake.commands import switch_practice
from services.intake.main import build
from services.intake.settings import IntakeSettings
from services.intake.store import practising
from tests.conftest import Serve
from tests.events import published
from tests.intake.world import Answer, World
from tests.people import principal
from tests.signing import ALL_SCOPES, TokenSigner

CLERK_SCOPES = " ".join(sorted(ALL_SCOPES - {"organisation:write"}))


@pytest.fixture(autouse=True)
def soon_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait long until everybody knows."""
    monkeypatch.setattr(practising, "KNOWN_SECONDS", 0.2)


async def switched(world: World, *, on: bool, seen: int | None = None, unit_id: str | None = None) -> Answer:
    """Have the village practise, or no more."""
    path = f"/v1/training/{unit_id or world.village.unit_id}"
    return await world.act("PUT", path, {"on": on}, person=principal(name="Admin"), seen=seen)


class TestPractice:
    """A letter that is entered to practise."""

    async def test_K10_live_numbers_go_on_as_if_nobody_had_practised(self, world: World) -> None:
        practice = world.letter(training=True)
        assert (await world.registered())["agenda_number"] == 1
        tried = [await world.registered(letter=practice) for _ in range(3)]
        assert [(one["book"], one["agenda_number"], one["training"]) for one in tried] == [
            ("latihan-masuk", 1, True),
            ("latihan-masuk", 2, True),
            ("latihan-masuk", 3, True),
        ]
        live = await world.registered()
        assert (live["book"], live["agenda_number"], live["training"]) == ("masuk", 2, False)

    async def test_K10_is_marked_wherever_it_is_shown_and_told(self, world: World) -> None:
        made = await world.registered(letter=world.letter(training=True))
        assert (await world.get(f"/v1/letters/{made['id']}")).body["training"] is True
        (event,) = await published(world.service)
        assert (event.data["training"], event.data["book"]) == (True, "latihan-masuk")

    async def test_K10_the_register_keeps_it_apart(self, world: World) -> None:
        live = await world.registered()
        tried = await world.registered(letter=world.letter(training=True))
        for query, made in (("", live), ("?training=true", tried), ("?training=false", live)):
            assert [one["id"] for one in (await world.get(f"/v1/register{query}")).body["items"]] == [made["id"]]

    async def test_a_book_cannot_be_given_a_name_of_practice(self, world: World) -> None:
        answer = await world.register(letter=world.letter(book="latihan-masuk"))
        assert (answer.status, answer.code) == (422, "validation_failed")

    async def test_is_not_taken_for_a_double_of_what_is_meant(self, world: World) -> None:
        await world.registered(letter=world.letter(training=True))
        assert (await world.registered())["warnings"] == []

    async def test_is_corrected_and_voided_like_any_other(self, world: World) -> None:
        made = await world.registered(letter=world.letter(training=True))
        path = f"/v1/letters/{made['id']}"
        corrected = await world.act("PATCH", path, {"reason": "Latihan", "subject": "Lain"})
        assert (corrected.status, corrected.body["training"]) == (200, True)
        assert (await world.act("POST", f"{path}/void", {"reason": "Latihan"})).status == 200
        assert (await published(world.service))[-1].data["training"] is True


class TestSwitch:
    """PUT and GET /v1/training/{unit_id}."""

    async def test_K10_all_a_practising_unit_registers_is_practice(self, world: World) -> None:
        assert (await switched(world, on=True)).body["on"] is True
        for letter in (world.letter(), world.letter(training=False), world.letter(book="undangan")):
            made = await world.registered(letter=letter)
            assert (made["training"], made["book"][:8]) == (True, "latihan-")
        assert (await world.registered(person=world.head))["training"] is False, "another unit goes on"
        await switched(world, on=False)
        made = await world.registered()
        assert (made["training"], made["book"], made["agenda_number"]) == (False, "masuk", 1)

    async def test_once_answered_every_process_goes_by_it(
        self, world: World, intake_settings: IntakeSettings, serve: Serve, signer: TokenSigner
    ) -> None:
        second = build(intake_settings, signer.keys)
        async with serve(second) as http:
            other = World(second, http, signer)
            assert (await other.registered(letter=world.letter(), person=world.operator))["training"] is False
            await switched(world, on=True)
            made = await other.registered(letter=world.letter(), person=world.operator)
            assert made["training"] is True
        second.foundation.database.client.close()

    async def test_is_shown_to_the_units_people_with_who_said_so(self, world: World) -> None:
        path = f"/v1/training/{world.village.unit_id}"
        before = await world.act("GET", path, scope=CLERK_SCOPES)
        assert (before.status, before.headers["ETag"], before.body["on"]) == (200, '"0"', False)
        await switched(world, on=True)
        after = (await world.act("GET", path, scope=CLERK_SCOPES)).body
        assert (after["on"], after["version"], after["by_name"]) == (True, 1, "Admin")
        assert after["at"]

    async def test_the_same_again_changes_nothing(self, world: World) -> None:
        await switched(world, on=True)
        assert (await switched(world, on=True)).body["version"] == 1
        assert len(await world.rows(practising.CHANGES)) == 1

    async def test_every_switch_is_kept(self, world: World) -> None:
        for on in (True, False, True):
            await switched(world, on=on)
        assert [row["on"] for row in await world.rows(practising.CHANGES)] == [True, False, True]

    async def test_a_state_not_seen_is_not_changed(self, world: World) -> None:
        await switched(world, on=True)
        answer = await switched(world, on=False, seen=0)
        assert (answer.status, answer.code) == (412, "changed_meanwhile")

    async def test_two_at_once_switch_it_once(self, world: World) -> None:
        answers = await asyncio.gather(*(switched(world, on=True) for _ in range(5)))
        assert [(answer.status, answer.body["version"]) for answer in answers] == [(200, 1)] * 5
        assert len(await world.rows(practising.CHANGES)) == 1

    async def test_whoever_asks_the_same_just_after_is_answered_no_sooner(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waited = AsyncMock()
        monkeypatch.setattr(switch_practice, "asyncio", Mock(sleep=waited))
        assert (await switched(world, on=False)).body["version"] == 0
        assert waited.await_count == 0, "nobody ever said anything"
        for _ in range(2):
            await switched(world, on=True)
        assert waited.await_count == 2

    async def test_only_who_keeps_the_organisation_switches(self, world: World) -> None:
        path = f"/v1/training/{world.village.unit_id}"
        answer = await world.act("PUT", path, {"on": True}, scope=CLERK_SCOPES)
        assert (answer.status, answer.code) == (403, "forbidden")
        stranger = await world.act("GET", path, person=world.head, scope=CLERK_SCOPES)
        assert (stranger.status, stranger.code) == (403, "forbidden")

    async def test_unknown_unit(self, world: World) -> None:
        answer = await switched(world, on=True, unit_id=new_id())
        assert (answer.status, answer.code) == (404, "not_found")
