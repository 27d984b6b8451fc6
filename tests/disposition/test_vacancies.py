"""Work of positions that nobody holds."""

from datetime import datetime, time, timedelta

import pytest

from services.chassis.auth import HeldPosition
from services.chassis.clock import now
from services.contracts.disposition import DispositionDeclined, ResponsibleChanged, WorkHandedOver
from services.disposition.commands import sweep_vacancies as sweeping
from services.disposition.commands.sweep_vacancies import sweep_vacancies
from services.disposition.context import Context
from services.projections.local_dates import long_date
from tests.disposition.terms import ZONE, day, term
from tests.disposition.world import Json, World, to
from tests.events import published
from tests.people import held, position_changed

GRACE = 3
"""Days, by default."""


def context_of(world: World) -> Context:
    context: Context = world.service.app.state.context
    return context


async def look(world: World, ahead: int = 0) -> None:
    """Look as it would be done so many days from now, at noon, until nothing is left to do."""
    noon = datetime.combine(day(ahead), time(12), ZONE) if ahead else now()
    while await sweep_vacancies(context_of(world), lambda: noon):
        pass


async def held_by_all(world: World, *but: HeldPosition) -> None:
    """Everybody is there, but these."""
    everybody = [world.head, world.secretary, world.registrar, world.division_head, *world.officers]
    for position in everybody:
        if position not in but:
            await world.tell(term(position))


async def vacate(world: World, position: HeldPosition) -> None:
    """Its holder has left yesterday, and this is noticed today."""
    await world.tell(term(position, ends=-1))
    await look(world)


async def seen(world: World, given: Json, who: HeldPosition | None = None) -> Json:
    status, answer = await world.get(who or world.head, f"/v1/dispositions/{given['id']}")
    assert status == 200, answer
    return answer


class TestParts:
    async def test_H14_nothing_moves_in_the_days_of_grace(self, world: World) -> None:
        await held_by_all(world, world.division_head)
        given = await world.disposed(world.head, to(world.division_head))
        await vacate(world, world.division_head)
        await look(world, GRACE - 1)
        assert (await seen(world, given))["recipients"][0]["state"] == "sent"

    async def test_H14_then_it_goes_back_to_whoever_gave_it_with_the_reason(self, world: World) -> None:
        await held_by_all(world, world.division_head)
        given = await world.disposed(world.head, to(world.division_head))
        await vacate(world, world.division_head)
        await look(world, GRACE)
        found = await seen(world, given)
        assert (found["state"], found["recipients"][0]["state"]) == ("returned", "declined")
        reason = f"Jabatan {world.division_head.title} kosong sejak {long_date(day())}."
        [act] = found["acts"]
        assert (act["kind"], act["text"], act["actor"]) == ("decline", reason, None)
        event = DispositionDeclined.read((await published(world.service))[-1].data)
        assert (event.actor, event.reason, event.all_done) == (None, reason, True)
        assert event.issuer_position_id == world.head.position_id

    async def test_H14_or_up_to_a_superior_between(self, world: World) -> None:
        await held_by_all(world, world.officers[0])
        given = await world.disposed(world.head, to(world.officers[0]))
        await vacate(world, world.officers[0])
        await look(world, GRACE)
        [part] = (await seen(world, given, world.division_head))["recipients"]
        assert (part["position_id"], part["state"]) == (world.division_head.position_id, "sent")
        event = WorkHandedOver.read((await published(world.service))[-1].data)
        assert (event.actor, event.position_id) == (None, world.division_head.position_id)
        assert world.head.position_id in event.told

    async def test_past_a_superior_who_has_a_part_of_its_own(self, world: World) -> None:
        await held_by_all(world, world.officers[0])
        given = await world.disposed(world.head, to(world.officers[0]), to(world.division_head))
        await vacate(world, world.officers[0])
        await look(world, GRACE)
        found = await seen(world, given)
        assert [one["state"] for one in found["recipients"]] == ["declined", "sent"]

    async def test_H4_another_is_responsible_where_it_was_the_responsible_one(self, world: World) -> None:
        await held_by_all(world, world.division_head)
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        await vacate(world, world.division_head)
        await look(world, GRACE)
        assert (await seen(world, given))["recipients"][1]["role"] == "responsible"
        event = ResponsibleChanged.read((await published(world.service))[-1].data)
        assert event.recipient_id == given["recipients"][1]["recipient_id"]

    async def test_past_superiors_that_are_vacant_too(self, world: World) -> None:
        await held_by_all(world, world.officers[0], world.division_head)
        given = await world.disposed(world.head, to(world.officers[0]))
        await vacate(world, world.officers[0])
        await look(world, GRACE)
        assert (await seen(world, given))["recipients"][0]["state"] == "declined"

    async def test_what_others_are_at_goes_back_when_they_are_done(self, world: World) -> None:
        await held_by_all(world, world.division_head)
        given = await world.disposed(world.head, to(world.division_head))
        below = await world.disposed(world.division_head, to(world.officers[0]))
        await vacate(world, world.division_head)
        await look(world, GRACE)
        assert (await seen(world, given))["recipients"][0]["state"] == "in_progress"
        assert (await seen(world, below))["owner"]["position_id"] == world.head.position_id
        await world.act(world.officers[0], below, "complete")
        await look(world, GRACE + 1)
        assert (await seen(world, given))["recipients"][0]["state"] == "declined"

    async def test_what_is_done_stays_where_it_is(self, world: World) -> None:
        await held_by_all(world, world.division_head)
        given = await world.disposed(world.head, to(world.division_head, "diketahui"))
        await world.act(world.division_head, given, "read")
        await vacate(world, world.division_head)
        await look(world, GRACE)
        assert (await seen(world, given))["state"] == "done"


class TestGivingSide:
    async def test_H14_answers_go_up(self, world: World) -> None:
        await held_by_all(world, world.division_head)
        await world.disposed(world.head, to(world.division_head))
        below = await world.disposed(world.division_head, to(world.officers[0]))
        await vacate(world, world.division_head)
        await look(world, GRACE)
        _, answer = await world.act(world.officers[0], below, "reply", {"text": "Siap!"})
        assert answer["disposition"]["owner"]["position_id"] == world.head.position_id
        assert answer["disposition"]["issuer"]["position_id"] == world.division_head.position_id

    async def test_stays_where_nobody_is_above(self, world: World) -> None:
        await held_by_all(world, world.head)
        given = await world.disposed(world.head, to(world.division_head))
        await vacate(world, world.head)
        await look(world, GRACE)
        assert (await seen(world, given))["owner"]["position_id"] == world.head.position_id


class TestHeld:
    async def test_an_acting_official_holds_it(self, world: World) -> None:
        await held_by_all(world, world.division_head)
        given = await world.disposed(world.head, to(world.division_head))
        await vacate(world, world.division_head)
        await world.tell(term(world.division_head.model_copy(update={"capacity": "plt"}), starts=2))
        await look(world, 2)
        await look(world, 30)
        assert (await seen(world, given))["recipients"][0]["state"] == "sent"

    async def test_a_new_vacancy_has_its_own_days_of_grace(self, world: World) -> None:
        await held_by_all(world, world.division_head)
        given = await world.disposed(world.head, to(world.division_head))
        await vacate(world, world.division_head)
        await world.tell(term(world.division_head, starts=2, ends=9))
        for ahead in (2, 9, 10, 12):
            await look(world, ahead)
        assert (await seen(world, given))["recipients"][0]["state"] == "sent"
        await look(world, 10 + GRACE)
        assert (await seen(world, given))["recipients"][0]["state"] == "declined"

    async def test_an_end_that_lies_ahead_is_noticed_when_it_has_come(self, world: World) -> None:
        await held_by_all(world, world.division_head)
        given = await world.disposed(world.head, to(world.division_head))
        await world.tell(term(world.division_head, ends=5))
        for ahead in (0, 5, 6, 8):
            await look(world, ahead)
        assert (await seen(world, given))["recipients"][0]["state"] == "sent"
        await look(world, 6 + GRACE)
        assert (await seen(world, given))["acts"][0]["text"].endswith(f"kosong sejak {long_date(day(6))}.")

    async def test_news_that_comes_during_a_look_is_not_lost(self, world: World) -> None:
        await world.tell(term(world.division_head))
        vacancies = context_of(world).vacancies
        [row] = [one for one in await vacancies.due(now(), 9) if one.id == world.division_head.position_id]
        later = now() + timedelta(seconds=1)
        await vacancies.look(row.id, later)
        await vacancies.looked(row, row.model_copy(update={"look_at": now() + timedelta(days=1)}))
        assert [one.id for one in await vacancies.due(later, 9)] == [row.id]

    async def test_a_position_nobody_was_ever_named_for_is_left_alone(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await look(world, 90)
        assert (await seen(world, given))["recipients"][0]["state"] == "sent"


class TestDeactivated:
    async def test_its_work_moves_at_once(self, world: World) -> None:
        await held_by_all(world)
        given = await world.disposed(world.head, to(world.officers[0]))
        gone = position_changed(world.officers[0], world.division_head.position_id, world.head.position_id)
        await world.tell(gone.model_copy(update={"active": False}), 2)
        await look(world)
        [part] = (await seen(world, given, world.division_head))["recipients"]
        assert part["position_id"] == world.division_head.position_id


class TestWhileVacant:
    async def test_what_is_given_to_it_has_days_of_grace_of_its_own(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await held_by_all(world, world.division_head)
        await vacate(world, world.division_head)
        await look(world, 10)
        monkeypatch.setattr("services.chassis.uow.now", lambda: now() + timedelta(days=10))
        given = await world.disposed(world.head, to(world.division_head))
        await look(world, 10 + GRACE - 1)
        assert (await seen(world, given))["recipients"][0]["state"] == "sent"
        await look(world, 10 + GRACE)
        assert (await seen(world, given))["recipients"][0]["state"] == "declined"

    async def test_much_work_is_moved_little_by_little(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sweeping, "MOVES", 2)
        await held_by_all(world, world.division_head)
        for _ in range(5):
            letter = world.a_letter()
            await world.tell(letter)
            await world.disposed(world.head, to(world.division_head), letter_id=letter.letter_id)
        await vacate(world, world.division_head)
        await look(world, GRACE)
        declined = [one for one in await published(world.service) if one.type == DispositionDeclined.event_type]
        assert len(declined) == 5

    async def test_one_that_cannot_be_read_holds_no_other_up(self, world: World) -> None:
        await held_by_all(world, world.division_head)
        broken = await world.disposed(world.head, to(world.division_head))
        letter = world.a_letter()
        await world.tell(letter)
        given = await world.disposed(world.head, to(world.division_head), letter_id=letter.letter_id)
        rows = world.service.foundation.database["dispositions"]
        await rows.update_one({"_id": broken["id"]}, {"$unset": {"issuer": ""}})
        await vacate(world, world.division_head)
        await look(world, GRACE)
        assert (await seen(world, given))["recipients"][0]["state"] == "declined"

    async def test_a_position_of_which_nothing_can_be_told_holds_no_other_up(self, world: World) -> None:
        await held_by_all(world, world.division_head, world.secretary)
        given = await world.disposed(world.head, to(world.division_head))
        for position in (world.secretary, world.division_head):
            await world.tell(term(position, ends=-1))
        rows = world.service.foundation.database["known_assignments"]
        await rows.update_many({"position_id": world.secretary.position_id}, {"$unset": {"starts_on": ""}})
        await look(world)
        await look(world, GRACE)
        assert (await seen(world, given))["recipients"][0]["state"] == "declined"

    async def test_looking_again_moves_nothing_twice(self, world: World) -> None:
        await held_by_all(world, world.division_head)
        await world.disposed(world.head, to(world.division_head))
        await vacate(world, world.division_head)
        for ahead in (GRACE, GRACE, GRACE + 1):
            await look(world, ahead)
        declined = [one for one in await published(world.service) if one.type == DispositionDeclined.event_type]
        assert len(declined) == 1


class TestAbove:
    async def test_sight_goes_up_with_the_answers(self, world: World) -> None:
        await held_by_all(world, world.division_head)
        await world.disposed(world.head, to(world.division_head))
        below = await world.disposed(world.division_head, to(world.officers[0]))
        operator = held("officer", unit_id=world.unit_id, title="Operator")
        chain = (world.officers[0].position_id, world.division_head.position_id, world.head.position_id)
        await world.tell(position_changed(operator, *chain))
        leaf = await world.disposed(world.officers[0], to(operator))
        await vacate(world, world.division_head)
        await look(world, GRACE)
        assert (await seen(world, leaf))["above"] == [world.head.position_id]
        assert (await seen(world, below))["above"] == [world.head.position_id]
