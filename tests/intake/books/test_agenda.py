"""GET /v1/books: the buku agenda by number, with a row for every number, whoever reads it."""

from datetime import timedelta
from typing import Any

import pytest

from services.chassis.auth import Principal
from services.chassis.ids import new_id
from tests.intake.books.test_numbers import TODAY, YEAR
from tests.intake.storage.test_report import counted
from tests.intake.world import World
from tests.people import held, principal


def book(world: World, name: str = "masuk", suffix: str = "") -> str:
    """Where a book of the village is."""
    return f"/v1/books/{world.village.unit_id}/{YEAR}/{name}{suffix}"


async def pages(world: World, path: str, limit: int) -> list[list[dict[str, Any]]]:
    """All pages of a book."""
    found, cursor = [], "0"
    while cursor != "None":
        page = (await world.get(f"{path}{'&' if '?' in path else '?'}limit={limit}&cursor={cursor}")).body
        found.append(page["items"])
        cursor = str(page["next"])
    return found


def secretary(world: World) -> Principal:
    """Somebody of the village who reads no secret letters."""
    return principal(held("secretary", unit_id=world.village.unit_id))


class TestBooks:
    """Which books there are."""

    async def test_they_are_those_of_the_callers_units(self, world: World) -> None:
        await world.registered()
        await world.registered(letter=world.letter(book="undangan"))
        await world.registered(letter=world.letter(training=True))
        await world.registered(person=world.head)
        shown = (await world.get("/v1/books")).body["items"]
        assert [(one["book"], one["title"], one["last"], one["year"]) for one in shown] == [
            ("masuk", "Buku Agenda Surat Masuk", 1, YEAR),
            ("undangan", "Buku Agenda Undangan", 1, YEAR),
        ]
        practice = (await world.get("/v1/books?training=true")).body["items"]
        assert [one["book"] for one in practice if one["training"]] == ["latihan-masuk"]

    async def test_a_book_of_before_is_listed_once_it_was_counted(self, world: World) -> None:
        """Counters had but their key, and those of past years give no number any more."""
        await world.registered()
        counters = world.service.foundation.database["agenda_counters"]
        await counters.update_many({}, {"$unset": {"unit_id": "", "book": "", "year": ""}})
        assert await counted(world) == 1
        (shown,) = (await world.get("/v1/books")).body["items"]
        assert (shown["book"], shown["year"], shown["last"]) == ("masuk", YEAR, 1)

    async def test_who_handles_no_letters_keeps_no_books(self, world: World) -> None:
        await world.registered()
        for stranger in (
            principal(held("staff", unit_id=world.village.unit_id)),
            principal(held("auditor")),
            principal(world.neighbour),
        ):
            assert (await world.get("/v1/books", stranger)).body == {"items": []}
            for suffix in ("", ".xlsx", ".pdf"):
                refused = await world.get(book(world, suffix=suffix), stranger)
                assert (refused.status, refused.code) == (404, "not_found")

    async def test_a_book_that_was_never_begun_is_not_there(self, world: World) -> None:
        assert (await world.get(book(world))).status == 404


class TestRows:
    """The rows of a book."""

    async def test_they_are_by_number_and_join_without_gap(self, world: World) -> None:
        for _ in range(7):
            await world.registered()
        found = await pages(world, book(world), 3)
        assert [[one["agenda_number"] for one in page] for page in found] == [[1, 2, 3], [4, 5, 6], [7]]
        row = found[0][0]
        assert (row["subject"], row["sender"]) == ("Permohonan peminjaman alat berat", "Desa Sekartaji")
        assert (row["addressees"], row["received_on"]) == (["Dinas Pekerjaan Umum"], TODAY.isoformat())

    async def test_a_secret_letter_keeps_its_number_and_nothing_else(self, world: World) -> None:
        await world.registered()
        await world.registered(letter=world.letter(confidentiality="secret", subject="Mutasi pejabat"))
        await world.registered()
        shown = (await world.get(book(world), secretary(world))).body["items"]
        assert [(one["agenda_number"], one["withheld"]) for one in shown] == [(1, False), (2, True), (3, False)]
        told = {name: value for name, value in shown[1].items() if value}
        assert told == {"agenda_number": 2, "withheld": True}
        assert (await world.get(book(world))).body["items"][1]["subject"] == "Mutasi pejabat"

    async def test_a_void_letter_stays_with_its_reason(self, world: World) -> None:
        letter = await world.registered()
        await world.registered()
        done = await world.act("POST", f"/v1/letters/{letter['id']}/void", {"reason": "Tercatat dua kali"})
        assert done.status == 200, done.body
        first, second = (await world.get(book(world))).body["items"]
        assert (first["voided"]["reason"], first["voided"]["by"]) == ("Tercatat dua kali", "Ni Luh Sari")
        assert second["voided"] is None

    @pytest.mark.parametrize("query", ["limit=0", "cursor=-1", "cursor=x", "from=x", "from=2026-02-02&to=2026-02-01"])
    async def test_a_malformed_query_is_refused(self, world: World, query: str) -> None:
        await world.registered()
        assert (await world.get(f"{book(world)}?{query}")).status == 422


class TestDays:
    """Only what was received on some days."""

    async def test_those_days_alone_are_shown_wherever_they_stand(self, world: World) -> None:
        days = [TODAY - timedelta(days=ago) for ago in (5, 3, 4, 1, 3)]
        if days[0].year != YEAR:
            pytest.skip("the book of the year has no such days yet")
        for day in days:
            await world.registered(letter=world.letter(received_on=day.isoformat()))
        path = f"{book(world)}?from={TODAY - timedelta(days=4)}&to={TODAY - timedelta(days=3)}"
        assert [[one["agenda_number"] for one in page] for page in await pages(world, path, 2)] == [[2, 3], [5]]

    async def test_a_thick_book_is_looked_at_from_those_days_on(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        count = await thicken(world, (await world.registered())["id"], 2_600)
        looked: list[int] = []
        between = type(world.context.books.agenda).between

        async def counting(agenda: Any, opened: Any, after: int, upto: int) -> Any:
            looked.append(upto - after)
            return await between(agenda, opened, after, upto)

        monkeypatch.setattr(type(world.context.books.agenda), "between", counting)
        found = await pages(world, f"{book(world)}?from={TODAY}", 200)
        numbers = [one["agenda_number"] for page in found for one in page]
        assert numbers == list(range(numbers[0], count + 1))
        assert len(numbers) <= HOURS * PER_HOUR
        # After eight in the evening there are two pages: the second was looked at to learn that there is one.
        again = sum(len(page) for page in found[1:]) + 1
        assert sum(looked) <= len(numbers) + again + PER_HOUR
        everything = await pages(world, book(world), 200)
        assert [one["agenda_number"] for page in everything for one in page] == list(range(1, count + 1))


HOURS, PER_HOUR = 24, 10


async def thicken(world: World, letter_id: str, more: int) -> int:
    """Copies of a letter after it in its book, as if ten had come every hour until now; how many are there then."""
    database, zone = world.service.foundation.database, world.context.settings.zone
    letter: Any = await database["letters"].find_one({"_id": letter_id})
    access: Any = await database["letter_access"].find_one({"_id": letter_id})
    began = letter["registered_at"] - timedelta(hours=more / PER_HOUR)
    letters, readers = [], []
    for number in range(1, more + 2):
        entered = began + timedelta(hours=(number - 1) / PER_HOUR)
        dated = {"received_on": entered.astimezone(zone).date().isoformat(), "registered_at": entered}
        if number == 1:
            await database["letters"].update_one({"_id": letter_id}, {"$set": dated})
            continue
        made = {"_id": new_id(), "agenda_number": number, "tracking_code": f"T-{number}"}
        letters.append(letter | made | dated)
        readers.append(access | {"_id": made["_id"]})
    for start in range(0, more, 500):
        await database["letters"].insert_many(letters[start : start + 500])
        await database["letter_access"].insert_many(readers[start : start + 500])
    key = f"{world.village.unit_id}/{letter['year']}/{letter['book']}"
    await database["agenda_counters"].update_one({"_id": key}, {"$set": {"last": more + 1}})
    return more + 1
