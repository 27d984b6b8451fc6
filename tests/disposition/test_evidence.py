"""Parts that end with a file or a letter."""

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.contracts.disposition import Attachment, DispositionCompleted
from services.contracts.vocabulary import Access
from services.disposition.context import Context
from tests.disposition.world import Json, World, to
from tests.events import published
from tests.people import principal


class TestCompleteWithEvidence:
    async def test_what_ends_with_a_file_needs_one(self, world: World) -> None:
        person = principal(world.division_head)
        given = await world.disposed(world.head, to(world.division_head, "siapkan_bahan"))
        status, answer = await world.act(person, given, "complete", {"report": "Terlampir"})
        assert (status, answer["code"]) == (422, "evidence_required")
        file = await a_file(world, given, person)
        body = {"report": "Terlampir", "attachments": [file.attachment_id]}
        status, answer = await world.act(person, given, "complete", body)
        assert (status, answer["disposition"]["state"]) == (200, "done")
        assert [one["name"] for one in answer["act"]["attachments"]] == ["bahan.pdf"]
        event = DispositionCompleted.read((await published(world.service))[-1].data)
        assert [one.sha256 for one in event.attachments] == [file.sha256]

    async def test_a_file_is_added_once_and_by_whoever_brought_it(self, world: World) -> None:
        person = principal(world.division_head)
        given = await world.disposed(world.head, to(world.division_head))
        file = await a_file(world, given, person)
        body = {"text": "Terlampir", "attachments": [file.attachment_id]}
        other = principal(world.division_head)
        assert (await world.act(other, given, "reply", body))[0] == 422
        assert (await world.act(person, given, "reply", body))[0] == 201
        status, answer = await world.act(person, given, "reply", body)
        assert (status, answer["code"], answer["attachment_id"]) == (422, "unknown_attachment", file.attachment_id)

    async def test_what_ends_with_a_letter_needs_one_that_the_caller_may_read(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, "jawab_tertulis"))
        status, answer = await world.act(world.division_head, given, "complete")
        assert (status, answer["code"]) == (422, "outgoing_letter_required")
        status, _ = await world.act(world.division_head, given, "complete", {"outgoing_letter_id": new_id()})
        assert status == 404
        access = Access(confidentiality="ordinary", positions=(world.division_head.position_id,))
        letter = world.a_letter(access=access)
        await world.tell(letter)
        body = {"outgoing_letter_id": letter.letter_id}
        status, answer = await world.act(world.division_head, given, "complete", body)
        assert (status, answer["disposition"]["recipients"][0]["outgoing_letter_id"]) == (200, letter.letter_id)
        event = DispositionCompleted.read((await published(world.service))[-1].data)
        assert event.outgoing_letter_id == letter.letter_id

    async def test_the_letter_may_be_one_that_only_the_office_of_the_giver_can_open(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, "siapkan_surat"))
        sent = world.a_letter(access=Access(confidentiality="ordinary", units=(world.unit_id,)))
        elsewhere = world.a_letter(access=Access(confidentiality="ordinary", units=(world.stranger.unit_id,)))
        for letter, expected in ((elsewhere, 404), (sent, 200)):
            await world.tell(letter)
            body = {"outgoing_letter_id": letter.letter_id}
            assert (await world.act(world.division_head, given, "complete", body))[0] == expected


async def a_file(world: World, given: Json, person: Principal) -> Attachment:
    """A file that this person has brought for the disposition, as it is known once it is in the store."""
    file = Attachment(
        attachment_id=new_id(),
        name="bahan.pdf",
        media_type="application/pdf",
        size=1234,
        sha256="0" * 64,
        key="disposition/bahan",
    )
    context: Context = world.service.app.state.context
    await context.attachments.begin(file, given["id"], person.person_id, now())
    await context.attachments.put(file.attachment_id, None)
    return file
