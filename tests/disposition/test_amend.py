"""Changing what is asked of a recipient."""

from datetime import date, timedelta

from services.chassis.clock import now
from services.contracts.disposition import RecipientAmended
from tests.disposition.world import Json, World, to
from tests.events import published, types_published


def path(given: Json, number: int = 0) -> str:
    return f"/v1/dispositions/{given['id']}/recipients/{given['recipients'][number]['recipient_id']}"


def day(ahead: int) -> str:
    return (now().date() + timedelta(days=ahead)).isoformat()


class TestAmend:
    async def test_deadline_is_changed_with_history(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, due_on=day(5), note="Segera"))
        body = {"due_on": day(20), "reason": "Rapat diundur"}
        status, answer, headers = await world.call(world.head, "PATCH", path(given), body)
        part = answer["disposition"]["recipients"][0]
        assert (status, part["due_on"], part["note"], headers["ETag"]) == (200, day(20), "Segera", '"2"')
        assert part["due_at"] > given["recipients"][0]["due_at"]
        _, seen = await world.get(world.division_head, f"/v1/dispositions/{given['id']}")
        [act] = seen["acts"]
        assert (act["kind"], act["text"]) == ("amend", "Rapat diundur")
        assert act["amendment"] == {
            "note": "Segera",
            "former_note": "Segera",
            "due_on": day(20),
            "former_due_on": day(5),
        }

    async def test_recipient_is_told_of_both_as_they_were_and_are(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, due_on=day(5), note="Segera"))
        await world.call(world.head, "PATCH", path(given), {"note": "Sangat segera"})
        event = RecipientAmended.read((await published(world.service))[-1].data)
        assert (event.former_note, event.note, event.told) == (
            "Segera",
            "Sangat segera",
            (world.division_head.position_id,),
        )
        assert event.due_on == event.former_due_on == date.fromisoformat(day(5))

    async def test_working_days_and_taking_a_deadline_away(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        _, answer, _ = await world.call(world.head, "PATCH", path(given), {"working_days": 3})
        assert date.fromisoformat(answer["disposition"]["recipients"][0]["due_on"]) >= now().date() + timedelta(days=3)
        _, answer, _ = await world.call(world.head, "PATCH", path(given), {"due_on": None})
        part = answer["disposition"]["recipients"][0]
        assert (part["due_on"], part["due_at"], part["remind_at"]) == (None, None, None)

    async def test_what_changes_nothing_is_no_act(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, due_on=day(5), note="Segera"))
        for body in ({}, {"note": "Segera"}, {"due_on": day(5)}):
            status, answer, _ = await world.call(world.head, "PATCH", path(given), body)
            assert (status, answer["act"]) == (200, None)
        assert len(await types_published(world.service)) == 1

    async def test_reading_is_still_new_to_the_recipient(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        _, answer, _ = await world.call(world.head, "PATCH", path(given), {"note": "Baca ini"})
        assert answer["disposition"]["recipients"][0]["state"] == "sent"


class TestRefused:
    async def test_of_what_is_done_or_given_back(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        await world.act(world.division_head, given, "complete")
        await world.act(world.secretary, given, "decline", {"reason": "Bukan tugas kami"}, recipient=1)
        for number, code in ((0, "state_changed"), (1, "declined")):
            status, answer, _ = await world.call(world.head, "PATCH", path(given, number), {"note": "Tambahan"})
            assert (status, answer["code"]) == (409, code)

    async def test_a_day_that_is_past_and_two_deadlines(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        wrong: list[tuple[Json, str]] = [
            ({"due_on": day(-3)}, "due_in_past"),
            ({"due_on": day(3), "working_days": 3}, "validation_failed"),
            ({"state": "done"}, "validation_failed"),
        ]
        for body, code in wrong:
            status, answer, _ = await world.call(world.head, "PATCH", path(given), body)
            assert (status, answer["code"]) == (422, code)

    async def test_taking_away_the_note_that_says_what_is_meant(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, "lainnya", note="Temui saya"))
        status, answer, _ = await world.call(world.head, "PATCH", path(given), {"note": None})
        assert (status, answer["code"]) == (422, "note_required")

    async def test_by_anybody_but_whoever_gave_it(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        for who, expected in ((world.division_head, 403), (world.stranger, 404)):
            status, _, _ = await world.call(who, "PATCH", path(given), {"note": "Tidak usah"})
            assert status == expected
