"""Boxes of dispositions over HTTP: lists, counts and search. The boxes' rules are in ``domain/test_boxes.py``."""

import asyncio
import random
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from services.chassis.auth import HeldPosition, Principal
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.contracts.routing import AssignmentChanged
from services.contracts.vocabulary import Party
from services.disposition.domain.boxes import BOXES, GIVEN
from tests.disposition.world import Json, World, to
from tests.people import held, principal

Who = HeldPosition | Principal


async def listed(world: World, who: Who, box: str = "received", **query: Any) -> list[Json]:
    """Every item of a box, page by page."""
    items: list[Json] = []
    cursor: str | None = None
    while True:
        asked = {"box": box, "limit": 3, **query} | ({"cursor": cursor} if cursor else {})
        status, page = await world.get(who, f"/v1/dispositions?{urlencode(asked)}")
        assert status == 200, page
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items


async def ids(world: World, who: Who, box: str = "received", **query: Any) -> list[str]:
    """The same, of each its id."""
    return [one["id"] for one in await listed(world, who, box, **query)]


async def counts(world: World, who: Who) -> dict[str, int]:
    """How much each box holds."""
    status, answer = await world.get(who, "/v1/dispositions/counts")
    assert status == 200, answer
    assert all(one["label"] for one in answer["items"])
    return {one["box"]: one["count"] for one in answer["items"]}


async def agree(world: World, *people: Who) -> dict[str, int]:
    """Every count is the length of its list, for all of them; those of the first."""
    for who in people:
        lists = {box: len(await listed(world, who, box)) for box in BOXES}
        assert await counts(world, who) == lists
    return await counts(world, people[0])


class TestList:
    async def test_what_was_given_goes_from_waiting_to_done(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary, "pelajari"))
        assert await ids(world, world.head, "waiting") == [given["id"]]
        await world.act(world.secretary, given, "reply", {"quick_reply": "siap"}, recipient=1)
        assert await ids(world, world.head, "waiting") == []
        assert await ids(world, world.head, "answered") == [given["id"]]
        await world.act(world.division_head, given, "complete")
        assert await ids(world, world.head, "answered") == []
        assert await ids(world, world.head, "given_done") == [given["id"]]
        assert await ids(world, world.head, "given") == [given["id"]]

    async def test_what_was_received_goes_from_new_to_done(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        assert await ids(world, world.secretary, "new") == [given["id"]]
        await world.act(world.secretary, given, "read", recipient=1)
        assert await ids(world, world.secretary, "new") == []
        assert await ids(world, world.secretary, "coordinating") == [given["id"]]
        assert await ids(world, world.secretary, "to_do") == []
        await world.act(world.division_head, given, "read")
        assert await ids(world, world.division_head, "to_do") == [given["id"]]
        await world.act(world.division_head, given, "complete")
        assert await ids(world, world.division_head, "to_do") == []
        assert await ids(world, world.division_head, "done") == [given["id"]]

    async def test_what_all_gave_back_is_returned(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        await world.act(world.division_head, given, "decline", {"reason": "Bukan wewenang kami"})
        assert await ids(world, world.head, "returned") == [given["id"]]
        assert await ids(world, world.division_head, "done") == [given["id"]]

    async def test_item_names_ones_own_part(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head), to(world.secretary))
        (item,) = await listed(world, world.secretary)
        assert item["recipient_id"] == given["recipients"][1]["recipient_id"]
        assert item["position_id"] == world.secretary.position_id
        (item,) = await listed(world, world.head, "given")
        assert (item["position_id"], item["recipient_id"]) == (world.head.position_id, None)

    async def test_P7_who_stands_in_for_another_has_both_parts_and_pages_between_them(self, world: World) -> None:
        both = principal(world.secretary, world.division_head)
        given = [await world.disposed(world.head, to(world.division_head), to(world.secretary)) for _ in range(3)]
        items = await listed(world, both, limit=1)
        parts = [one["recipients"][place]["recipient_id"] for one in reversed(given) for place in (1, 0)]
        assert [one["recipient_id"] for one in items] == parts
        assert await agree(world, both) | {"received": 6, "new": 6} == await counts(world, both)

    async def test_one_position_alone(self, world: World) -> None:
        both = principal(world.secretary, world.division_head)
        await world.disposed(world.head, to(world.division_head))
        path = f"/v1/dispositions?as_position={world.secretary.position_id}"
        assert (await world.get(both, path))[1]["items"] == []
        counted = f"/v1/dispositions/counts?as_position={world.secretary.position_id}"
        assert {one["count"] for one in (await world.get(both, counted))[1]["items"]} == {0}

    async def test_K6_a_position_that_is_not_ones_own(self, world: World) -> None:
        for path in ("/v1/dispositions", "/v1/dispositions/counts"):
            status, answer = await world.get(world.stranger, f"{path}?as_position={world.head.position_id}")
            assert (status, answer["code"]) == (403, "forbidden")

    async def test_others_have_none_of_it(self, world: World) -> None:
        await world.disposed(world.head, to(world.division_head))
        for box in BOXES:
            assert await ids(world, world.stranger, box) == []

    async def test_bad_cursors(self, world: World) -> None:
        for cursor in ("nothing", "a.b", f"{world.unit_id}.x"):
            status, answer = await world.get(world.head, f"/v1/dispositions?cursor={cursor}")
            assert (status, answer["code"]) == (422, "bad_cursor")

    async def test_the_last_of_all_ids_as_a_cursor(self, world: World) -> None:
        await world.disposed(world.head, to(world.division_head))
        last = "ffffffff-ffff-ffff-ffff-ffffffffffff"
        status, answer = await world.get(world.division_head, f"/v1/dispositions?cursor={last}.{last}")
        assert (status, len(answer["items"])) == (200, 1)


class TestCount:
    async def test_a_house_at_work(self, world: World) -> None:
        chance = random.Random(4)
        people = [world.head, world.secretary, world.division_head, *world.officers]
        for _ in range(8):
            given = await world.disposed(world.head, to(world.division_head), to(world.secretary, "diketahui"))
            deeds: list[tuple[HeldPosition, str, Json | None, int]] = [
                (world.division_head, "read", None, 0),
                (world.division_head, "progress", {"percent": 40}, 0),
                (world.division_head, "complete", None, 0),
                (world.division_head, "decline", {"reason": "Bukan wewenang kami"}, 0),
                (world.secretary, "read", None, 1),
            ]
            for who, what, body, recipient in chance.sample(deeds, 3):
                await world.act(who, given, what, body, recipient)
            if chance.random() < 0.5:
                await world.dispose(world.division_head, *(to(one) for one in world.officers))
        found = await agree(world, *people)
        assert found["given"] == 8
        assert sum(found[box] for box in ("waiting", "answered", "returned", "given_done")) == 8

    async def test_many_at_once(self, world: World) -> None:
        letters = [world.a_letter() for _ in range(24)]
        for letter in letters:
            await world.tell(letter)
        given = await asyncio.gather(
            *(world.disposed(world.head, to(world.division_head), letter_id=one.letter_id) for one in letters)
        )
        await asyncio.gather(*(world.act(world.division_head, one, "read") for one in given))
        await agree(world, world.head, world.division_head)
        found = await counts(world, world.division_head)
        assert {box: n for box, n in found.items() if n} == {"received": 24, "to_do": 24}

    async def test_every_box_is_counted_in_the_order_it_is_shown(self, world: World) -> None:
        _, answer = await world.get(world.head, "/v1/dispositions/counts")
        assert [one["box"] for one in answer["items"]] == list(BOXES)
        assert {one["box"] for one in answer["items"][: len(GIVEN)]} == GIVEN

    async def test_nobody_counts_nothing(self, world: World) -> None:
        nobody = principal(world.head).model_copy(update={"positions": ()})
        assert set((await counts(world, nobody)).values()) == {0}


class TestSearch:
    async def test_P10_two_instructions_in_one_disposition_are_found_by_either(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.secretary, "pelajari", "sosialisasikan"))
        await world.disposed(world.head, to(world.secretary, "diketahui"))
        assert [one["code"] for one in given["recipients"][0]["instructions"]] == ["pelajari", "sosialisasikan"]
        for code in ("pelajari", "sosialisasikan"):
            assert await ids(world, world.secretary, instruction=code) == [given["id"]]
            assert await ids(world, world.head, "given", instruction=code) == [given["id"]]
        assert await ids(world, world.head, "given", instruction="hadiri") == []

    async def test_received_by_the_instructions_of_ones_own_part(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head, "hadiri"), to(world.secretary, "diketahui"))
        assert await ids(world, world.secretary, instruction="hadiri") == []
        assert await ids(world, world.division_head, instruction="hadiri") == [given["id"]]

    async def test_by_words_of_subject_sender_note_and_answers(self, world: World) -> None:
        village = world.a_letter(subject="Undangan musyawarah desa", sender=Party(kind="external", name="Desa Ped"))
        await world.tell(village)
        other = await world.disposed(world.head, to(world.division_head))
        note = {"note": "Periksa jembatan (dua) di hulu."}
        given = await world.disposed(world.head, to(world.division_head, **note), letter_id=village.letter_id)
        await world.act(world.division_head, given, "reply", {"text": "Sudah kami tinjau bersama Babinsa"})
        for words in ("MUSYAWARAH", "desa ped", "jembatan hulu", "babinsa", "undang"):
            assert await ids(world, world.head, "given", q=words) == [given["id"]], words
            assert await ids(world, world.division_head, q=words) == [given["id"]], words
        assert await ids(world, world.head, "given", q="alat berat") == [other["id"]]
        assert await ids(world, world.head, "given", q="jembatan alat") == []
        assert await ids(world, world.head, "given", q=".*") == [
            given["id"],
            other["id"],
        ]  # not a word: narrows nothing

    async def test_by_person_and_position(self, world: World) -> None:
        answering = principal(world.division_head, name="Ni Luh Sari")
        first = await world.disposed(world.head, to(world.division_head))
        second = await world.disposed(world.head, to(world.secretary))
        await world.act(answering, first, "reply", {"quick_reply": "siap"})
        named = {"person": "luh sari"}, {"person": answering.person_id}, {"person": "kepala bidang"}
        for query in (*named, {"person": world.division_head.position_id}):
            assert await ids(world, world.head, "given", **query) == [first["id"]], query
        assert await ids(world, world.head, "given", person="sekretaris") == [second["id"]]
        assert await ids(world, world.secretary, person="pemegang kepala dinas") == [second["id"]]
        assert await ids(world, world.head, "given", person="Bupati") == []

    async def test_by_the_holder_of_a_position_that_has_not_acted_yet(self, world: World) -> None:
        secretary = world.secretary
        holder = AssignmentChanged(
            assignment_id=new_id(),
            person_id=new_id(),
            person_name="I Gusti Agung Rai",
            position_title=secretary.title,
            capacity="definitive",
            starts_on=now().date() - timedelta(days=30),
            **secretary.model_dump(include={"position_id", "unit_id", "unit_name", "role"}),
        )
        await world.tell(holder)
        given = await world.disposed(world.head, to(secretary))
        await world.disposed(world.head, to(world.division_head))
        for person in ("agung rai", holder.person_id):
            assert await ids(world, world.head, "given", person=person) == [given["id"]]

    async def test_by_period(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        today = now().astimezone(world.service.app.state.context.timezone).date()
        assert await ids(world, world.head, "given", **{"from": today, "to": today}) == [given["id"]]
        assert await ids(world, world.head, "given", **{"from": "2026-01-01", "to": "2026-01-02"}) == []
        assert await ids(world, world.head, "given", **{"from": "2199-01-01"}) == []

    async def test_K6_search_finds_nothing_of_others(self, world: World) -> None:
        await world.disposed(world.head, to(world.division_head, note="Rahasia dapur"))
        assert await ids(world, world.stranger, q="dapur") == []
        assert await ids(world, world.officers[0], q="dapur") == []
        assert await ids(world, world.division_head, "given", q="dapur") == []

    async def test_what_is_kept_to_search_in_is_shown_to_nobody(self, world: World) -> None:
        given = await world.disposed(world.head, to(world.division_head))
        (item,) = await listed(world, world.head, "given")
        for shown in (given, item):
            assert not {"memory", "tabs", "codes", "people", "named", "said"} & set(shown)

    async def test_a_search_that_finds_little_answers_in_time_and_goes_on(self, world: World) -> None:
        stranger = held("officer", title="Staf")
        given = [await world.disposed(world.head, to(world.division_head, note=f"nomor {n}")) for n in range(7)]
        assert await ids(world, world.head, "given", q="nomor", limit=2) == [one["id"] for one in reversed(given)]
        assert await ids(world, stranger, "given", q="nomor") == []
