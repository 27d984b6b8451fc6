"""Whom the service offers to instruct."""

from datetime import timedelta
from typing import Any

from services.chassis.auth import HeldPosition
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.contracts.routing import AbsenceChanged, AssignmentChanged, BranchReturned
from services.contracts.vocabulary import Capacity, Party
from tests.disposition.world import Json, World, to
from tests.people import actor, principal
from tests.signing import ALL_SCOPES


async def offered(world: World, who: HeldPosition, letter_id: str | None = None, query: str = "") -> Json:
    """The answer, which must be one."""
    path = f"/v1/letters/{letter_id or world.letter.letter_id}/disposition-candidates{query}"
    status, answer = await world.get(who, path)
    assert status == 200, answer
    return answer


def titles(answer: Json) -> list[str]:
    """Whom it offers, in order."""
    return [one["title"] for one in answer["items"]]


def assigned(position: HeldPosition, name: str, capacity: Capacity = "definitive", **more: Any) -> AssignmentChanged:
    """That somebody holds a position since a while ago."""
    fields: Json = {
        "assignment_id": new_id(),
        "person_id": new_id(),
        "person_name": name,
        "position_id": position.position_id,
        "position_title": position.title,
        "unit_id": position.unit_id,
        "unit_name": position.unit_name,
        "role": position.role,
        "capacity": capacity,
        "starts_on": now().date() - timedelta(days=30),
    }
    return AssignmentChanged(**(fields | more))


class TestOrder:
    async def test_P9_the_natural_subordinate_comes_first(self, world: World) -> None:
        answer = await offered(world, world.head)
        below = [world.secretary, world.division_head, *world.officers, world.registrar]
        assert set(titles(answer)) == {one.title for one in below}
        assert titles(answer)[:2] == [world.secretary.title, world.division_head.title]
        first = answer["items"][0]
        assert (first["relation"], first["reason"]) == ("secretary", "Sekretaris Anda.")
        assert answer["items"][1]["reason"] == "Bawahan langsung Anda."
        assert (answer["as_position"], answer["count"]) == (world.head.position_id, 5)

    async def test_P9_who_got_similar_letters_before_comes_before_the_secretary(self, world: World) -> None:
        for _ in range(3):
            earlier = world.a_letter()
            await world.tell(earlier)
            await world.disposed(world.head, to(world.officers[1]), letter_id=earlier.letter_id)
        answer = await offered(world, world.head)
        assert titles(answer)[:2] == [world.officers[1].title, world.secretary.title]
        first = answer["items"][0]
        assert (first["similar"], first["reason"]) == (3, "Sudah 3 kali menerima surat serupa dari Anda.")

    async def test_letters_of_another_kind_do_not_count(self, world: World) -> None:
        other: Json = {
            "kind": "Surat Undangan",
            "category": "invitation",
            "sender": Party(kind="external", name="Polres"),
        }
        for _ in range(3):
            earlier = world.a_letter(**other)
            await world.tell(earlier)
            await world.disposed(world.head, to(world.officers[1]), letter_id=earlier.letter_id)
        assert titles(await offered(world, world.head))[0] == world.secretary.title


class TestWho:
    async def test_P12_only_positions_below_and_the_server_takes_each_of_them(self, world: World) -> None:
        answer = await offered(world, world.head)
        assert world.stranger.title not in titles(answer)
        assert world.head.title not in titles(answer)
        everybody = [{"position_id": one["position_id"], "instructions": ["diketahui"]} for one in answer["items"]]
        assert (await world.dispose(world.head, *everybody))[0] == 201

    async def test_P12_who_passes_on_is_offered_those_below_and_peers(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        body = {"positions": [world.secretary.position_id]}
        peers = f"/v1/disposition-peers/{world.division_head.position_id}"
        await world.call(principal(), "PUT", peers, body)
        answer = await offered(world, world.division_head)
        assert titles(answer) == [*(one.title for one in world.officers), world.secretary.title]
        assert answer["items"][-1]["relation"] == "peer"
        assert answer["parent"] == {
            "disposition_id": given["id"],
            "recipient_id": given["recipients"][0]["recipient_id"],
        }
        assert [one["already"] for one in answer["items"]] == [False, False, True]
        further = {name: answer[name] for name in ("as_position", "parent")}
        peer = {"position_id": world.secretary.position_id, "instructions": ["diketahui"]}
        assert (await world.dispose(world.division_head, peer, **further))[0] == 201

    async def test_P12_who_has_several_is_offered_for_the_one_that_is_named(self, world: World) -> None:
        first, second = [await world.disposed(world.head, to(world.division_head)) for _ in range(2)]
        parents = [
            {"disposition_id": one["id"], "recipient_id": one["recipients"][0]["recipient_id"]}
            for one in (first, second)
        ]
        assert (await offered(world, world.division_head))["parent"] == parents[1]
        query = "&".join(f"parent_{name}={value}" for name, value in parents[0].items())
        answer = await offered(world, world.division_head, query=f"?{query}")
        assert answer["parent"] == parents[0]
        assert titles(answer) == [one.title for one in world.officers]

    async def test_words_narrow(self, world: World) -> None:
        answer = await offered(world, world.head, query="?q=alat%20berat%201")
        assert (titles(answer), answer["count"]) == ([world.officers[0].title], 1)
        assert len((await offered(world, world.head, query="?limit=2"))["items"]) == 2

    async def test_whom_the_letter_does_not_lie_with(self, world: World) -> None:
        path = f"/v1/letters/{world.letter.letter_id}/disposition-candidates"
        assert (await world.get(world.registrar, path))[0] == 403
        assert (await world.get(world.stranger, path))[0] == 404
        reader = principal(world.head).model_copy(update={"scopes": ALL_SCOPES - {"dispositions:write"}})
        assert (await world.get(reader, path))[0] == 403

    async def test_a_letter_that_has_left(self, world: World) -> None:
        letter = world.letter
        branch = letter.branches[0]
        await world.tell(
            BranchReturned(
                letter_id=letter.letter_id,
                subject=letter.subject,
                branch_id=branch.branch_id,
                unit_name=branch.unit_name,
                reason="Salah alamat",
                actor=actor(principal(world.head)),
                at=now(),
            ),
            seq=2,
        )
        status, answer = await world.get(world.head, f"/v1/letters/{letter.letter_id}/disposition-candidates")
        assert (status, answer["code"]) == (409, "branch_returned")


class TestAvailability:
    async def test_B7_who_is_away_is_offered_with_a_warning_and_the_plh(self, world: World) -> None:
        there, stands_in = assigned(world.secretary, "I Made Astika"), assigned(world.secretary, "Ketut Rai", "plh")
        absence = AbsenceChanged(
            absence_id=new_id(),
            person_id=there.person_id,
            person_name=there.person_name,
            kind="leave",
            starts_on=now().date() - timedelta(days=2),
            ends_on=now().date() + timedelta(days=9),
        )
        for event in (there, stands_in, absence):
            await world.tell(event)
        first = (await offered(world, world.head))["items"][0]
        assert first["position_id"] == world.secretary.position_id
        assert "cuti" in first["warning"]
        assert "Plh.: Ketut Rai" in first["warning"]
        assert (first["attended"], first["instead"]["name"]) == (True, "Ketut Rai")
        assert first["instead"]["title"] == "Plh. Sekretaris Dinas PU"

    async def test_a_vacant_position_is_offered_with_a_warning(self, world: World) -> None:
        await world.tell(assigned(world.secretary, "I Made Astika"))
        secretary, division_head = (await offered(world, world.head))["items"][:2]
        assert (secretary["warning"], secretary["in_charge"]["name"]) == (None, "I Made Astika")
        assert division_head["warning"] == "Jabatan Kepala Bidang Alat Berat sedang kosong."
        assert (division_head["attended"], division_head["in_charge"]) == (False, None)
