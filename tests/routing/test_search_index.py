"""The search's index under repetition, interruption and several processes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from unittest.mock import AsyncMock

import pytest

from services.chassis.mongo import Database, Document, connect, ensure_indexes
from services.routing.domain.control import LEADERS_KEY
from services.routing.domain.search_postings import PART
from services.routing.settings import RoutingSettings
from services.routing.store import search_blocks, search_index
from services.routing.store.search import EARLIER, MongoSearch
from services.routing.store.search_blocks import Blocks
from services.routing.store.search_journal import NUMBERS, Journal
from services.routing.store.search_letters import SearchLetters
from tests.conftest import SettingsFor
from tests.routing.documents import PU, document, found


@pytest.fixture
async def database(settings_for: SettingsFor) -> AsyncIterator[Database]:
    """An empty database with the search's indexes."""
    given = settings_for(RoutingSettings, "routing")
    database = connect(given.mongo_url.get_secret_value(), given.mongo_database)
    await ensure_indexes(database, MongoSearch.INDEXES)
    yield database
    database.client.close()


@pytest.fixture
def engine(database: Database) -> MongoSearch:
    """An engine with nothing in it."""
    return MongoSearch(database)


def word(number: int) -> str:
    """A word like no other."""
    return "".join("abcdefghij"[int(digit)] * 3 for digit in f"{number:03d}")


async def count(database: Database, name: str) -> int:
    return await database[name].count_documents({})


async def blocks(database: Database) -> dict[str, bytes]:
    rows = await database[Blocks.COLLECTION].find({}).to_list(None)
    return {row["_id"]: row["postings"] for row in rows}


async def batches(database: Database) -> int:
    return await database[Journal.COLLECTION].count_documents({"_id": {"$gte": 1}})


class TestIndexingAgain:
    async def test_what_has_not_changed_is_not_written(self, engine: MongoSearch, database: Database) -> None:
        letter = document("Jalan rusak", "Isi surat")
        await engine.index([letter])
        await engine.index([letter, letter])
        assert (await batches(database), await count(database, SearchLetters.COLLECTION)) == (1, 1)
        assert await found(engine, "jalan") == [letter.letter_id]

    async def test_of_a_letter_given_twice_the_later_counts(self, engine: MongoSearch) -> None:
        letter = document("Jalan")
        await engine.index([letter, replace(letter, subject="Jembatan")])
        assert (await found(engine, "jalan "), await found(engine, "jembatan ")) == ([], [letter.letter_id])

    async def test_further_readers_find_it_and_its_words_are_not_written_again(
        self, engine: MongoSearch, database: Database
    ) -> None:
        letter = document("Jalan rusak")
        await engine.index([letter])
        await engine.index([replace(letter, readers=(PU, "besan/trusted", LEADERS_KEY))])
        assert await found(engine, "jalan", "besan/trusted") == [letter.letter_id]
        await engine.seal()
        keys = {key.rsplit("/", 1)[0] for key in await blocks(database)}
        assert keys == {"jalan", "rusak", "desa", "sekartaj", PU, "besan/trusted", "-regency/auditors"}

    async def test_a_text_that_comes_later_is_found(self, engine: MongoSearch) -> None:
        letter = document("Permohonan")
        await engine.index([letter])
        await engine.seal()
        await engine.index([replace(letter, text="Kami mohon bantuan ekskavator")])
        assert await found(engine, "ekskavator") == [letter.letter_id]
        await engine.seal()
        assert await found(engine, "ekskavator permohonan ") == [letter.letter_id]

    async def test_a_word_that_is_in_the_letter_no_more_does_not_find_it(self, engine: MongoSearch) -> None:
        letter = document("Permohonan", "Tentang ekskavator")
        await engine.index([letter])
        await engine.index([replace(letter, text="Tentang jembatan")])
        assert await found(engine, "ekskavator ") == []
        assert await found(engine, "permohonan jembatan ") == [letter.letter_id]

    async def test_removed_letters_are_found_no_more(self, engine: MongoSearch) -> None:
        gone, stays = document("Jalan"), document("Jalan")
        await engine.index([gone, stays])
        await engine.remove([gone.letter_id])
        assert await found(engine, "jalan") == [stays.letter_id]


class TestSeveralProcesses:
    async def test_what_one_indexes_the_other_finds_at_once(self, engine: MongoSearch, database: Database) -> None:
        other = MongoSearch(database)
        for number in range(20):
            letter = document(f"Jalan {word(number)}")
            await engine.index([letter])
            assert await found(other, f"{word(number)} ") == [letter.letter_id]
            if number % 7 == 6:
                await engine.seal()
        assert len(await found(other, "jalan ", limit=50)) == 20

    async def test_both_may_index_and_seal_at_the_same_time(self, engine: MongoSearch, database: Database) -> None:
        engines = [engine, MongoSearch(database), MongoSearch(database)]
        letters = [document(f"Jalan {word(number)}") for number in range(60)]

        async def work(one: MongoSearch, part: list[int]) -> None:
            for number in part:
                await one.index([letters[number]])
                if number % 8 == 0:
                    await one.seal()

        await asyncio.gather(*(work(one, list(range(place, 60, 3))) for place, one in enumerate(engines)))
        wanted = {one.letter_id for one in letters}
        for one in (*engines, MongoSearch(database)):
            assert set(await found(one, "jalan ", limit=100)) == wanted
            for number, letter in enumerate(letters):
                assert await found(one, f"{word(number)} ") == [letter.letter_id]

    async def test_the_same_letter_indexed_by_both_is_found_once(self, engine: MongoSearch, database: Database) -> None:
        other = MongoSearch(database)
        letters = [document("Jalan") for _ in range(10)]
        await asyncio.gather(engine.index(letters), other.index(letters))
        for one in (engine, other):
            assert sorted(await found(one, "jalan")) == sorted(letter.letter_id for letter in letters)

    async def test_a_reader_that_missed_a_sealing_catches_up(self, engine: MongoSearch, database: Database) -> None:
        first = document("Jalan")
        await engine.index([first])
        late = MongoSearch(database)
        assert await found(late, "jalan") == [first.letter_id]
        second, third = document("Jalan"), document("Jalan")
        await engine.index([second])
        await engine.seal()
        await engine.index([third])
        await engine.seal()
        assert await found(late, "jalan") == [third.letter_id, second.letter_id, first.letter_id]


class TestInterruption:
    async def test_cut_off_before_the_letter_is_kept_it_is_indexed_anew(
        self, engine: MongoSearch, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def killed(*_: object) -> None:
            raise ConnectionResetError

        letter = document("Jalan")
        with monkeypatch.context() as patched:
            patched.setattr(SearchLetters, "add", killed)
            with pytest.raises(ConnectionResetError):
                await engine.index([letter])
        restarted = MongoSearch(database)
        assert await found(restarted, "jalan") == []
        await restarted.index([letter])
        assert await found(restarted, "jalan") == [letter.letter_id]

    @pytest.mark.parametrize("after", [1, 2, 3])
    async def test_a_sealing_cut_off_anywhere_is_done_again(
        self, engine: MongoSearch, database: Database, monkeypatch: pytest.MonkeyPatch, after: int
    ) -> None:
        monkeypatch.setattr(search_index, "SEALED_AT_ONCE", 2)
        letters = [document("Jalan rusak"), document("Jembatan rusak")]
        await engine.index(letters)
        whole, done = Blocks.keep, 0

        async def breaks(self: Blocks, some: object) -> None:
            nonlocal done
            done += 1
            if done > after:
                raise ConnectionResetError
            await whole(self, some)  # type: ignore[arg-type]

        with monkeypatch.context() as patched:
            patched.setattr(Blocks, "keep", breaks)
            with pytest.raises(ConnectionResetError):
                await engine.seal()
        restarted = MongoSearch(database)
        for one in (engine, restarted):
            assert len(await found(one, "rusak")) == 2
        await restarted.index([document("Rusak")])
        await restarted.seal()
        for one in (engine, restarted, MongoSearch(database)):
            assert len(await found(one, "rusak")) == 3
        assert await batches(database) == 0

    async def test_sealed_before_the_journal_was_told_it_is_sealed_again(
        self, engine: MongoSearch, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def killed(*_: object) -> None:
            raise ConnectionResetError

        await engine.index([document("Jalan")])
        with monkeypatch.context() as patched:
            patched.setattr(Journal, "seal", killed)
            with pytest.raises(ConnectionResetError):
                await engine.seal()
        before = await blocks(database)
        restarted = MongoSearch(database)
        await restarted.seal()
        assert await blocks(database) == before
        assert len(await found(restarted, "jalan")) == 1


class TestSealing:
    async def test_many_letters_are_sealed_by_themselves_and_found_across_the_end_of_a_part(
        self, engine: MongoSearch, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search_index, "MOST_LETTERS", PART)
        await Journal(database).take_numbers(PART - 5)
        letters = [document("Jalan") for _ in range(12)]
        await engine.index(letters[:4])
        assert await blocks(database) == {}
        await engine.index(letters[4:])
        assert {key for key in await blocks(database) if key.startswith("jalan/")} == {"jalan/0", "jalan/1"}
        for one in (engine, MongoSearch(database)):
            assert await found(one, "jalan") == [letter.letter_id for letter in reversed(letters)]

    async def test_what_others_have_added_to_a_block_stays(
        self, engine: MongoSearch, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        letters = [document("Jalan") for _ in range(3)]
        await engine.index(letters[:1])
        await engine.seal()
        other = MongoSearch(database)
        read, between = Blocks._read, [letters[1:2]]

        async def overtaken(self: Blocks, some: Sequence[str]) -> list[Document]:
            rows = await read(self, some)
            if between and any(row["_id"] == "jalan/0" for row in rows):
                await other.index(between.pop())
                await other.seal()
            return rows

        await engine.index(letters[2:])
        with monkeypatch.context() as patched:
            patched.setattr(Blocks, "_read", overtaken)
            await engine.seal()
        assert between == []
        for one in (engine, other, MongoSearch(database)):
            assert set(await found(one, "jalan ")) == {letter.letter_id for letter in letters}

    async def test_a_long_journal_is_sealed(
        self, engine: MongoSearch, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search_index, "MOST_BATCHES", 5)
        for _ in range(12):
            await engine.index([document("Jalan")])
        assert await batches(database) < 6
        assert len(await found(engine, "jalan", limit=50)) == 12

    async def test_every_query_of_the_blocks_is_served_by_an_index(
        self, engine: MongoSearch, database: Database
    ) -> None:
        await engine.index([document("Jalan")])
        await engine.seal()
        asked = {
            Blocks.COLLECTION: {"_id": {"$in": ["jalan/0", "desa/0"]}},
            SearchLetters.COLLECTION: {"n": {"$in": [0]}},
        }
        for name, query in asked.items():
            plan = await database[name].find(query).explain()
            assert "IXSCAN" in str(plan["queryPlanner"]["winningPlan"]), name


class TestReadingAhead:
    @pytest.fixture
    async def sealed(self, engine: MongoSearch) -> list[str]:
        """The ids of letters in blocks."""
        letters = [document(f"Jalan {word(number)} rusak") for number in range(8)]
        await engine.index(letters)
        await engine.seal()
        return [letter.letter_id for letter in letters]

    @pytest.fixture
    def reads(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """The blocks that are read."""
        read: list[str] = []
        whole = Blocks._read

        async def noted(self: Blocks, some: Sequence[str]) -> list[Document]:
            read.extend(some)
            return await whole(self, some)

        monkeypatch.setattr(Blocks, "_read", noted)
        return read

    async def test_what_is_asked_then_need_not_be_read(
        self, database: Database, sealed: list[str], reads: list[str]
    ) -> None:
        started = MongoSearch(database)
        while await started.read_ahead():
            pass
        assert {"jalan/0", f"{PU}/0"} <= set(reads)
        reads.clear()
        assert sorted(await found(started, "jalan rusak ")) == sorted(sealed)
        assert reads == []

    async def test_done_once_it_begins_anew_when_there_are_new_blocks(
        self, database: Database, engine: MongoSearch, sealed: list[str], reads: list[str]
    ) -> None:
        started = MongoSearch(database)
        while await started.read_ahead():
            pass
        reads.clear()
        assert (await started.read_ahead(), reads) == (0, [])
        late = document("Jalan")
        await engine.index([late])
        await engine.seal()
        reads.clear()
        while await started.read_ahead():
            pass
        assert "jalan/0" in reads
        reads.clear()
        assert set(await found(started, "jalan ")) == {*sealed, late.letter_id}
        assert reads == []

    async def test_where_the_database_is_away_it_is_tried_again(
        self, database: Database, sealed: list[str], reads: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        started = MongoSearch(database)
        for away in ("keys_of", "_several"):
            with monkeypatch.context() as patched:
                patched.setattr(SearchLetters, away, AsyncMock(side_effect=ConnectionResetError))
                with pytest.raises(ConnectionResetError):
                    await started.read_ahead()
        with monkeypatch.context() as patched:
            patched.setattr(Blocks, "_read", AsyncMock(side_effect=ConnectionResetError))
            with pytest.raises(ConnectionResetError):
                await started.read_ahead()
        while await started.read_ahead():
            pass
        reads.clear()
        assert sorted(await found(started, "jalan rusak ")) == sorted(sealed)
        assert reads == []

    async def test_what_was_asked_for_is_remembered_rather_than_what_was_read_ahead(
        self, database: Database, sealed: list[str], reads: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        started = MongoSearch(database)
        await found(started, "jalan ")
        monkeypatch.setattr(search_blocks, "REMEMBERED", 3 * search_blocks.AN_ENTRY + 30)
        while await started.read_ahead():
            pass
        reads.clear()
        await found(started, "jalan ")
        assert reads == []

    async def test_it_leaves_room_for_what_is_asked(
        self, database: Database, sealed: list[str], reads: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search_blocks, "READ_AHEAD", 1)
        started = MongoSearch(database)
        assert await started.read_ahead() > 0
        assert await started.read_ahead() == 0
        assert len(reads) < 20
        assert sorted(await found(started, "jalan ")) == sorted(sealed)


class TestForgetting:
    async def test_cleared_it_finds_nothing_and_can_be_filled_again(
        self, engine: MongoSearch, database: Database
    ) -> None:
        other = MongoSearch(database)
        letters = [document("Jalan") for _ in range(5)]
        await engine.index(letters)
        await engine.seal()
        await engine.index([document("Jalan")])
        assert len(await found(other, "jalan")) == 6
        await engine.clear()
        assert (await found(engine, "jalan"), await found(other, "jalan")) == ([], [])
        assert await blocks(database) == {}
        await other.index(letters)
        await other.seal()
        for one in (engine, other, MongoSearch(database)):
            assert await found(one, "jalan") == [letter.letter_id for letter in reversed(letters)]


class TestDatabasePutBack:
    async def test_a_process_that_knows_more_than_there_is_begins_anew(
        self, engine: MongoSearch, database: Database
    ) -> None:
        before = document("Jalan")
        await engine.index([before])
        await engine.seal()
        for name in (Journal.COLLECTION, Blocks.COLLECTION, SearchLetters.COLLECTION):
            await database[name].drop()
        assert await found(engine, "jalan") == []
        letter = document("Jalan")
        await engine.index([letter])
        assert await found(engine, "jalan") == [letter.letter_id]


class TestEarlierForm:
    async def test_what_lies_there_in_an_earlier_form_is_let_go_when_asked(
        self, engine: MongoSearch, database: Database
    ) -> None:
        for name in EARLIER:
            await database[name].insert_one({"_id": NUMBERS})
        letter = document("Jalan")
        await engine.index([letter])
        assert await engine.outgrown()
        await engine.drop_outgrown()
        assert not await engine.outgrown()
        assert not await MongoSearch(database).outgrown()
        assert [await count(database, name) for name in EARLIER] == [0, 0, 0]
        assert await found(engine, "jalan") == [letter.letter_id]
