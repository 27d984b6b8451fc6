"""What the register says of a letter later: dispositions say the same of it, and of a void one nothing is open."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.chassis.auth import HeldPosition
from services.chassis.bus.outcome import Done, Retry
from services.chassis.clock import now
from services.chassis.newest import Bounds
from services.contracts.disposition import DispositionRecalled
from services.contracts.intake import LetterCorrected, LetterRegistered, LetterVoided
from services.contracts.routing import LetterDelivered
from services.contracts.vocabulary import Party
from services.disposition.context import Context
from services.disposition.domain.boxes import BOXES, tab
from tests.disposition.test_boxes import agree as agree_on_boxes
from tests.disposition.test_seen_by_routing import Hands, agree, delivered, hear
from tests.disposition.world import Json, World, to
from tests.events import deliver, published, types_published
from tests.people import actor, held, principal

REGISTRAR = held("village_operator", title="Operator Desa Sekartaji")
BY = actor(principal(REGISTRAR), REGISTRAR)


def correction(letter: LetterDelivered, **changes: Any) -> LetterCorrected:
    """The letter corrected by the village that registered it."""
    given: Json = {
        "letter_id": letter.letter_id,
        "kind": "Surat Undangan",
        "category": "invitation",
        "urgency": "urgent",
        "confidentiality": "ordinary",
        "subject": "Undangan peninjauan jalan",
        "letter_number": "005/13/SKT/2026",
        "letter_date": date(2026, 3, 1),
        "received_on": date(2026, 3, 3),
        "sender": Party(kind="external", name="Desa Sekartaji Baru"),
        "changes": (),
        "reason": "Salah ketik",
        "corrected_by": BY,
        "at": now(),
    }
    return LetterCorrected(**(given | changes))


def void(letter: LetterDelivered) -> LetterVoided:
    """The letter declared void."""
    return LetterVoided(
        letter_id=letter.letter_id,
        book="masuk",
        year=letter.year,
        agenda_number=letter.agenda_number,
        subject=letter.subject,
        confidentiality="ordinary",
        reason="Terdaftar dua kali",
        voided_by=BY,
        at=now(),
    )


def context_of(world: World) -> Context:
    found: Context = world.service.app.state.context
    return found


async def shown(world: World, who: HeldPosition, given: Json) -> Json:
    status, answer = await world.get(who, f"/v1/dispositions/{given['id']}")
    assert status == 200, answer
    return answer


async def recalls(world: World) -> list[DispositionRecalled]:
    told = await published(world.service)
    return [DispositionRecalled.read(one.data) for one in told if one.type == DispositionRecalled.event_type]


class TestCorrected:
    async def test_every_disposition_says_what_the_register_says(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.tell(correction(world.letter), seq=2)
        one = await shown(world, world.head, given)
        assert one["letter_subject"] == "Undangan peninjauan jalan"
        line = one["letter"]
        assert (line["kind"], line["sender"], line["urgency"]) == ("Surat Undangan", "Desa Sekartaji Baru", "urgent")
        assert (line["agenda_number"], one["version"], one["state"]) == (1, given["version"], "open")

    async def test_what_is_told_from_then_on_names_it_so(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.tell(correction(world.letter), seq=2)
        await world.act(world.division_head, given, "reply", {"text": "Siap!"})
        told = (await published(world.service))[-1]
        assert told.data["letter_subject"] == "Undangan peninjauan jalan"

    async def test_one_given_afterwards_has_it_from_the_beginning(self, world: World) -> None:
        await world.tell(correction(world.letter), seq=2)
        given = await world.disposed(world.head, to(world.division_head))
        assert (given["letter_subject"], given["letter"]["kind"]) == ("Undangan peninjauan jalan", "Surat Undangan")

    async def test_of_two_the_newer_holds_whichever_came_first(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.tell(correction(world.letter), seq=3)
        await world.tell(correction(world.letter, subject="Lama"), seq=2)
        assert (await shown(world, world.head, given))["letter_subject"] == "Undangan peninjauan jalan"

    async def test_K10_made_secret_those_of_the_unit_who_may_not_read_such_letters_see_it_no_more(
        self, world: World
    ) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await shown(world, world.secretary, given)
        await world.tell(correction(world.letter, confidentiality="secret"), seq=2)
        assert (await world.get(world.secretary, f"/v1/dispositions/{given['id']}"))[0] == 404
        assert (await shown(world, world.division_head, given))["letter"]["confidentiality"] == "secret"

    @pytest.mark.parametrize("order", [("registered", "corrected"), ("corrected", "registered")])
    async def test_a_sheet_has_number_and_dates_as_they_are_now(self, world: World, order: tuple[str, str]) -> None:
        registered = LetterRegistered(
            **correction(world.letter).model_dump(
                include=set(LetterRegistered.model_fields) - {"letter_number", "sender"}
            ),
            sender=Party(kind="external", name="Desa Sekartaji"),
            letter_number="lama",
            direction="incoming",
            book="masuk",
            year=2026,
            agenda_number=1,
            tracking_code="SKTJ-0001",
            addressees=(),
            files=(),
            registered_by=BY,
            registered_at=now(),
        )
        for what in order:
            await world.tell(registered) if what == "registered" else await world.tell(correction(world.letter), seq=2)
        known = await context_of(world).print_room.particulars.of(world.letter.letter_id)
        assert known is not None
        assert (known.letter_number, known.sender) == ("005/13/SKT/2026", "Desa Sekartaji Baru")

    async def test_one_that_is_early_waits_for_the_letter(self, world: World) -> None:
        assert isinstance(await deliver(world.service, correction(world.a_letter()), 2), Retry)


class TestVoided:
    async def test_whatever_is_open_is_taken_back_with_the_reason_also_what_was_read(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        await world.act(world.secretary, given, "receive", recipient=1)
        await world.tell(void(world.letter), seq=2)
        one = await shown(world, world.head, given)
        assert (one["state"], [part["state"] for part in one["recipients"]]) == ("recalled", ["recalled"] * 2)
        last = one["acts"][-1]
        assert (last["kind"], last["text"]) == ("recall", "Pendaftaran surat dibatalkan: Terdaftar dua kali")
        assert last["actor"]["position_id"] == REGISTRAR.position_id

    async def test_it_is_told_once_and_leaves_the_telling_of_people_to_the_registers_own_news(
        self, world: World
    ) -> None:
        await world.disposed(world.head, to(world.division_head), to(world.secretary))
        await world.tell(void(world.letter), seq=2)
        (told,) = await recalls(world)
        assert (told.all_done, told.told, len(told.recipient_ids)) == (True, (), 2)

    async def test_what_was_done_stays_done(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        await world.act(world.secretary, given, "complete", {"report": "Sudah"}, recipient=1)
        await world.tell(void(world.letter), seq=2)
        one = await shown(world, world.head, given)
        assert (one["state"], [part["state"] for part in one["recipients"]]) == ("done", ["recalled", "done"])

    async def test_nothing_is_told_as_settled_by_what_was_taken_back_below(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        parent = {"disposition_id": given["id"], "recipient_id": given["recipients"][0]["recipient_id"]}
        below = await world.disposed(world.division_head, to(world.officers[0]), parent=parent)
        await world.tell(void(world.letter), seq=2)
        assert not [one for one in await types_published(world.service) if one.endswith("completed")]
        assert [one.disposition_id for one in await recalls(world)] == [given["id"], below["id"]]
        assert (await shown(world, world.division_head, below))["state"] == "recalled"

    async def test_who_had_read_it_still_sees_what_it_was_and_who_had_not_sees_nothing(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.officers[0]))
        await world.act(world.division_head, given, "read")
        await world.tell(void(world.letter), seq=2)
        assert (await shown(world, world.division_head, given))["state"] == "recalled"
        assert (await world.get(world.officers[0], f"/v1/dispositions/{given['id']}"))[0] == 404

    async def test_nothing_is_done_about_it_any_more(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.tell(void(world.letter), seq=2)
        for status, answer in (
            await world.act(world.division_head, given, "reply", {"text": "Siap!"}),
            await world.post(
                world.head, f"/v1/dispositions/{given['id']}/recipients", {"recipients": [to(world.secretary)]}
            ),
            await world.dispose(world.head, to(world.secretary)),
        ):
            assert (status, answer["code"]) == (409, "letter_voided")
            assert REGISTRAR.title in answer["detail"]
            assert answer["state"]["reason"] == "Terdaftar dua kali"

    async def test_it_lies_in_no_box_of_work_and_nobody_is_reminded(self, world: World) -> None:
        await world.disposed(world.head, to(world.division_head))
        await world.tell(void(world.letter), seq=2)
        assert await agree_on_boxes(world, world.division_head, world.head) == dict.fromkeys(BOXES, 0)
        assert await context_of(world).watch_list.due(now() + timedelta(days=400), 10) == []

    async def test_a_repeat_under_another_id_changes_nothing(self, world: World) -> None:
        await world.disposed(world.head, to(world.division_head))
        await world.tell(void(world.letter), seq=2)
        await world.tell(void(world.letter), seq=2)
        assert len(await recalls(world)) == 1

    async def test_one_that_is_early_waits_for_the_letter(self, world: World) -> None:
        letter = world.a_letter()
        assert isinstance(await deliver(world.service, void(letter), 2), Retry)
        await world.tell(letter)
        assert await deliver(world.service, void(letter), 2) == Done()

    @pytest.mark.parametrize("seed", range(2))
    async def test_whatever_was_done_before_nothing_is_open_and_routing_sees_the_same(
        self, world: World, seed: int
    ) -> None:
        hands = Hands(world, seed + 40)
        for _ in range(45):
            await hands.act()
        await world.tell(void(world.letter), seq=2)
        given, dossier = await hands.given(), delivered(world)
        for envelope in await published(world.service):
            dossier = hear(dossier, envelope)
        assert not any(one.is_open for one in given)
        agree(dossier, given)


class TestPractice:
    async def test_it_is_marked_wherever_the_letter_is_named(self, world: World) -> None:
        letter = world.a_letter(training=True)
        await world.tell(letter)
        given = await world.disposed(world.head, to(world.division_head), letter_id=letter.letter_id)
        assert given["letter"]["training"] is True
        assert (await world.disposed(world.head, to(world.secretary)))["letter"]["training"] is False

    async def test_nobody_is_offered_because_of_what_was_practised(self, world: World) -> None:
        letter = world.a_letter(training=True)
        await world.tell(letter)
        await world.disposed(world.head, to(world.division_head), letter_id=letter.letter_id)
        earnest = await world.disposed(world.head, to(world.secretary))
        given = await context_of(world).dispositions.given_to(tab(world.head.position_id, "given"), Bounds(None, None))
        assert [one.id for one in given] == [earnest["id"]]
