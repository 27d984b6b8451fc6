"""B7, P7: work that is given where nobody is there: it lies there, and whoever gives it is told who stands in."""

from datetime import timedelta
from typing import Any

from services.chassis.auth import HeldPosition
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.contracts.routing import AbsenceChanged, AssignmentChanged
from services.projections.local_dates import long_date
from services.projections.titles import display_title
from tests.disposition.world import World, to
from tests.people import held, principal

TODAY = now().astimezone().date()
WEEK = timedelta(days=7)


def assigned(seat: HeldPosition, name: str, **more: Any) -> AssignmentChanged:
    """Somebody in a position since long ago."""
    fields = {
        "assignment_id": new_id(),
        "person_id": new_id(),
        "person_name": name,
        "position_id": seat.position_id,
        "position_title": seat.title,
        "unit_id": seat.unit_id,
        "unit_name": seat.unit_name,
        "role": seat.role,
        "capacity": "definitive",
        "starts_on": TODAY - 10 * WEEK,
    }
    return AssignmentChanged.model_validate(fields | more)


def on_leave(official: AssignmentChanged) -> AbsenceChanged:
    """Away for a week from yesterday."""
    return AbsenceChanged(
        absence_id=new_id(),
        person_id=official.person_id,
        person_name=official.person_name,
        kind="leave",
        starts_on=TODAY - timedelta(days=1),
        ends_on=TODAY + WEEK,
    )


class TestWarnings:
    async def test_B7_an_absent_recipient_is_warned_of_with_the_plh(self, world: World) -> None:
        holder = assigned(world.secretary, "Ni Made Ratih")
        plh = assigned(world.secretary, "I Ketut Darma", capacity="plh", ends_on=TODAY + WEEK)
        for event in (holder, plh, on_leave(holder), assigned(world.division_head, "I Wayan Suka")):
            await world.tell(event)
        given = await world.disposed(world.head, to(world.secretary), to(world.division_head))
        until = long_date(TODAY + WEEK)
        assert given["warnings"] == [f"Sekretaris Dinas PU sedang cuti s.d. {until}. Plh.: I Ketut Darma."]
        assert [one["state"] for one in given["recipients"]] == ["sent", "sent"]

    async def test_B7_a_vacant_position_is_warned_of_and_the_work_lies_there(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.secretary))
        assert given["warnings"] == ["Jabatan Sekretaris Dinas PU sedang kosong."]
        assert (await world.act(world.secretary, given, "receive"))[0] == 200

    async def test_where_everybody_is_there_nothing_is_said(self, world: World) -> None:
        await world.tell(assigned(world.secretary, "Ni Made Ratih"))
        assert (await world.disposed(world.head, to(world.secretary)))["warnings"] == []

    async def test_a_repeat_gets_the_warnings_of_the_first_answer(self, world: World) -> None:
        first = await world.dispose(caller := principal(world.head), to(world.secretary), key="sekali")
        await world.tell(assigned(world.secretary, "Ni Made Ratih"))
        assert await world.dispose(caller, to(world.secretary), key="sekali") == first
        assert first[1]["warnings"] != []

    async def test_whoever_reads_it_later_is_not_warned(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.secretary))
        _, seen = await world.get(world.head, f"/v1/dispositions/{given['id']}")
        assert "warnings" not in seen


class TestActing:
    async def test_P7_an_acting_official_disposes_for_the_position_and_the_capacity_stands_in_the_act(
        self, world: World
    ) -> None:
        fields = {"unit_id": world.unit_id, "position_id": world.head.position_id, "title": world.head.title}
        plt = principal(held("head", capacity="plt", **fields), name="Ni Luh Sari")
        given = await world.disposed(plt, to(world.secretary))
        assert given["owner"]["position_id"] == world.head.position_id
        issuer = given["issuer"]
        shown = display_title(issuer["position_title"], issuer["capacity"])
        assert (issuer["person_name"], shown) == ("Ni Luh Sari", "Plt. Kepala Dinas PU")
        assert (await world.get(world.head, f"/v1/dispositions/{given['id']}"))[0] == 200
