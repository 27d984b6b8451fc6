"""Comments, questions upward, answers."""

from services.chassis.ids import new_id
from services.contracts.disposition import DispositionCommented, DispositionCompleted
from tests.disposition.world import Json, World, to
from tests.events import published, types_published
from tests.people import held, position_changed, principal

PREFIX = "disposition.disposition."


def comments(given: Json) -> str:
    return f"/v1/dispositions/{given['id']}/comments"


async def last_said(world: World) -> DispositionCommented:
    said = [one for one in await published(world.service) if one.type == DispositionCommented.event_type]
    return DispositionCommented.read(said[-1].data)


class TestComment:
    async def test_of_the_giver_is_told_to_those_who_work_on_it(self, world: World) -> None:
        informed = to(world.registrar, role="informed")
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary), informed)
        status, answer = await world.post(world.head, comments(given), {"text": " Koordinasikan dahulu "})
        assert (status, answer["act"]["text"]) == (201, "Koordinasikan dahulu")
        assert [one["state"] for one in answer["disposition"]["recipients"]] == ["sent", "sent", "sent"]
        event = await last_said(world)
        assert (event.kind, event.recipient_id) == ("comment", None)
        assert event.told == (world.division_head.position_id, world.secretary.position_id)

    async def test_H4_who_coordinates_may_comment_and_has_thereby_read_it(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        status, answer = await world.post(world.secretary, comments(given), {"text": "Kami bantu"})
        assert status == 201
        assert [one["state"] for one in answer["disposition"]["recipients"]] == ["sent", "read"]
        assert (await types_published(world.service))[1:] == [f"{PREFIX}read", f"{PREFIX}commented"]
        assert (await last_said(world)).told == (world.head.position_id, world.division_head.position_id)

    async def test_to_one_recipient_is_told_to_that_one(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        about = given["recipients"][1]["recipient_id"]
        await world.post(world.head, comments(given), {"text": "Bagaimana?", "recipient_id": about})
        event = await last_said(world)
        assert (event.recipient_id, event.told) == (about, (world.secretary.position_id,))

    async def test_K6_to_whom_it_was_taken_back_from_nothing_is_said(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        about = given["recipients"][1]["recipient_id"]
        await world.post(world.head, f"/v1/dispositions/{given['id']}/recall", {"recipient_ids": [about]})
        before = await types_published(world.service)
        body = {"text": "Tetap rahasiakan", "recipient_id": about}
        for who in (world.head, world.division_head):
            status, answer = await world.post(who, comments(given), body)
            assert (status, answer["code"]) == (409, "recalled")
        assert await types_published(world.service) == before

    async def test_who_is_to_know_it_and_says_something_is_done_with_it(self, world: World) -> None:
        informed = to(world.registrar, "diketahui", role="informed")
        given = await world.disposed(world.head, to(world.division_head, "diketahui"), informed)
        await world.act(world.division_head, given, "read")
        about = given["recipients"][0]["recipient_id"]
        body = {"text": "Sudah kami catat", "recipient_id": about}
        _, answer = await world.post(world.registrar, comments(given), body)
        assert answer["disposition"]["state"] == "done"
        event = DispositionCompleted.read((await published(world.service))[-1].data)
        assert (event.recipient_id, event.all_done) == (given["recipients"][1]["recipient_id"], True)

    async def test_after_the_end_too(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.act(world.division_head, given, "complete")
        status, answer = await world.post(world.head, comments(given), {"text": "Terima kasih"})
        assert (status, answer["disposition"]["state"]) == (201, "done")

    async def test_P4_as_the_position_that_is_named_where_one_holds_both(self, world: World) -> None:
        both = principal(world.head.model_copy(update={"capacity": "plt"}), world.secretary, name="Sekretaris")
        given = await world.disposed(both, to(world.secretary))
        _, answer = await world.post(both, comments(given), {"text": "Dari pemberi"})
        assert (answer["act"]["actor"]["position_id"], answer["act"]["actor"]["capacity"]) == (
            world.head.position_id,
            "plt",
        )
        body = {"text": "Dari penerima", "as_position": world.secretary.position_id}
        _, answer = await world.post(both, comments(given), body)
        assert answer["act"]["actor"]["position_id"] == world.secretary.position_id

    async def test_is_for_those_it_is_between(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        assert (await world.post(world.registrar, comments(given), {"text": "Halo"}))[0] == 403
        assert (await world.post(world.stranger, comments(given), {"text": "Halo"}))[0] == 404
        foreign = {"text": "Halo", "as_position": world.registrar.position_id}
        both = principal(world.head, world.registrar)
        assert (await world.post(both, comments(given), foreign))[0] == 403
        nobody = {"text": "Halo", "recipient_id": new_id()}
        assert (await world.post(world.head, comments(given), nobody))[0] == 404

    async def test_not_on_what_was_taken_back(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.post(world.head, f"/v1/dispositions/{given['id']}/recall")
        status, answer = await world.post(world.head, comments(given), {"text": "Halo"})
        assert (status, answer["code"]) == (409, "recalled")


class TestAsk:
    async def test_H12_question_goes_up_and_its_answer_comes_down(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        status, asked = await world.act(world.division_head, given, "ask", {"text": "Sampai kapan?"})
        assert (status, asked["disposition"]["recipients"][0]["state"]) == (201, "read")
        event = await last_said(world)
        assert (event.kind, event.told) == ("question", (world.head.position_id,))
        question = asked["act"]["id"]
        path = f"/v1/dispositions/{given['id']}/questions/{question}/answer"
        status, answered = await world.post(world.head, path, {"text": "Jumat"})
        assert (status, answered["act"]["answers"]) == (201, question)
        event = await last_said(world)
        assert (event.kind, event.answers, event.told) == ("answer", question, (world.division_head.position_id,))
        _, seen = await world.get(world.secretary, f"/v1/dispositions/{given['id']}")
        assert [act["kind"] for act in seen["acts"]] == ["question", "answer"]

    async def test_is_no_answer_to_what_was_asked_for(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, "pelajari"))
        _, asked = await world.act(world.division_head, given, "ask", {"text": "Yang mana?"})
        assert (asked["disposition"]["state"], asked["disposition"]["recipients"][0]["replied_at"]) == ("open", None)

    async def test_only_the_holder_of_the_part_asks(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        assert (await world.act(world.head, given, "ask", {"text": "Apa?"}))[0] == 403

    async def test_who_gave_it_back_asks_no_more(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.act(world.division_head, given, "decline", {"reason": "Bukan tugas kami"})
        status, answer = await world.act(world.division_head, given, "ask", {"text": "Apa?"})
        assert (status, answer["code"]) == (409, "declined")


class TestAnswer:
    async def test_only_whoever_gave_it_answers_and_only_a_question(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        _, asked = await world.act(world.division_head, given, "ask", {"text": "Sampai kapan?"})
        path = f"/v1/dispositions/{given['id']}/questions"
        body = {"text": "Jumat"}
        assert (await world.post(world.secretary, f"{path}/{asked['act']['id']}/answer", body))[0] == 403
        assert (await world.post(world.head, f"{path}/{new_id()}/answer", body))[0] == 404
        _, said = await world.post(world.head, comments(given), {"text": "Catatan"})
        assert (await world.post(world.head, f"{path}/{said['act']['id']}/answer", body))[0] == 404

    async def test_a_question_of_another_disposition_is_not_found(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        other = await world.disposed(world.head, to(world.secretary))
        _, asked = await world.act(world.division_head, given, "ask", {"text": "Sampai kapan?"})
        path = f"/v1/dispositions/{other['id']}/questions/{asked['act']['id']}/answer"
        assert (await world.post(world.head, path, {"text": "Jumat"}))[0] == 404


class TestDepth:
    async def test_H13_a_question_goes_to_whoever_gave_it_not_to_the_top(self, world: World) -> None:
        await world.disposed(world.head, to(world.division_head))
        below = await world.disposed(world.division_head, to(world.officers[0]))
        await world.act(world.officers[0], below, "ask", {"text": "Alat yang mana?"})
        assert (await last_said(world)).told == (world.division_head.position_id,)
        deputy = held("officer", unit_id=world.unit_id, title="Staf baru")
        await world.tell(position_changed(deputy, world.officers[0].position_id, world.division_head.position_id))
        assert (await world.get(deputy, f"/v1/dispositions/{below['id']}"))[0] == 404
