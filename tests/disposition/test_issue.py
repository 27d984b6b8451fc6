"""Issuing a disposition."""

from datetime import timedelta

import pytest

from services.chassis.clock import now
from services.chassis.ids import new_id
from services.contracts.disposition import DispositionIssued
from services.contracts.routing import AccessChanged
from services.contracts.vocabulary import Access
from tests.disposition.world import Json, World, to
from tests.events import published, types_published
from tests.people import held, position_changed, principal


class TestIssue:
    async def test_P10_two_instructions_in_one_disposition_are_stored(self, world: World) -> None:
        answer = await world.disposed(
            world.head, to(world.division_head, "pelajari", "sosialisasikan", note="Cek alat"), note="Segera"
        )
        (recipient,) = answer["recipients"]
        assert [one["label"] for one in recipient["instructions"]] == ["Pelajari / telaah", "Sosialisasikan"]
        assert (recipient["note"], answer["note"]) == ("Cek alat", "Segera")
        assert (recipient["state"], recipient["closes_on"], answer["state"]) == ("sent", "completion", "open")
        assert answer["branch_id"] == world.letter.branches[0].branch_id
        assert answer["issuer"]["position_title"] == "Kepala Dinas PU"
        assert answer["parent"] is None

    async def test_publishes_what_was_issued(self, world: World) -> None:
        due = (now() + timedelta(days=3)).date().isoformat()
        answer = await world.disposed(world.head, to(world.division_head, "pelajari", due_on=due))
        (envelope,) = await published(world.service)
        event = DispositionIssued.read(envelope.data)
        assert (envelope.subject, envelope.streamversion) == (f"disposition/{answer['id']}", 1)
        assert event.letter_subject == "Permohonan peminjaman alat berat"
        assert event.recipients[0].position_id == world.division_head.position_id
        assert (str(event.recipients[0].due_on), event.recipients[0].closes_on) == (due, "reply")

    async def test_H4_first_recipient_is_responsible_where_none_is_marked(self, world: World) -> None:
        answer = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        assert [one["responsible"] for one in answer["recipients"]] == [True, False]

    async def test_H4_marked_recipient_is_the_one_responsible(self, world: World) -> None:
        answer = await world.disposed(world.head, to(world.division_head), to(world.secretary, responsible=True))
        assert [one["responsible"] for one in answer["recipients"]] == [False, True]

    async def test_H5_others_are_named_with_their_own_instructions(self, world: World) -> None:
        answer = await world.disposed(
            world.head, to(world.division_head, "laksanakan"), to(world.secretary, "koordinasikan")
        )
        assert [one["instructions"][0]["code"] for one in answer["recipients"]] == ["laksanakan", "koordinasikan"]

    async def test_K9_head_disposes_past_a_level_to_own_staff(self, world: World) -> None:
        answer = await world.disposed(world.head, to(world.officers[0]))
        assert answer["recipients"][0]["position_title"] == "Staf Alat Berat 1"

    async def test_P7_a_plt_disposes_as_plt(self, world: World) -> None:
        acting = world.head.model_copy(update={"capacity": "plt"})
        answer = await world.disposed(acting, to(world.division_head))
        assert answer["issuer"]["capacity"] == "plt"

    async def test_position_that_may_do_this_is_found_among_several(self, world: World) -> None:
        both = principal(world.stranger, world.head)
        answer = await world.disposed(both, to(world.division_head))
        assert answer["issuer"]["position_id"] == world.head.position_id

    async def test_an_addressed_position_may_dispose(self, world: World) -> None:
        branch = world.letter.branches[0].model_copy(
            update={"unit_id": new_id(), "position_id": world.division_head.position_id, "holders": ()}
        )
        access = Access(confidentiality="ordinary", positions=(world.division_head.position_id,))
        letter = world.a_letter(branches=(branch,), access=access)
        await world.tell(letter)
        answer = await world.disposed(world.division_head, to(world.officers[0]), letter_id=letter.letter_id)
        assert answer["branch_id"] == branch.branch_id

    async def test_repeat_with_the_same_key_issues_once(self, world: World) -> None:
        person = principal(world.head)
        first = await world.disposed(person, to(world.division_head), key="once")
        again = await world.disposed(person, to(world.division_head), key="once")
        assert again == first
        assert await types_published(world.service) == ["disposition.disposition.issued"]

    async def test_its_tag_is_what_a_change_may_ask_for(self, world: World) -> None:
        path = f"/v1/letters/{world.letter.letter_id}/dispositions"
        _, given, headers = await world.call(world.head, "POST", path, {"recipients": [to(world.division_head)]})
        assert headers["ETag"] == '"1"'
        seen = {"If-Match": headers["ETag"]}
        status, _, headers = await world.call(world.head, "POST", f"/v1/dispositions/{given['id']}/recall", {}, seen)
        assert (status, headers["ETag"]) == (200, '"2"')

    async def test_same_key_for_another_order_is_refused(self, world: World) -> None:
        person = principal(world.head)
        await world.disposed(person, to(world.division_head), key="once")
        status, answer = await world.dispose(person, to(world.secretary), key="once")
        assert (status, answer["code"]) == (422, "idempotency_key_reused")


class TestRefused:
    async def refusal(self, world: World, who: object, *recipients: Json, **more: object) -> tuple[int, str]:
        status, answer = await world.dispose(who, *recipients, **more)  # type: ignore[arg-type]
        assert await published(world.service) == []
        return status, answer["code"]

    async def test_P12_recipients_that_are_not_below_are_listed(self, world: World) -> None:
        status, answer = await world.dispose(world.head, to(world.division_head), to(world.stranger))
        assert (status, answer["code"]) == (403, "recipient_not_below")
        assert answer["positions"] == [world.stranger.position_id]
        assert await published(world.service) == []

    async def test_P12_nobody_disposes_upwards_or_to_oneself(self, world: World) -> None:
        assert await self.refusal(world, world.secretary, to(world.head)) == (403, "recipient_not_below")
        assert await self.refusal(world, world.head, to(world.head)) == (403, "recipient_not_below")

    async def test_registrar_reads_the_letter_but_does_not_dispose(self, world: World) -> None:
        assert await self.refusal(world, world.registrar, to(world.division_head)) == (403, "forbidden")

    async def test_K6_letter_of_another_unit_is_not_found(self, world: World) -> None:
        assert await self.refusal(world, world.stranger, to(world.division_head)) == (404, "not_found")

    async def test_secretary_knows_nothing_of_a_secret_letter(self, world: World) -> None:
        letter = world.a_letter("secret")
        await world.tell(letter)
        refused = await self.refusal(world, world.secretary, to(world.officers[0]), letter_id=letter.letter_id)
        assert refused == (404, "not_found")

    async def test_position_that_is_not_held(self, world: World) -> None:
        refused = await self.refusal(
            world, world.head, to(world.division_head), as_position=world.secretary.position_id
        )
        assert refused == (403, "forbidden")

    async def test_without_the_scope(self, world: World) -> None:
        status, answer = await world.post(
            world.head,
            f"/v1/letters/{world.letter.letter_id}/dispositions",
            {"recipients": [to(world.division_head)]},
            scope="letters:read",
        )
        assert (status, answer["code"]) == (403, "forbidden")

    async def test_unknown_parent(self, world: World) -> None:
        parent = {"disposition_id": new_id(), "recipient_id": new_id()}
        assert await self.refusal(world, world.head, to(world.division_head), parent=parent) == (403, "forbidden")

    async def test_H4_two_responsible(self, world: World) -> None:
        refused = await self.refusal(
            world, world.head, to(world.division_head, responsible=True), to(world.secretary, responsible=True)
        )
        assert refused == (422, "several_responsible")

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"instructions": ["menari"]}, "unknown_instruction"),
            ({"position_id": new_id()}, "unknown_position"),
            ({"instructions": []}, "validation_failed"),
            ({"instructions": ["diketahui"] * 11}, "validation_failed"),
            ({"instructions": ["lainnya"]}, "note_required"),
            ({"due_on": "2020-01-01"}, "due_in_past"),
            ({"surprise": 1}, "validation_failed"),
        ],
    )
    async def test_content_that_cannot_be_accepted(self, world: World, change: Json, code: str) -> None:
        assert await self.refusal(world, world.head, to(world.division_head) | change) == (422, code)

    async def test_recipient_twice(self, world: World) -> None:
        twice = [to(world.division_head), to(world.division_head, "pelajari")]
        assert await self.refusal(world, world.head, *twice) == (422, "recipient_twice")

    async def test_unknown_branch(self, world: World) -> None:
        refused = await self.refusal(world, world.head, to(world.division_head), branch_id=new_id())
        assert refused == (422, "unknown_branch")

    async def test_more_than_thirty_recipients(self, world: World) -> None:
        many = [to(held()) for _ in range(31)]
        assert await self.refusal(world, world.head, *many) == (422, "validation_failed")


class TestPassingOn:
    async def test_recipient_disposes_further_with_the_parent_found(self, world: World) -> None:
        first = await world.disposed(world.head, to(world.division_head))
        child = await world.disposed(world.division_head, to(world.officers[0]))
        parent = {"disposition_id": first["id"], "recipient_id": first["recipients"][0]["recipient_id"]}
        assert (child["parent"], child["branch_id"]) == (parent, first["branch_id"])
        _, seen = await world.get(world.head, f"/v1/dispositions/{first['id']}")
        assert seen["recipients"][0]["state"] == "in_progress"
        assert [act["kind"] for act in seen["acts"]] == ["pass_on"]
        assert await types_published(world.service) == [
            "disposition.disposition.issued",
            "disposition.disposition.read",
            "disposition.disposition.issued",
        ]

    async def test_given_parent_is_taken(self, world: World) -> None:
        first = await world.disposed(world.head, to(world.division_head))
        await world.disposed(world.head, to(world.division_head, "diketahui"))
        parent = {"disposition_id": first["id"], "recipient_id": first["recipients"][0]["recipient_id"]}
        child = await world.disposed(world.division_head, to(world.officers[0]), parent=parent)
        assert child["parent"] == parent

    async def test_secretary_who_was_instructed_passes_on_rather_than_starts_anew(self, world: World) -> None:
        officer = held("officer", unit_id=world.unit_id, title="Kasubbag Umum")
        await world.tell(position_changed(officer, world.secretary.position_id, world.head.position_id))
        first = await world.disposed(world.head, to(world.secretary))
        child = await world.disposed(world.secretary, to(officer))
        assert child["parent"]["disposition_id"] == first["id"]

    async def test_inherited_instruction_asks_for_what_the_parent_did(self, world: World) -> None:
        await world.disposed(world.head, to(world.division_head, "pelajari"))
        child = await world.disposed(world.division_head, to(world.officers[0], "sesuai_disposisi"))
        assert child["recipients"][0]["closes_on"] == "reply"

    async def test_recipient_need_not_wait_for_routing_to_say_it_may_read(self, world: World) -> None:
        letter = world.a_letter(access=Access(confidentiality="secret", units=(world.unit_id,)))
        await world.tell(letter)
        await world.disposed(world.head, to(world.division_head), letter_id=letter.letter_id)
        status, _ = await world.dispose(world.division_head, to(world.officers[0]), letter_id=letter.letter_id)
        assert status == 201

    async def test_reader_who_is_no_recipient_does_not_pass_on(self, world: World) -> None:
        access = Access(confidentiality="ordinary", positions=(world.division_head.position_id,))
        await world.tell(AccessChanged(letter_id=world.letter.letter_id, access=access, access_version=2))
        status, answer = await world.dispose(world.division_head, to(world.officers[0]))
        assert (status, answer["code"]) == (403, "forbidden")
