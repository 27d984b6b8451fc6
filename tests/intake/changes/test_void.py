"""POST /v1/letters/{id}/void."""

import asyncio
from typing import Any

from services.chassis.auth import Principal
from tests.events import published, types_published
from tests.intake.world import Answer, World
from tests.people import principal

WHY = "Surat tercatat dua kali"


async def voided(world: World, letter_id: str, person: Principal | None = None, **rest: Any) -> Answer:
    """Void it."""
    return await world.act("POST", f"/v1/letters/{letter_id}/void", {"reason": WHY}, person=person, **rest)


class TestVoid:
    """Declare a registration void."""

    async def test_number_stays_with_the_reason_and_the_next_letter_gets_the_next(self, world: World) -> None:
        first, second = await world.registered(), await world.registered()
        answer = await voided(world, second["id"])
        assert (answer.status, answer.headers["ETag"]) == (200, '"2"')
        assert (answer.body["agenda_number"], answer.body["version"]) == (2, 2)
        shown = answer.body["voided"]
        assert (shown["reason"], shown["by"]["person_name"]) == (WHY, "Ni Luh Sari")
        assert (await world.registered())["agenda_number"] == 3
        register = (await world.get("/v1/register")).body["items"]
        assert [(one["agenda_number"], one["voided"] is not None) for one in register] == [
            (3, False),
            (2, True),
            (1, False),
        ]
        assert (await world.get(f"/v1/letters/{first['id']}")).body["voided"] is None

    async def test_is_told(self, world: World) -> None:
        made = await world.registered()
        await voided(world, made["id"])
        event = (await published(world.service))[-1]
        assert (event.type, event.streamversion) == ("id.lontar.intake.letter.voided.v1", 2)
        told = {name: event.data[name] for name in ("letter_id", "book", "year", "agenda_number", "subject", "reason")}
        assert told == {
            "letter_id": made["id"],
            "book": "masuk",
            "year": made["year"],
            "agenda_number": 1,
            "subject": "Permohonan peminjaman alat berat",
            "reason": WHY,
        }
        assert event.data["voided_by"]["position_id"] == world.village.position_id

    async def test_scans_stay_and_can_be_read(self, world: World) -> None:
        made = await world.registered()
        await voided(world, made["id"])
        path = f"/v1/letters/{made['id']}/files/{made['files'][0]['file_id']}"
        assert (await world.download(path)).status == 200

    async def test_what_is_void_is_neither_corrected_nor_voided_again(self, world: World) -> None:
        made = await world.registered()
        await voided(world, made["id"])
        again = await voided(world, made["id"])
        assert (again.status, again.code) == (409, "letter_voided")
        assert again.body["state"]["voided"]["reason"] == WHY
        correction = await world.act("PATCH", f"/v1/letters/{made['id']}", {"reason": WHY, "subject": "Lain"})
        assert (correction.status, correction.code) == (409, "letter_voided")
        assert len(await published(world.service)) == 2

    async def test_of_many_at_once_one_does_it(self, world: World) -> None:
        made = await world.registered()
        answers = await asyncio.gather(*(voided(world, made["id"]) for _ in range(6)))
        assert sorted(answer.status for answer in answers) == [200] + [409] * 5
        assert await types_published(world.service) == ["intake.letter.registered", "intake.letter.voided"]

    async def test_repeat_with_the_same_key_gets_the_first_answer(self, world: World) -> None:
        made = await world.registered()
        first = await voided(world, made["id"], key="k")
        again = await voided(world, made["id"], key="k")
        assert (again.status, again.body) == (200, first.body)

    async def test_a_state_not_seen_is_not_voided(self, world: World) -> None:
        made = await world.registered()
        await world.act("PATCH", f"/v1/letters/{made['id']}", {"reason": WHY, "subject": "Lain"})
        answer = await voided(world, made["id"], seen=1)
        assert (answer.status, answer.code, answer.body["version"]) == (412, "changed_meanwhile", 2)

    async def test_a_correction_and_a_void_at_once_leave_one_history(self, world: World) -> None:
        made = await world.registered()
        body = {"reason": WHY, "subject": "Lain"}
        correction, void = await asyncio.gather(
            world.act("PATCH", f"/v1/letters/{made['id']}", body), voided(world, made["id"])
        )
        assert void.status == 200
        assert correction.status in (200, 409)
        events = await published(world.service)
        assert [event.streamversion for event in events] == list(range(1, len(events) + 1))
        assert len(events) == (3 if correction.status == 200 else 2)

    async def test_only_who_keeps_the_book(self, world: World) -> None:
        made = await world.registered()
        answer = await voided(world, made["id"], world.head)
        assert (answer.status, answer.code) == (403, "forbidden")
        stranger = await voided(world, made["id"], principal(world.neighbour))
        assert (stranger.status, stranger.code) == (404, "not_found")
        unscoped = await voided(world, made["id"], scope="letters:read")
        assert (unscoped.status, unscoped.code) == (403, "forbidden")

    async def test_says_why(self, world: World) -> None:
        made = await world.registered()
        answer = await world.act("POST", f"/v1/letters/{made['id']}/void", {"reason": "  "})
        assert (answer.status, answer.code) == (422, "validation_failed")
