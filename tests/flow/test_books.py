"""The books of a unit, from what the whole system does: numbers given on the way in, receipts from where it went."""

import asyncio

import pytest

from deploy.demo.client import Client, Json
from deploy.demo.organisation import unit_id
from tests.flow.cast import Cast
from tests.flow.desk import act, arrived
from tests.house import House
from tests.waiting import until_equal

pytestmark = [pytest.mark.flow]
VILLAGE = "sekartaji"


async def sent_of(client: Client, letter: Json) -> list[Json]:
    """The rows of the village's buku ekspedisi about a letter."""
    page = await client.get(f"/v1/dispatches/{unit_id(VILLAGE)}", limit="200")
    return [one for one in page["items"] if one["letter_id"] == letter["id"]]


class TestBooks:
    async def test_the_ekspedisi_follows_the_letter_to_who_takes_it(self, house: House, cast: Cast) -> None:
        village, head = await cast("desa.sekartaji", "kadis.pu")
        letter = await house.send(village)
        branch = await arrived(head, letter["id"])
        for what in ("read", "receive"):
            await act(head, branch, what)

        async def state() -> list[str]:
            return [one["state"] for one in await sent_of(village, letter)]

        await until_equal(state, lambda states: states == ["received"])
        [row] = await sent_of(village, letter)
        assert row["id"] == branch["id"]
        assert row["to"] == "Dinas Pekerjaan Umum"
        assert row["receipt"]["title"].endswith("Kepala Dinas Pekerjaan Umum")

    async def test_numbers_the_house_gives_are_those_of_the_control_list(self, house: House, cast: Cast) -> None:
        village, head = await cast("desa.sekartaji", "kadis.pu")
        wanted = {
            "direction": "outgoing",
            "number_template": "external",
            "classification": "620",
            "letter_number": None,
        }
        letters = await asyncio.gather(*(house.send(village, **wanted) for _ in range(4)))
        numbers = [letter["letter_number"].split("/") for letter in letters]
        year = str(letters[0]["year"])
        assert {(code, sort, of) for code, _, sort, of in numbers} == {("B", "620", year)}
        running = sorted(int(one[1]) for one in numbers)
        assert running == list(range(running[0], running[0] + 4))
        await arrived(head, letters[0]["id"])
        shown = await village.get(f"/v1/letters/{letters[0]['id']}")
        assert shown["letter_number"] == letters[0]["letter_number"]

    async def test_the_agenda_shows_every_number(self, house: House, cast: Cast) -> None:
        (village,) = await cast("desa.sekartaji")
        letter = await house.send(village)
        number, year, book = letter["agenda_number"], letter["year"], letter["book"]
        path = f"/v1/books/{unit_id(VILLAGE)}/{year}/{book}"
        page = await village.get(f"{path}?cursor={number - 1}&limit=1")
        assert [(one["agenda_number"], one["letter_id"]) for one in page["items"]] == [(number, letter["id"])]
        assert (await village.download(f"{path}.pdf")).startswith(b"%PDF-")
        assert (await village.download(f"{path}.xlsx")).startswith(b"PK")
