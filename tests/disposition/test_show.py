"""Looking at dispositions."""

from services.contracts.routing import AccessChanged
from services.contracts.vocabulary import Access
from tests.disposition.world import World, to
from tests.people import held, principal


class TestOne:
    async def test_issuer_recipients_and_readers_of_the_unit_see_it(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        for who in (world.head, world.division_head, world.registrar):
            status, answer = await world.get(who, f"/v1/dispositions/{given['id']}")
            assert (status, answer["id"], answer["acts"]) == (200, given["id"], [])

    async def test_K6_others_do_not(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        for who in (world.officers[0], world.stranger):
            status, answer = await world.get(who, f"/v1/dispositions/{given['id']}")
            assert (status, answer["code"]) == (404, "not_found")

    async def test_a_reader_of_the_letter_elsewhere_does_not(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        access = Access(confidentiality="ordinary", units=(world.unit_id, world.stranger.unit_id))
        await world.tell(AccessChanged(letter_id=world.letter.letter_id, access=access, access_version=2))
        assert (await world.get(world.stranger, f"/v1/dispositions/{given['id']}"))[0] == 404

    async def test_K6_nor_by_a_second_position_that_handles_no_letters_there(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        access = Access(confidentiality="ordinary", units=(world.unit_id, world.stranger.unit_id))
        await world.tell(AccessChanged(letter_id=world.letter.letter_id, access=access, access_version=2))
        aide = held("aide", unit_id=world.unit_id, title="Ajudan")
        assert (await world.get(principal(world.stranger, aide), f"/v1/dispositions/{given['id']}"))[0] == 404
        clerk = held("registrar", unit_id=world.unit_id, title="Agendaris")
        assert (await world.get(principal(world.stranger, clerk), f"/v1/dispositions/{given['id']}"))[0] == 200

    async def test_without_a_token(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        async with world.http.get(f"/v1/dispositions/{given['id']}") as response:
            assert response.status == 401
            assert response.content_type == "application/problem+json"


class TestOfLetter:
    async def test_H2_readers_of_the_letter_see_the_whole_tree_newest_first(self, world: World) -> None:
        first = await world.disposed(world.head, to(world.division_head))
        child = await world.disposed(world.division_head, to(world.officers[0]))
        path = f"/v1/letters/{world.letter.letter_id}/dispositions"
        for who in (world.registrar, world.officers[0]):
            status, answer = await world.get(who, path)
            assert (status, [one["id"] for one in answer["items"]]) == (200, [child["id"], first["id"]])

    async def test_K6_what_the_office_says_to_itself_is_not_for_the_sender(self, world: World) -> None:
        sender = held("village_operator", title="Operator Desa Sekartaji", unit_name="Desa Sekartaji")
        letter = world.a_letter(access=Access(confidentiality="ordinary", units=(sender.unit_id, world.unit_id)))
        await world.tell(letter)
        await world.disposed(world.head, to(world.division_head, note="Jangan dipinjamkan"), letter_id=letter.letter_id)
        path = f"/v1/letters/{letter.letter_id}/dispositions"
        assert await world.get(sender, path) == (200, {"items": [], "next": None})
        assert len((await world.get(world.registrar, path))[1]["items"]) == 1

    async def test_others_find_no_letter(self, world: World) -> None:
        await world.disposed(world.head, to(world.division_head))
        status, _ = await world.get(world.stranger, f"/v1/letters/{world.letter.letter_id}/dispositions")
        assert status == 404


class TestBoxes:
    async def ids(self, world: World, who: object, query: str) -> list[str]:
        status, answer = await world.get(who, f"/v1/dispositions?{query}")  # type: ignore[arg-type]
        assert status == 200
        return [one["id"] for one in answer["items"]]

    async def test_given_and_received(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        assert await self.ids(world, world.head, "box=given") == [given["id"]]
        assert await self.ids(world, world.head, "box=received") == []
        assert await self.ids(world, world.division_head, "box=received") == [given["id"]]
        assert await self.ids(world, world.division_head, "box=given") == []

    async def test_received_is_filtered_by_the_state_of_ones_own_part(self, world: World) -> None:
        both = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        await world.act(world.division_head, both, "complete")
        assert await self.ids(world, world.division_head, "box=received&state=done") == [both["id"]]
        assert await self.ids(world, world.division_head, "box=received&state=open") == []
        assert await self.ids(world, world.secretary, "box=received&state=sent") == [both["id"]]
        assert await self.ids(world, world.secretary, "box=received&state=open") == [both["id"]]

    async def test_given_is_filtered_by_the_state_of_the_whole(self, world: World) -> None:
        both = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        await world.act(world.division_head, both, "complete")
        assert await self.ids(world, world.head, "box=given&state=open") == [both["id"]]
        assert await self.ids(world, world.head, "box=given&state=done") == []
        await world.act(world.secretary, both, "complete", recipient=1)
        assert await self.ids(world, world.head, "box=given&state=done") == [both["id"]]

    async def test_pages_newest_first(self, world: World) -> None:
        ids = [(await world.disposed(world.head, to(world.division_head)))["id"] for _ in range(5)]
        _, page = await world.get(world.head, "/v1/dispositions?box=given&limit=3")
        assert [one["id"] for one in page["items"]] == ids[:1:-1]
        _, rest = await world.get(world.head, f"/v1/dispositions?box=given&limit=3&cursor={page['next']}")
        assert ([one["id"] for one in rest["items"]], rest["next"]) == (ids[1::-1], None)

    async def test_person_without_a_position_has_empty_boxes(self, world: World) -> None:
        nobody = principal(world.head).model_copy(update={"positions": ()})
        assert await self.ids(world, nobody, "box=received") == []

    async def test_unknown_box(self, world: World) -> None:
        status, answer = await world.get(world.head, "/v1/dispositions?box=trash")
        assert (status, answer["code"]) == (422, "validation_failed")
