"""What recipients do: read, receive, reply, report how far they are, complete, decline."""

import asyncio

import pytest

from services.chassis.ids import new_id
from services.contracts.disposition import (
    DispositionCompleted,
    DispositionProgressed,
    DispositionRead,
    DispositionReplied,
)
from services.disposition.main import build
from services.disposition.settings import DispositionSettings
from tests.conftest import Serve
from tests.disposition.world import Json, World, to
from tests.events import published, types_published
from tests.people import held, position_changed, principal

ISSUED, READ, RECEIVED, REPLIED, COMPLETED = (
    f"disposition.disposition.{verb}" for verb in ("issued", "read", "received", "replied", "completed")
)


class TestRead:
    async def test_first_reading_is_kept_with_person_and_capacity(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        acting = world.division_head.model_copy(update={"capacity": "plt"})
        status, answer = await world.act(acting, given, "read")
        assert status == 200
        assert answer["disposition"]["recipients"][0]["state"] == "read"
        assert answer["disposition"]["recipients"][0]["read_at"] == answer["act"]["at"]
        assert answer["act"]["actor"]["capacity"] == "plt"
        event = DispositionRead.read((await published(world.service))[-1].data)
        assert event.actor.capacity == "plt"

    async def test_second_reading_changes_nothing(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        _, first = await world.act(world.division_head, given, "read")
        status, again = await world.act(world.division_head, given, "read")
        assert (status, again["act"]) == (200, None)
        assert again["disposition"] == first["disposition"]
        assert await types_published(world.service) == [ISSUED, READ]

    async def test_for_information_is_done_when_read_and_the_branch_hears_of_it(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, "diketahui", "arsipkan"))
        _, answer = await world.act(world.division_head, given, "read")
        assert answer["disposition"]["state"] == "done"
        assert await types_published(world.service) == [ISSUED, READ, COMPLETED]
        event = DispositionCompleted.read((await published(world.service))[-1].data)
        assert (event.all_done, event.branch_id, event.report) == (True, given["branch_id"], None)

    async def test_reading_by_one_of_two_completes_nothing_yet(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, "diketahui"), to(world.secretary, "diketahui"))
        await world.act(world.division_head, given, "read")
        assert await types_published(world.service) == [ISSUED, READ]
        await world.act(world.secretary, given, "read", recipient=1)
        assert await types_published(world.service) == [ISSUED, READ, READ, COMPLETED]


class TestReceive:
    async def test_first_time_is_kept_and_told_again_changes_nothing(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        status, first = await world.act(world.division_head, given, "receive")
        assert (status, first["disposition"]["recipients"][0]["state"]) == (200, "received")
        assert await types_published(world.service) == [ISSUED, READ, RECEIVED]
        status, again = await world.act(world.division_head, given, "receive")
        assert (status, again["act"], again["disposition"]) == (200, None, first["disposition"])

    async def test_what_was_for_information_is_done_by_then(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, "diketahui"))
        _, answer = await world.act(world.division_head, given, "receive")
        assert answer["disposition"]["state"] == "done"
        status, answer = await world.act(world.division_head, given, "receive")
        assert (status, answer["code"]) == (409, "state_changed")


class TestProgress:
    async def test_P11_percent_and_note_are_told_and_kept(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        status, answer = await world.act(world.division_head, given, "progress", {"percent": 40, "note": "Survei"})
        part = answer["disposition"]["recipients"][0]
        assert (status, part["state"], part["percent"]) == (201, "in_progress", 40)
        event = DispositionProgressed.read((await published(world.service))[-1].data)
        assert (event.percent, event.note, event.issuer_position_id) == (40, "Survei", world.head.position_id)

    async def test_every_report_stays_in_the_thread_and_may_go_down(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        for percent in (60, 40, 100):
            await world.act(world.division_head, given, "progress", {"percent": percent})
        _, seen = await world.get(world.head, f"/v1/dispositions/{given['id']}")
        assert [act["percent"] for act in seen["acts"]] == [60, 40, 100]
        assert (seen["state"], seen["recipients"][0]["state"]) == ("open", "in_progress")

    async def test_not_after_the_end_and_not_beyond_a_hundred(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        for percent in (-1, 101, 40.5, None):
            assert (await world.act(world.division_head, given, "progress", {"percent": percent}))[0] == 422
        await world.act(world.division_head, given, "complete")
        status, answer = await world.act(world.division_head, given, "progress", {"percent": 100})
        assert (status, answer["code"]) == (409, "state_changed")


class TestReply:
    async def test_P11_siap_reaches_the_issuer_as_an_event(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, "pelajari", "sosialisasikan"))
        status, answer = await world.act(world.division_head, given, "reply", {"text": " Siap! "})
        assert (status, answer["act"]["text"]) == (201, "Siap!")
        assert answer["disposition"]["recipients"][0]["state"] == "replied"
        assert await types_published(world.service) == [ISSUED, READ, REPLIED]
        event = DispositionReplied.read((await published(world.service))[-1].data)
        assert (event.text, event.issuer_position_id) == ("Siap!", world.head.position_id)
        assert event.reply_id == answer["act"]["id"]

    async def test_reply_is_enough_where_only_a_reply_was_asked_for(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, "pelajari"))
        _, answer = await world.act(world.division_head, given, "reply", {"text": "Sudah dipelajari"})
        assert answer["disposition"]["state"] == "done"
        assert await types_published(world.service) == [ISSUED, READ, REPLIED, COMPLETED]

    async def test_H5_replies_of_several_are_one_thread_also_after_the_end(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, "pelajari"), to(world.secretary, "pantau"))
        await world.act(world.division_head, given, "reply", {"text": "satu"})
        await world.act(world.secretary, given, "reply", {"text": "dua"}, recipient=1)
        status, _ = await world.act(world.division_head, given, "reply", {"text": "tiga"})
        assert status == 201
        _, seen = await world.get(world.head, f"/v1/dispositions/{given['id']}")
        assert [act["text"] for act in seen["acts"]] == ["satu", "dua", "tiga"]
        assert [one["state"] for one in seen["recipients"]] == ["done", "replied"]

    async def test_repeat_with_the_same_key_replies_once(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        person = principal(world.division_head)
        _, first = await world.act(person, given, "reply", {"text": "Siap!"}, key="siap")
        _, again = await world.act(person, given, "reply", {"text": "Siap!"}, key="siap")
        assert again == first
        assert await types_published(world.service) == [ISSUED, READ, REPLIED]

    async def test_repeat_after_a_lost_answer_gets_it_though_the_state_has_moved_on(self, world: World) -> None:
        given, person = await world.disposed(world.head, to(world.division_head)), principal(world.division_head)
        path = f"/v1/dispositions/{given['id']}/recipients/{given['recipients'][0]['recipient_id']}"
        for what, body, seen in (("reply", {"text": "Siap!"}, 1), ("complete", {"report": "Sudah"}, 3)):
            sent = {"If-Match": f'"{seen}"', "Idempotency-Key": what}
            answers = [await world.call(person, "POST", f"{path}/{what}", body, sent) for _ in range(2)]
            (status, first, _), (again, second, _) = answers
            assert status == again < 300
            assert second == first
        assert await types_published(world.service) == [ISSUED, READ, REPLIED, COMPLETED]

    async def test_on_a_state_that_is_no_longer(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.act(world.division_head, given, "read")
        path = f"/v1/dispositions/{given['id']}/recipients/{given['recipients'][0]['recipient_id']}/complete"
        status, answer, _ = await world.call(world.division_head, "POST", path, {}, {"If-Match": '"1"'})
        assert (status, answer["code"], answer["version"]) == (412, "changed_meanwhile", 2)
        assert await types_published(world.service) == [ISSUED, READ]

    async def test_empty_and_endless_replies_are_refused(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        for text in ("", "  ", "x" * 4001):
            status, answer = await world.act(world.division_head, given, "reply", {"text": text})
            assert (status, answer["code"]) == (422, "validation_failed")


class TestQuickReply:
    async def test_P11_one_tap_says_what_its_code_means(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        status, answer = await world.act(world.division_head, given, "reply", {"quick_reply": "siap"})
        assert (status, answer["act"]["text"], answer["act"]["quick_reply"]) == (201, "Siap!", "siap")
        event = DispositionReplied.read((await published(world.service))[-1].data)
        assert (event.text, event.quick_reply) == ("Siap!", "siap")

    async def test_a_code_there_is_not_both_or_neither(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        status, answer = await world.act(world.division_head, given, "reply", {"quick_reply": "entah"})
        assert (status, answer["code"]) == (422, "unknown_quick_reply")
        for body in ({"quick_reply": "siap", "text": "Siap!"}, {}):
            status, answer = await world.act(world.division_head, given, "reply", body)
            assert (status, answer["code"]) == (422, "validation_failed")


class TestComplete:
    async def test_report_of_the_last_one_closes_the_disposition(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        _, first = await world.act(world.division_head, given, "complete", {"report": "Sudah"})
        assert first["disposition"]["state"] == "open"
        _, last = await world.act(world.secretary, given, "complete", recipient=1)
        assert last["disposition"]["state"] == "done"
        told = [
            DispositionCompleted.read(one.data)
            for one in await published(world.service)
            if one.type == DispositionCompleted.event_type
        ]
        assert [(one.report, one.all_done) for one in told] == [("Sudah", False), (None, True)]

    async def test_second_completion_is_told_the_state(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.act(world.division_head, given, "complete")
        status, answer = await world.act(world.division_head, given, "complete")
        assert (status, answer["code"]) == (409, "state_changed")
        recipient_id = given["recipients"][0]["recipient_id"]
        assert answer["state"] == {"recipient_id": recipient_id, "state": "done", "version": 3}

    async def test_completion_below_leaves_the_recipient_above_open(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        child = await world.disposed(world.division_head, to(world.officers[0]))
        await world.act(world.officers[0], child, "complete", {"report": "Beres"})
        _, above = await world.get(world.head, f"/v1/dispositions/{given['id']}")
        assert (above["state"], above["recipients"][0]["state"]) == ("open", "in_progress")

    @pytest.mark.parametrize(("what", "body"), [("complete", {"report": "Beres"}), ("decline", {"reason": "Cuti"})])
    async def test_what_ends_with_those_below_is_told_as_whose_part_it_is(
        self, world: World, what: str, body: Json
    ) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        child = await world.disposed(world.division_head, to(world.officers[0]))
        await world.act(world.division_head, given, "complete", {"report": "Diteruskan"})
        await world.act(world.officers[0], child, what, body)
        told = [
            DispositionCompleted.read(one.data)
            for one in await published(world.service)
            if one.type == DispositionCompleted.event_type and one.subject == f"disposition/{given['id']}"
        ]
        assert [(one.all_done, one.position_title, one.report) for one in told] == [
            (False, None, "Diteruskan"),
            (True, world.division_head.title, None),
        ]

    async def test_versions_on_the_stream_have_no_gap(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary, "pelajari"))
        await world.act(world.secretary, given, "reply", {"text": "Siap!"}, recipient=1)
        await world.disposed(world.division_head, to(world.officers[0]))
        await world.act(world.division_head, given, "complete")
        stream = [one for one in await published(world.service) if one.subject == f"disposition/{given['id']}"]
        assert [one.streamversion for one in stream] == list(range(1, len(stream) + 1))


class TestRefused:
    async def test_only_the_holder_of_the_position_acts(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        for what, body in (("read", None), ("reply", {"text": "Siap!"}), ("complete", None)):
            status, answer = await world.act(world.head, given, what, body)
            assert (status, answer["code"]) == (403, "forbidden")

    async def test_K6_a_stranger_finds_nothing(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        status, answer = await world.act(world.stranger, given, "read")
        assert (status, answer["code"]) == (404, "not_found")

    async def test_unknown_disposition_and_recipient(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        nowhere = f"/v1/dispositions/{given['id']}/recipients/{new_id()}/read"
        assert (await world.post(world.division_head, nowhere))[0] == 404
        status, _ = await world.post(world.head, f"/v1/dispositions/{new_id()}/recipients/{new_id()}/read")
        assert status == 404
        status, _ = await world.post(world.head, "/v1/dispositions/kosong/recipients/kosong/read")
        assert status == 422


class TestTwentyAtOnce:
    async def test_20_recipients_acting_at_once_lose_nothing(self, world: World) -> None:
        officers = [held("officer", title=f"Staf {number}") for number in range(20)]
        for officer in officers:
            await world.tell(position_changed(officer, world.head.position_id))
        given = await world.disposed(world.head, *(to(officer, "laksanakan") for officer in officers))
        answers = await asyncio.gather(
            *(world.act(one, given, "complete", {"report": f"{n}"}, n) for n, one in enumerate(officers))
        )
        assert [status for status, _ in answers] == [200] * 20
        await self.nothing_is_lost(world, given)

    async def test_nor_do_they_over_two_processes(self, world: World, serve: Serve) -> None:
        officers = [held("officer", title=f"Staf {number}") for number in range(20)]
        for officer in officers:
            await world.tell(position_changed(officer, world.head.position_id))
        given = await world.disposed(world.head, *(to(officer, "laksanakan") for officer in officers))
        settings = world.service.foundation.settings
        assert isinstance(settings, DispositionSettings)
        second = build(settings, world.signer.keys)
        async with serve(second) as http:
            worlds = [world, World(second, http, world.signer)]
            answers = await asyncio.gather(
                *(worlds[n % 2].act(one, given, "complete", {"report": f"{n}"}, n) for n, one in enumerate(officers))
            )
        second.foundation.database.client.close()
        assert [status for status, _ in answers] == [200] * 20
        await self.nothing_is_lost(world, given)

    async def nothing_is_lost(self, world: World, given: Json) -> None:
        _, seen = await world.get(world.head, f"/v1/dispositions/{given['id']}")
        assert seen["state"] == "done"
        assert sorted(int(act["text"]) for act in seen["acts"]) == list(range(20))
        told = [
            DispositionCompleted.read(one.data)
            for one in await published(world.service)
            if one.type == DispositionCompleted.event_type
        ]
        assert len(told) == 20
        assert [one.all_done for one in told].count(True) == 1
        assert seen["version"] == 1 + 2 * 20
