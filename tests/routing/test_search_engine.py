"""The search engine on the database: what is found, in journal and blocks alike."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest

from services.chassis.mongo import Database, connect, ensure_indexes
from services.routing.domain.control import AUDITORS_KEY, LEADERS_KEY
from services.routing.domain.search_document import Narrowing
from services.routing.domain.search_engine import UnknownCursor
from services.routing.domain.search_words import searched
from services.routing.settings import RoutingSettings
from services.routing.store import search_reader
from services.routing.store.search import MongoSearch
from tests.conftest import SettingsFor
from tests.load.letter_corpus import Regency
from tests.routing.documents import PU, TODAY, all_pages, asking, document, found, shown


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


@pytest.fixture(params=["in the journal", "in blocks", "in blocks, another process"])
def settled(
    request: pytest.FixtureRequest, database: Database, engine: MongoSearch
) -> Callable[[], Awaitable[MongoSearch]]:
    """Bring what was indexed to where it is read from; the engine to ask."""

    async def settle() -> MongoSearch:
        if "blocks" in request.param:
            await engine.seal()
        return MongoSearch(database) if "another" in request.param else engine

    return settle


Settled = Callable[[], Awaitable[MongoSearch]]


class TestFinding:
    async def test_inflected_forms_find_each_other(self, engine: MongoSearch, settled: Settled) -> None:
        request = document("Permohonan peminjaman alat berat")
        await engine.index([request, document("Undangan rapat koordinasi")])
        asked = await settled()
        for text in ("memohon", "dipinjamkan", "peralatan berat", "pinjam alat "):
            assert await found(asked, text) == [request.letter_id], text

    async def test_the_text_of_scans_is_found_and_shown(self, engine: MongoSearch, settled: Settled) -> None:
        letter = document("Laporan", "Tertutupnya jalan desa oleh longsor.\n\nKami mohon bantuan ekskavator.")
        await engine.index([letter])
        [hit] = (await (await settled()).search(asking("ekskavator longsor"))).hits
        assert [shown(one) for one in hit.excerpts] == [
            "Laporan",
            "Tertutupnya jalan desa oleh [longsor]. Kami mohon bantuan [ekskavator].",
        ]
        assert [(match.typed, match.fields) for match in hit.matches] == [
            ("ekskavator", ("text",)),
            ("longsor", ("text",)),
        ]

    async def test_numbers_and_codes_are_found_whole_and_by_their_parts(
        self, engine: MongoSearch, settled: Settled
    ) -> None:
        letter = document("Permohonan", numbers="005/12/SKT/XI/2026\nSKT-7K2M")
        other = document("Permohonan", numbers="005/13/SKT/XI/2026\nSKT-9XYZ")
        await engine.index([letter, other])
        asked = await settled()
        for text in ("005/12/SKT/XI/2026", "12/SKT", "skt-7k2m", "SKT7K2M", "7k2m", "5/12 "):
            assert await found(asked, text) == [letter.letter_id], text
        assert len(await found(asked, "SKT/XI/2026")) == 2

    async def test_slips_in_letters_and_in_questions_are_forgiven(self, engine: MongoSearch, settled: Settled) -> None:
        known = [document("Permohonan bantuan bibit") for _ in range(10)]
        await engine.index(known)
        misread = document("Laporan", "Bersama ini kami ajukan perrnohonan air bersih")
        await engine.index([misread])
        asked = await settled()
        assert misread.letter_id in await found(asked, "permohonan air")
        [hit] = (await asked.search(asking("permohonan air"))).hits
        assert shown(hit.excerpts[1]) == "Bersama ini kami ajukan [perrnohonan] [air] bersih"
        page = await asked.search(asking("bantuan bibbit "))
        assert {hit.letter_id for hit in page.hits} == {one.letter_id for one in known}
        assert page.hits[0].matches[1].instead == "bibit"

    async def test_beginnings_of_words(self, engine: MongoSearch, settled: Settled) -> None:
        letter = document("Permohonan ekskavator")
        await engine.index([letter, document("Undangan rapat")])
        asked = await settled()
        assert await found(asked, "eksk") == [letter.letter_id]
        assert await found(asked, "eksk* permohonan ") == [letter.letter_id]
        assert await found(asked, "eksk ") == []

    async def test_words_in_quotation_marks_stand_together(self, engine: MongoSearch, settled: Settled) -> None:
        together = document("Peminjaman alat berat")
        apart = document("Alat pembersih yang berat")
        await engine.index([together, apart])
        asked = await settled()
        assert set(await found(asked, "alat berat ")) == {together.letter_id, apart.letter_id}
        assert await found(asked, '"alat berat"') == [together.letter_id]

    async def test_where_no_letter_has_all_words_it_says_so(self, engine: MongoSearch, settled: Settled) -> None:
        letter = document("Perbaikan jalan desa")
        await engine.index([letter])
        asked = await settled()
        page = await asked.search(asking("perbaikan jalan kabupaten "))
        assert ([hit.letter_id for hit in page.hits], page.relaxed) == ([letter.letter_id], True)
        assert not (await asked.search(asking("perbaikan jalan "))).relaxed
        assert (await asked.search(asking("rapat "))).hits == ()

    async def test_the_subject_comes_before_the_text(self, engine: MongoSearch, settled: Settled) -> None:
        about = document("Perbaikan embung")
        by_the_way = document("Undangan rapat", "Acara: pembahasan embung")
        await engine.index([about, by_the_way])
        assert await found(await settled(), "embung ") == [about.letter_id, by_the_way.letter_id]

    async def test_narrowed_down(self, engine: MongoSearch, settled: Settled) -> None:
        march = document(
            "Jalan", received_on=TODAY.replace(month=3, day=2), marks=("kind=nota dinas", "month=2026-03", "year=2026")
        )
        may = document(
            "Jalan", received_on=TODAY.replace(month=5, day=9), marks=("kind=laporan", "month=2026-05", "year=2026")
        )
        await engine.index([march, may])
        asked = await settled()

        async def narrowed(**by: object) -> list[str]:
            return await found(asked, "jalan ", narrowing=Narrowing(**by))  # type: ignore[arg-type]

        assert await narrowed(kind="Nota Dinas") == [march.letter_id]
        assert await narrowed(kind="Laporan", received_from=TODAY.replace(month=4, day=1)) == [may.letter_id]
        assert await narrowed(received_to=march.received_on) == [march.letter_id]
        assert await narrowed(received_from=march.received_on, received_to=march.received_on) == [march.letter_id]
        assert await narrowed(received_from=may.received_on.replace(day=10)) == []
        assert (
            await narrowed(received_from=march.received_on.replace(day=3), received_to=may.received_on.replace(day=8))
            == []
        )


class TestReading:
    async def test_only_what_the_caller_may_read(self, engine: MongoSearch, settled: Settled) -> None:
        mine, theirs = document("Jalan"), document("Jalan", readers=("besan/trusted", LEADERS_KEY))
        await engine.index([mine, theirs])
        asked = await settled()
        assert await found(asked, "jalan", PU) == [mine.letter_id]
        assert await found(asked, "jalan", "besan/trusted") == [theirs.letter_id]
        assert await found(asked, "jalan", "entah/trusted") == []
        assert await asked.search(asking("jalan", "entah/trusted")) == await asked.search(
            asking("jalan", "lain/trusted")
        )

    async def test_who_reads_across_reads_all_but_what_is_kept_from_them(
        self, engine: MongoSearch, settled: Settled
    ) -> None:
        ordinary = document("Jalan", readers=(PU, LEADERS_KEY, AUDITORS_KEY))
        secret = document("Jalan", readers=(PU, LEADERS_KEY))
        top_secret = document("Jalan", readers=(PU,))
        await engine.index([ordinary, secret, top_secret])
        asked = await settled()
        assert set(await found(asked, "jalan", LEADERS_KEY)) == {ordinary.letter_id, secret.letter_id}
        assert await found(asked, "jalan", AUDITORS_KEY) == [ordinary.letter_id]
        assert len(await found(asked, "jalan", LEADERS_KEY, PU)) == 3

    async def test_nobody_without_a_key_finds_anything(self, engine: MongoSearch) -> None:
        await engine.index([document("Jalan")])
        assert (await engine.search(replace(asking("jalan"), keys=()))).hits == ()

    async def test_whoever_asks_finds_theirs_by_every_word_of_its_subject_and_nothing_else(
        self, engine: MongoSearch, settled: Settled
    ) -> None:
        chance = random.Random(3)
        offices = [f"{name}/trusted" for name in ("pu", "dinkes", "besan", "sampalan", "setda")]
        letters = [
            document(sent.subject, sent.text or "", readers=tuple(chance.sample(offices, chance.randint(1, 2))))
            for sent in Regency(5).letters(120)
        ]
        await engine.index(letters)
        asked = await settled()
        by_id = {one.letter_id: one for one in letters}
        for letter in chance.sample(letters, 25):
            for word in searched(letter.subject):
                for office in offices:
                    seen = await all_pages(asked, f"{word.form} ", office, limit=50)
                    assert all(office in by_id[one].readers for one in seen)
                    assert (letter.letter_id in seen) == (office in letter.readers), (word, letter.subject)


class TestPages:
    async def test_every_letter_once_the_best_first(self, engine: MongoSearch, settled: Settled) -> None:
        letters = [document("Jalan" if n % 3 else "Laporan", "jalan rusak") for n in range(25)]
        await engine.index(letters)
        asked = await settled()
        seen = await all_pages(asked, "jalan", limit=4)
        assert len(seen) == 25
        assert set(seen) == {one.letter_id for one in letters}
        assert seen == await found(asked, "jalan", limit=50)

    async def test_from_pool_to_older_pool(
        self, engine: MongoSearch, settled: Settled, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search_reader, "POOL", 7)
        letters = [document("Jalan") for _ in range(30)]
        await engine.index(letters)
        seen = await all_pages(await settled(), "jalan", limit=4)
        assert seen == [one.letter_id for one in reversed(letters)]

    async def test_letters_that_come_meanwhile_are_not_in_the_way(self, engine: MongoSearch, settled: Settled) -> None:
        letters = [document("Jalan") for _ in range(10)]
        await engine.index(letters)
        asked = await settled()
        first = await asked.search(asking("jalan", limit=6))
        await engine.index([document("Jalan") for _ in range(10)])
        second = await asked.search(asking("jalan", limit=6, cursor=first.next))
        seen = [hit.letter_id for page in (first, second) for hit in page.hits]
        assert seen == [one.letter_id for one in reversed(letters)]
        assert second.next is None

    async def test_a_cursor_of_another_question_or_of_nobody_is_refused(self, engine: MongoSearch) -> None:
        await engine.index([document("Jalan rusak") for _ in range(3)])
        first = await engine.search(asking("jalan", limit=1))
        assert first.next is not None
        for text, cursor in (("jalan rusak", first.next), ("jalan", first.next[:-4]), ("jalan", "x"), ("jalan", "é")):
            with pytest.raises(UnknownCursor):
                await engine.search(asking(text, limit=1, cursor=cursor))

    async def test_a_cursor_says_nothing_to_whoever_holds_it(self, engine: MongoSearch) -> None:
        await engine.index([document("Jalan") for _ in range(3)])
        first = await engine.search(asking("jalan", limit=1))
        second = await engine.search(asking("jalan", limit=1))
        assert first.hits == second.hits
        assert first.next != second.next, "sealed anew each time"

    async def test_processes_that_hand_out_their_first_cursors_at_once_agree_on_the_key(
        self, engine: MongoSearch, database: Database
    ) -> None:
        await engine.index([document("Jalan") for _ in range(4)])
        several = [MongoSearch(database) for _ in range(12)]
        pages = await asyncio.gather(*(one.search(asking("jalan", limit=1)) for one in several))
        for page in pages:
            assert len(await found(engine, "jalan", cursor=page.next)) == 3

    async def test_a_cursor_is_understood_by_another_process(self, engine: MongoSearch, database: Database) -> None:
        letters = [document("Jalan") for _ in range(3)]
        await engine.index(letters)
        first = await engine.search(asking("jalan", limit=2))
        rest = await MongoSearch(database).search(asking("jalan", limit=2, cursor=first.next))
        assert [hit.letter_id for hit in rest.hits] == [letters[0].letter_id]
