"""Instructing further positions with a disposition that was given already."""

from datetime import timedelta

from services.chassis.clock import now
from services.chassis.ids import new_id
from services.contracts.disposition import RecipientAdded, ResponsibleChanged
from services.contracts.routing import AssignmentChanged, BranchRecalled
from tests.disposition.world import Json, World, to
from tests.events import published, types_published
from tests.people import actor, principal
from tests.signing import ALL_SCOPES


def path(given: Json) -> str:
    return f"/v1/dispositions/{given['id']}/recipients"


def added(*recipients: Json) -> Json:
    return {"recipients": list(recipients)}


class TestAdd:
    async def test_a_further_position_coordinates_and_is_told(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        status, answer = await world.post(world.head, path(given), added(to(world.secretary, "pantau")))
        assert status == 201
        assert [one["role"] for one in answer["disposition"]["recipients"]] == ["responsible", "coordinating"]
        event = RecipientAdded.read((await published(world.service))[-1].data)
        assert [one.position_id for one in event.recipients] == [world.secretary.position_id]
        assert (event.branch_id, event.recipients[0].instructions[0].code) == (given["branch_id"], "pantau")
        assert answer["act"]["kind"] == "add"
        status, _ = await world.act(world.secretary, answer["disposition"], "read", recipient=1)
        assert status == 200

    async def test_H4_a_new_responsible_one_takes_over(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        new = to(world.secretary, role="responsible")
        _, answer = await world.post(world.head, path(given), added(new))
        assert [one["role"] for one in answer["disposition"]["recipients"]] == ["coordinating", "responsible"]
        event = ResponsibleChanged.read((await published(world.service))[-1].data)
        assert event.recipient_id == answer["disposition"]["recipients"][1]["recipient_id"]
        assert world.division_head.position_id in event.told

    async def test_H4_a_new_responsible_one_takes_over_from_another_disposition(self, world: World) -> None:
        first = await world.disposed(world.head, to(world.division_head))
        second = await world.disposed(world.head, to(world.secretary))
        assert second["recipients"][0]["role"] == "coordinating"
        await world.post(world.head, path(second), added(to(world.registrar, role="responsible")))
        _, seen = await world.get(world.head, f"/v1/dispositions/{first['id']}")
        assert seen["recipients"][0]["role"] == "coordinating"

    async def test_what_was_done_is_open_again_and_so_is_what_is_above(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        below = await world.disposed(world.division_head, to(world.officers[0]))
        await world.act(world.officers[0], below, "complete")
        await world.act(world.division_head, given, "complete")
        _, above = await world.get(world.head, f"/v1/dispositions/{given['id']}")
        assert above["state"] == "done"
        await world.post(world.division_head, path(below), added(to(world.officers[1])))
        _, above = await world.get(world.head, f"/v1/dispositions/{given['id']}")
        assert (above["state"], above["recipients"][0]["state"]) == ("open", "in_progress")

    async def test_who_declined_or_was_recalled_may_be_named_again(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        await world.act(world.division_head, given, "decline", {"reason": "Bukan tugas kami"})
        again = to(world.division_head, "pelajari")
        status, answer = await world.post(world.head, path(given), added(again))
        assert status == 201
        assert [one["state"] for one in answer["disposition"]["recipients"]] == ["declined", "sent", "sent"]

    async def test_sesuai_disposisi_asks_for_what_was_asked_of_the_giver(self, world: World) -> None:
        await world.disposed(world.head, to(world.division_head, "pelajari"))
        below = await world.disposed(world.division_head, to(world.officers[0]))
        body = added(to(world.officers[1], "sesuai_disposisi"))
        _, answer = await world.post(world.division_head, path(below), body)
        assert answer["disposition"]["recipients"][1]["closes_on"] == "reply"

    async def test_B7_a_vacant_position_is_warned_of(self, world: World) -> None:
        ended = AssignmentChanged(
            assignment_id=new_id(),
            person_id=new_id(),
            person_name="Made",
            position_id=world.secretary.position_id,
            position_title=world.secretary.title,
            unit_id=world.unit_id,
            unit_name=world.secretary.unit_name,
            role="secretary",
            capacity="definitive",
            starts_on=now().date() - timedelta(days=100),
            ends_on=now().date() - timedelta(days=2),
        )
        await world.tell(ended)
        given = await world.disposed(world.head, to(world.division_head))
        _, answer = await world.post(world.head, path(given), added(to(world.secretary)))
        assert f"Jabatan {world.secretary.title} sedang kosong." in answer["warnings"]

    async def test_repeat_with_the_same_key_adds_once(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        person = principal(world.head)
        _, first = await world.post(person, path(given), added(to(world.secretary)), key="tambah")
        status, again = await world.post(person, path(given), added(to(world.secretary)), key="tambah")
        assert (status, again["disposition"]) == (201, first["disposition"])
        assert len(await types_published(world.service)) == 2


class TestRefused:
    async def test_H12_positions_that_are_not_below(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        body = added(to(world.stranger), to(world.secretary))
        status, answer = await world.post(world.head, path(given), body)
        assert (status, answer["code"]) == (403, "recipient_not_below")
        assert answer["positions"] == [world.stranger.position_id]

    async def test_who_is_a_party_already(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        status, answer = await world.post(world.head, path(given), added(to(world.division_head)))
        assert (status, answer["code"]) == (409, "already_party")
        assert answer["positions"] == [world.division_head.position_id]

    async def test_where_the_letter_has_left(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        sender = principal(world.stranger)
        left = BranchRecalled(
            letter_id=world.letter.letter_id,
            subject=world.letter.subject,
            branch_id=given["branch_id"],
            actor=actor(sender),
            reason="Keliru",
            at=now(),
        )
        await world.tell(left)
        status, answer = await world.post(world.head, path(given), added(to(world.secretary)))
        assert (status, answer["code"]) == (409, "branch_recalled")

    async def test_below_a_part_that_was_given_back(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        below = await world.disposed(world.division_head, to(world.officers[0]))
        await world.act(world.officers[0], below, "complete")
        await world.act(world.division_head, given, "decline", {"reason": "Bukan tugas kami"})
        status, answer = await world.post(world.division_head, path(below), added(to(world.officers[1])))
        assert (status, answer["code"]) == (409, "declined")

    async def test_only_whoever_gave_it_and_may_dispose(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        assert (await world.post(world.division_head, path(given), added(to(world.secretary))))[0] == 403
        assert (await world.post(world.stranger, path(given), added(to(world.secretary))))[0] == 404
        scopes = ALL_SCOPES - {"dispositions:write"}
        person = principal(world.head).model_copy(update={"scopes": scopes})
        assert (await world.post(person, path(given), added(to(world.secretary))))[0] == 403

    async def test_two_responsible_at_once(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        body = added(to(world.secretary, role="responsible"), to(world.registrar, role="responsible"))
        status, answer = await world.post(world.head, path(given), body)
        assert (status, answer["code"]) == (422, "several_responsible")
