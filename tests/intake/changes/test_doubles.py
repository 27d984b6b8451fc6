"""What was registered before: warned of at a registration and a correction, and asked for before either."""

import hashlib
from typing import Any
from urllib.parse import urlencode

from tests.intake import scans
from tests.intake.world import SMALL_PDF, World
from tests.people import held, principal

PAPER = {"letter_number": "005/117/SKT", "letter_date": "2026-11-12"}
OUTSIDE = {"sender": {"kind": "external", "name": "PT Baja Utama"}}
SHA256 = hashlib.sha256(SMALL_PDF).hexdigest()


def fresh() -> list[tuple[str, bytes]]:
    """A scan nobody has seen."""
    return [("lain.pdf", scans.pdf(1, pixels=(120, 160)))]


def codes(body: dict[str, Any]) -> list[tuple[str, str]]:
    """What is warned of, and the letter that is named."""
    return [(one["code"], one["letter_id"]) for one in body["warnings"]]


async def asked(world: World, person: Any = None, **paper: Any) -> list[tuple[str, str]]:
    """What the question answers."""
    answer = await world.get(f"/v1/letters/duplicates?{urlencode(paper, doseq=True)}", person)
    assert answer.status == 200, answer.body
    return codes({"warnings": answer.body["items"]})


async def void(world: World, letter_id: str) -> None:
    """Void a letter."""
    answer = await world.act("POST", f"/v1/letters/{letter_id}/void", {"reason": "Tercatat ganda"})
    assert answer.status == 200


class TestSameScan:
    """The very bytes of a scan."""

    async def test_is_warned_of_with_its_name_and_the_letter_that_has_it(self, world: World) -> None:
        first = await world.registered()
        again = await world.registered(files=[*fresh(), ("pindai ulang.pdf", SMALL_PDF)])
        (warning,) = again["warnings"]
        assert (warning["code"], warning["letter_id"]) == ("duplicate_file", first["id"])
        assert "“pindai ulang.pdf”" in warning["detail"]
        assert f"nomor agenda {first['agenda_number']}/{first['year']}" in warning["detail"]

    async def test_however_often_it_came_the_first_is_named(self, world: World) -> None:
        first = await world.registered()
        for _ in range(3):
            assert codes(await world.registered()) == [("duplicate_file", first["id"])]
        marked = [row for row in await world.rows("letters") if "likeness" in row]
        assert [row["_id"] for row in marked] == [first["id"]], "so that looking it up reads one letter"

    async def test_another_units_books_are_not_told_of(self, world: World) -> None:
        await world.registered()
        assert (await world.registered(person=world.head))["warnings"] == []

    async def test_paper_and_scan_are_both_told(self, world: World) -> None:
        first = await world.registered(letter=world.letter(**PAPER))
        again = await world.registered(letter=world.letter(**PAPER))
        assert codes(again) == [("duplicate", first["id"]), ("duplicate_file", first["id"])]


class TestVoidOnes:
    """A registration that is void is like no other."""

    async def test_does_not_count(self, world: World) -> None:
        made = await world.registered(letter=world.letter(**PAPER))
        await void(world, made["id"])
        assert (await world.registered(letter=world.letter(**PAPER)))["warnings"] == []

    async def test_hands_its_place_to_the_next_that_is_like_it(self, world: World) -> None:
        letter = world.letter(**PAPER)
        first, second, third = [await world.registered(letter=letter) for _ in range(3)]
        await void(world, first["id"])
        both = [("duplicate", second["id"]), ("duplicate_file", second["id"])]
        assert codes(await world.registered(letter=letter)) == both
        await void(world, third["id"])
        assert codes(await world.registered(letter=letter)) == both

    async def test_one_among_several_leaves_the_first_where_it_is(self, world: World) -> None:
        first, second = await world.registered(), await world.registered()
        await void(world, second["id"])
        assert codes(await world.registered()) == [("duplicate_file", first["id"])]


class TestCorrectedOnes:
    """A letter whose number, date or sender was corrected."""

    async def test_is_known_by_what_it_says_now(self, world: World) -> None:
        made = await world.registered(letter=world.letter(**PAPER), files=fresh())
        right = PAPER | {"letter_number": "005/118/SKT"}
        body = {"reason": "Salah baca", "letter_number": "005/118/SKT"}
        assert (await world.act("PATCH", f"/v1/letters/{made['id']}", body)).body["warnings"] == []
        assert (await world.registered(letter=world.letter(**PAPER), files=fresh()))["warnings"] == []
        assert codes(await world.registered(letter=world.letter(**right), files=fresh())) == [("duplicate", made["id"])]

    async def test_that_turns_out_a_double_is_said_so(self, world: World) -> None:
        first = await world.registered(letter=world.letter(**PAPER), files=fresh())
        made = await world.registered(letter=world.letter(letter_number="x"), files=fresh())
        answer = await world.act("PATCH", f"/v1/letters/{made['id']}", {"reason": "Salah baca", **PAPER})
        assert codes(answer.body) == [("duplicate", first["id"])]
        await void(world, first["id"])
        again = await world.registered(letter=world.letter(**PAPER), files=fresh())
        assert codes(again) == [("duplicate", made["id"])]


class TestAsked:
    """GET /v1/letters/duplicates, before registering."""

    async def test_by_sender_number_and_date(self, world: World) -> None:
        made = await world.registered(letter=world.letter(**PAPER | OUTSIDE))
        sender = {"sender_kind": "external", "sender_name": " pt baja  utama"}
        assert await asked(world, **PAPER, **sender) == [("duplicate", made["id"])]
        assert await asked(world, **PAPER) == []
        assert await asked(world, **PAPER | {"letter_date": "2026-11-11"}, **sender) == []

    async def test_without_a_sender_it_is_ones_own_unit(self, world: World) -> None:
        made = await world.registered(letter=world.letter(**PAPER))
        assert await asked(world, **PAPER) == [("duplicate", made["id"])]
        named = {"sender_kind": "unit", "sender_id": world.village.unit_id}
        assert await asked(world, **PAPER, **named) == [("duplicate", made["id"])]

    async def test_by_the_hash_of_each_scan(self, world: World) -> None:
        made = await world.registered()
        assert await asked(world, sha256=["0" * 64, SHA256]) == [("duplicate_file", made["id"])]

    async def test_says_nothing_of_other_units(self, world: World) -> None:
        await world.registered(letter=world.letter(**PAPER | OUTSIDE))
        sender = {"sender_kind": "external", "sender_name": "PT Baja Utama"}
        assert await asked(world, principal(world.neighbour), **PAPER, **sender, sha256=[SHA256]) == []

    async def test_looks_in_the_books_of_the_position_that_is_named(self, world: World) -> None:
        made = await world.registered()
        person = principal(world.neighbour, world.village)
        assert await asked(world, person, sha256=[SHA256]) == []
        as_position = world.village.position_id
        assert await asked(world, person, sha256=[SHA256], as_position=as_position) == [("duplicate_file", made["id"])]

    async def test_needs_the_right_to_register(self, world: World) -> None:
        async with world.http.get("/v1/letters/duplicates", headers=world.headers(scope="letters:read")) as response:
            assert response.status == 403

    async def test_position_not_held_and_senseless_questions_are_refused(self, world: World) -> None:
        stranger = held("head")
        answer = await world.get(f"/v1/letters/duplicates?as_position={stranger.position_id}")
        assert (answer.status, answer.code) == (403, "forbidden")
        for question in ("sha256=xyz", "letter_date=kemarin", "sender_kind=apa", "tidak_dikenal=1"):
            answer = await world.get(f"/v1/letters/duplicates?{question}")
            assert (answer.status, answer.code) == (422, "validation_failed"), question
