"""What the house says by itself: of what lies unread, of deadlines, of reports that are owed."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from services.chassis.clock import now
from services.contracts import disposition as d
from services.contracts.event import Event
from services.disposition.commands.watch_dispositions import watch_dispositions
from services.disposition.context import Context
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.office_time import opening, opening_after
from services.disposition.domain.recipient import DispositionRecipient
from services.disposition.main import build
from services.disposition.settings import DispositionSettings
from tests.conftest import Serve, SettingsFor
from tests.disposition.world import Json, World, to
from tests.events import published, types_published

SAID: tuple[type[Event], ...] = (
    d.DispositionLeftUnread,
    d.DispositionDeadlineNeared,
    d.DispositionDeadlinePassed,
    d.ReportAwaited,
)


def context_of(world: World) -> Context:
    context: Context = world.service.app.state.context
    return context


async def kept(world: World, given: Json) -> Disposition:
    found = await context_of(world).dispositions.get(given["id"])
    assert found is not None
    return found


async def part_of(world: World, given: Json) -> DispositionRecipient:
    return (await kept(world, given)).recipients[0]


async def look(world: World, at: datetime | None) -> None:
    """Look after everything as it would be done at that instant, until nothing is left to do."""
    assert at is not None
    while await watch_dispositions(context_of(world), lambda: at):
        pass


async def said(world: World) -> list[Any]:
    """What the house has said, in order."""
    kinds = {kind.event_type: kind for kind in SAID}
    return [kinds[one.type].read(one.data) for one in await published(world.service) if one.type in kinds]


class TestUnread:
    async def test_H14_recipient_is_reminded_then_the_issuer_told(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        first = (await part_of(world, given)).reminders.next_unread_at
        await look(world, first)
        [reminder] = await said(world)
        assert (reminder.escalated, reminder.told) == (False, (world.division_head.position_id,))
        assert (reminder.recipient_id, reminder.position_title) == (
            given["recipients"][0]["recipient_id"],
            world.division_head.title,
        )
        await look(world, (await part_of(world, given)).reminders.escalate_at)
        told = {one.escalated: one.told for one in (await said(world))[1:]}
        assert told == {False: (world.division_head.position_id,), True: (world.head.position_id,)}

    async def test_not_before_its_time(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        first = (await part_of(world, given)).reminders.next_unread_at
        assert first
        await look(world, first - timedelta(milliseconds=1))
        assert await said(world) == []

    async def test_whoever_has_read_is_left_alone(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.act(world.division_head, given, "read")
        await look(world, now() + timedelta(days=30))
        assert await said(world) == []

    async def test_of_two_the_one_that_has_not_read_is_reminded(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        await world.act(world.division_head, given, "read")
        await look(world, (await kept(world, given)).recipients[1].reminders.next_unread_at)
        assert [one.told for one in await said(world)] == [(world.secretary.position_id,)]

    async def test_a_very_urgent_letter_waits_half_as_long(self, world: World) -> None:
        urgent = world.a_letter(urgency="very_urgent")
        await world.tell(urgent)
        plain = await part_of(world, await world.disposed(world.head, to(world.division_head)))
        given = await world.disposed(world.head, to(world.division_head), letter_id=urgent.letter_id)
        soon = await part_of(world, given)
        calendar = await context_of(world).calendar.working()
        start = opening(calendar, plain.issued_at)
        assert soon.reminders.escalate_at == plain.reminders.next_unread_at
        assert soon.reminders.next_unread_at != plain.reminders.next_unread_at
        assert soon.reminders.next_unread_at
        assert soon.reminders.next_unread_at > start

    async def test_handed_to_another_unread_they_have_as_long_to_read_it(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await look(world, (await part_of(world, given)).reminders.next_unread_at)
        body = {"to_position": world.secretary.position_id, "reason": "Pindah tugas"}
        status, answer = await world.act(world.head, given, "hand-over", body)
        assert status == 200, answer
        reminders = (await part_of(world, given)).reminders
        assert (reminders.unread, reminders.escalated) == (0, False)
        await look(world, reminders.next_unread_at)
        assert [one.told for one in await said(world)] == [
            (world.division_head.position_id,),
            (world.secretary.position_id,),
        ]

    async def test_patience_is_a_setting(self, settings_for: SettingsFor, serve: Serve, world: World) -> None:
        overrides = {"unread_reminder_hours": 1, "unread_reminders_at_most": 1, "unread_escalation_hours": 2}
        service = build(settings_for(DispositionSettings, "disposition", **overrides), world.signer.keys)
        async with serve(service) as http:
            other = World(service, http, world.signer)
            await other.furnish()
            given = await other.disposed(other.head, to(other.division_head))
            for _ in range(8):
                waiting = (await part_of(other, given)).reminders
                if instants := [one for one in (waiting.next_unread_at, waiting.escalate_at) if one]:
                    await look(other, min(instants))
            assert [one.escalated for one in await said(other)] == [False, True]
        service.foundation.database.client.close()


class TestDeadline:
    async def test_near_and_passed_are_told_once_each(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, working_days=3))
        await world.act(world.division_head, given, "read")
        part = await part_of(world, given)
        for at in (part.remind_at, part.remind_at, part.due_at, part.due_at):
            await look(world, at)
        near, passed = await said(world)
        assert isinstance(near, d.DispositionDeadlineNeared)
        assert isinstance(passed, d.DispositionDeadlinePassed)
        assert near.told == (world.division_head.position_id,)
        assert passed.told == (world.division_head.position_id, world.head.position_id)
        assert near.due_at == passed.due_at == part.due_at

    async def test_what_passed_stands_in_the_boxes_for_it(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, working_days=1))
        await world.act(world.division_head, given, "read")
        await look(world, (await part_of(world, given)).due_at)
        tabs = (await world.service.foundation.database["dispositions"].find_one({"_id": given["id"]}) or {})["tabs"]
        assert f"{world.head.position_id}#overdue" in tabs
        assert f"{world.division_head.position_id}#late" in tabs

    async def test_of_a_new_deadline_it_is_told_anew(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, working_days=1))
        await world.act(world.division_head, given, "read")
        await look(world, (await part_of(world, given)).due_at)
        path = f"/v1/dispositions/{given['id']}/recipients/{given['recipients'][0]['recipient_id']}"
        status, answer, _ = await world.call(world.head, "PATCH", path, {"working_days": 4})
        assert status == 200, answer
        part = await part_of(world, given)
        assert not part.reminders.overdue
        await look(world, part.remind_at)
        await look(world, part.due_at)
        assert [type(one) for one in await said(world)] == [
            d.DispositionDeadlinePassed,
            d.DispositionDeadlineNeared,
            d.DispositionDeadlinePassed,
        ]

    async def test_done_in_time_nothing_is_told(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, working_days=1))
        await world.act(world.division_head, given, "complete")
        await look(world, now() + timedelta(days=30))
        assert await said(world) == []

    async def test_versions_count_what_the_house_says_too(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, working_days=1))
        await look(world, now() + timedelta(days=30))
        await look(world, now() + timedelta(days=40))
        await world.act(world.division_head, given, "complete")
        stream = [one for one in await published(world.service) if one.subject == f"disposition/{given['id']}"]
        assert [one.streamversion for one in stream] == list(range(1, len(stream) + 1))
        assert (await kept(world, given)).version == len(stream) > 3


class TestReports:
    async def test_pantau_asks_for_a_report_after_five_working_days(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, "pantau"))
        await world.act(world.division_head, given, "read")
        await look(world, (await part_of(world, given)).reminders.next_report_at)
        [asked] = await said(world)
        assert isinstance(asked, d.ReportAwaited)
        assert asked.told == (world.division_head.position_id,)

    async def test_whoever_reported_meanwhile_is_not_asked(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, "pantau"))
        await world.act(world.division_head, given, "read")
        due = (await part_of(world, given)).reminders.next_report_at
        assert due
        rows = world.service.foundation.database["disposition_acts"]
        await world.act(world.division_head, given, "progress", {"percent": 20, "note": "Sedang dipantau"})
        await rows.update_one({"kind": "progress"}, {"$set": {"at": due - timedelta(hours=20)}})
        await look(world, due)
        assert await said(world) == []
        following = (await part_of(world, given)).reminders.next_report_at
        assert following
        assert following > due

    async def test_ingatkan_reminds_each_working_day_until_it_is_done(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, "ingatkan"))
        await world.act(world.division_head, given, "read")
        calendar = await context_of(world).calendar.working()
        first, second, third = (opening_after(calendar, now(), number) for number in (1, 2, 3))
        for at in (first, first + timedelta(hours=1), second):
            await look(world, at)
        assert len(await said(world)) == 2
        await world.act(world.division_head, given, "complete")
        await look(world, third)
        assert len(await said(world)) == 2


class TestSweep:
    async def test_two_at_once_say_it_once(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        at = (await part_of(world, given)).reminders.next_unread_at
        await asyncio.gather(*(look(world, at) for _ in range(4)))
        assert len(await said(world)) == 2

    async def test_one_that_is_broken_holds_no_other_up(self, world: World) -> None:
        broken = await world.disposed(world.head, to(world.division_head))
        given = await world.disposed(world.head, to(world.secretary))
        rows = world.service.foundation.database["dispositions"]
        await rows.update_one({"_id": broken["id"]}, {"$unset": {"issuer": ""}})
        await look(world, (await part_of(world, given)).reminders.next_unread_at)
        assert [one.disposition_id for one in await said(world)] == [given["id"]]

    async def test_with_nothing_due_nothing_is_done(self, world: World) -> None:
        await world.disposed(world.head, to(world.division_head))
        assert await watch_dispositions(context_of(world)) == 0
        assert await types_published(world.service) == ["disposition.disposition.issued"]
