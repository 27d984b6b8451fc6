"""Searching letters through the API: what is found, by whom, and how soon after it came."""

import asyncio
from typing import Any
from unittest.mock import AsyncMock

import pytest

from services.chassis.auth import Principal
from services.chassis.bus.outcome import Done
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.service import Service
from services.contracts.intake import LetterRegistered, ScanProcessed
from services.routing.commands.index_letters import index_letters, rebuild_search
from services.routing.context import Context
from services.routing.store.letters import SEARCH_DUE, Letters
from services.routing.store.search import EARLIER
from services.routing.store.search_journal import NUMBERS
from services.routing.store.searched_letters import SearchedLetters
from tests.events import deliver
from tests.people import held, principal
from tests.routing import letters
from tests.routing.conftest import Call, Delivered
from tests.routing.letters import recipient, to_position, to_unit
from tests.routing.regency import Regency

LEADER = principal(held("leader", title="Bupati", unit_name="Bupati"), name="Bupati")
AUDITOR = principal(held("auditor", title="Auditor", unit_name="Inspektorat"), name="Auditor")


async def indexed(context: Context) -> None:
    """Index all that is due."""
    while await index_letters(context.searching):
        pass


def scanned(letter: LetterRegistered, text: str, **fields: Any) -> ScanProcessed:
    """What the letter's scan says."""
    given: dict[str, Any] = {
        "letter_id": letter.letter_id,
        "file_id": letter.files[0].file_id,
        "sha256": letter.files[0].sha256,
        "text": text,
        "source": "recognised",
        "at": now(),
    }
    return ScanProcessed(**{**given, **fields})


async def ids(call: Call, person: Principal, q: str, **params: str) -> list[str]:
    status, page, _ = await call(person, "GET", "/v1/search", params={"q": q, **params})
    assert status == 200, page
    return [item["letter"]["id"] for item in page["items"]]


class TestSearch:
    async def test_a_hit_shows_the_letter_why_and_where(
        self, routing: Service, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered(summary="Longsor menutup jalan ke puskesmas.")
        await deliver(routing, scanned(letter, "Kami mohon bantuan satu unit ekskavator beserta operatornya."))
        await indexed(context)
        _, page, _ = await call(regency.holder("head"), "GET", "/v1/search", params={"q": "meminjam ekskavator"})
        [item] = page["items"]
        assert item["letter"]["subject"] == "Permohonan peminjaman alat berat"
        assert item["why"] == "“meminjam” ada pada perihal; “ekskavator” ada pada isi surat."
        assert item["matches"][0] == {"word": "meminjam", "fields": ["subject"], "instead": None}
        assert item["excerpts"][0] == {
            "field": "subject",
            "pieces": [
                {"text": "Permohonan ", "match": False},
                {"text": "peminjaman", "match": True},
                {"text": " alat berat", "match": False},
            ],
        }
        assert item["excerpts"][1]["field"] == "text"
        assert (page["next"], page["relaxed"], page["corrected"]) == (None, False, [])

    async def test_everything_that_is_known_of_a_letter_finds_it(
        self, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered(
            copies=(to_unit(regency, "nusa_penida"),), classification="600.1.2", summary="Longsor di Sedehing"
        )
        await delivered(
            subject="Undangan rapat",
            kind="Surat Undangan",
            letter_number="006/1/SKT/2026",
            tracking_code="SKT-XXXX",
            agenda_number=8,
        )
        await indexed(context)
        head = regency.holder("head")
        for q in ("SKT-7K2M", "skt7k2m", "005/12/SKT/2026", "600.1.2", "sedehing", "nusa penida", "alat berat"):
            assert await ids(call, head, q) == [letter.letter_id], q
        assert len(await ids(call, head, "desa sekartaji")) == 2

    async def test_corrections_are_told_with_the_hits_they_lead_to(
        self, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        await indexed(context)
        _, page, _ = await call(regency.holder("head"), "GET", "/v1/search", params={"q": "alat berrat "})
        assert [item["letter"]["id"] for item in page["items"]] == [letter.letter_id]
        assert page["corrected"] == [{"word": "berrat", "instead": "berat"}]
        assert page["items"][0]["why"].endswith("“berrat” dibaca “berat”, ada pada perihal.")

    async def test_narrowed_down(self, regency: Regency, context: Context, delivered: Delivered, call: Call) -> None:
        march = await delivered(confidentiality="restricted")
        may = await delivered(
            kind="Nota Dinas", urgency="normal", received_on="2026-05-09", sender=to_unit(regency, "batukandik")
        )
        await indexed(context)
        head = regency.holder("head")
        first, second, both = [march.letter_id], [may.letter_id], {march.letter_id, may.letter_id}
        assert set(await ids(call, head, "alat berat")) == both
        assert await ids(call, head, "alat berat", kind="nota dinas") == second
        assert await ids(call, head, "alat berat", urgency="urgent") == first
        assert await ids(call, head, "alat berat", confidentiality="restricted") == first
        assert await ids(call, head, "alat berat", sender_unit=regency.units["batukandik"].id) == second
        assert await ids(call, head, "alat berat", **{"from": "2026-03-04"}) == second
        assert await ids(call, head, "alat berat", to="2026-03-03") == first
        assert set(await ids(call, head, "alat berat", **{"from": "2026-03-03", "to": "2026-05-09"})) == both

    async def test_pages_follow_each_other(
        self, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        sent = [(await delivered()).letter_id for _ in range(7)]
        await indexed(context)
        seen: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            _, page, _ = await call(
                regency.holder("head"), "GET", "/v1/search", params={"q": "alat berat", "limit": "3", **cursor}
            )
            seen += [item["letter"]["id"] for item in page["items"]]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert seen == list(reversed(sent))

    @pytest.mark.parametrize(
        ("params", "code"),
        [
            ({}, "search_empty"),
            ({"q": " "}, "search_empty"),
            ({"q": "yang di"}, "search_too_common"),
            ({"q": "kata " * 50}, "search_too_long"),
            ({"q": " ".join(f"kata{n}" for n in range(13))}, "search_too_long"),
            ({"q": "jalan", "cursor": "x"}, "cursor_unknown"),
        ],
    )
    async def test_what_cannot_be_searched_for_is_refused_in_words(
        self, regency: Regency, call: Call, params: dict[str, str], code: str
    ) -> None:
        status, problem, _ = await call(regency.holder("head"), "GET", "/v1/search", params=params)
        assert (status, problem["code"]) == (422, code)
        assert problem["detail"].endswith(".")

    async def test_whoever_is_not_signed_in_is_not_answered(self, http: Any) -> None:
        async with http.get("/v1/search", params={"q": "jalan"}) as response:
            assert response.status == 401


class TestAccess:
    async def test_K6_a_village_finds_nothing_of_another_and_learns_no_word_of_it(
        self, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered(subject="Permohonan ekskavator")
        await indexed(context)
        assert await ids(call, regency.holder("operator"), "ekskavator") == [letter.letter_id]
        for q in ("ekskavator", "ekska", "ekskavatr ", "SKT-7K2M", '"permohonan ekskavator"'):
            _, page, _ = await call(regency.holder("neighbour"), "GET", "/v1/search", params={"q": q})
            assert page == {"items": [], "next": None, "relaxed": False, "corrected": []}, q

    async def test_a_secret_letter_is_found_by_the_trusted_alone(
        self, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered(confidentiality="secret")
        await indexed(context)
        assert await ids(call, regency.holder("secretary"), "alat berat") == []
        assert await ids(call, regency.holder("registrar"), "alat berat") == [letter.letter_id]
        assert await ids(call, regency.holder("roads"), "alat berat") == []

    async def test_leaders_find_all_but_the_top_secret_and_auditors_what_is_not_secret(
        self, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        sent = {
            level: (await delivered(confidentiality=level)).letter_id
            for level in ("ordinary", "restricted", "secret", "top_secret")
        }
        await indexed(context)
        assert set(await ids(call, LEADER, "alat berat")) == set(sent.values()) - {sent["top_secret"]}
        assert set(await ids(call, AUDITOR, "alat berat")) == {sent["ordinary"], sent["restricted"]}

    async def test_a_letter_to_a_position_is_found_by_its_holder(
        self, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered((to_position(regency, "roads"),))
        await indexed(context)
        assert await ids(call, regency.holder("roads"), "alat berat") == [letter.letter_id]
        assert await ids(call, regency.holder("heavy"), "alat berat") == []

    async def test_whom_a_disposition_reaches_finds_the_letter_from_then_on(
        self, routing: Service, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        await indexed(context)
        assert await ids(call, regency.holder("heavy"), "alat berat") == []
        await deliver(routing, letters.issued(letter, regency.holder("head"), recipient(regency.held("heavy"))))
        await indexed(context)
        assert await ids(call, regency.holder("heavy"), "alat berat") == [letter.letter_id]

    async def test_who_may_read_is_looked_up_in_the_letter_not_in_the_index(
        self, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        await delivered()
        await indexed(context)
        head = regency.holder("head")
        assert len(await ids(call, head, "alat berat")) == 1
        rows = context.letters._rows
        await rows.update_many({}, {"$set": {"access.units": [], "access.positions": []}})
        _, page, _ = await call(head, "GET", "/v1/search", params={"q": "alat berrat "})
        assert page == {"items": [], "next": None, "relaxed": False, "corrected": []}


class TestIndexing:
    async def test_a_text_that_is_known_before_the_letter_is_indexed_with_it(
        self, routing: Service, regency: Regency, context: Context, call: Call
    ) -> None:
        letter = letters.registered(regency)
        await deliver(routing, scanned(letter, "Tentang ekskavator"))
        assert await index_letters(context.searching) == 0
        await deliver(routing, letter)
        await indexed(context)
        assert await ids(call, regency.holder("head"), "ekskavator") == [letter.letter_id]

    async def test_of_two_readings_of_a_file_the_newer_counts_in_whatever_order_they_come(
        self, routing: Service, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        older = scanned(letter, "Tentang jembatan")
        newer = scanned(letter, "Tentang ekskavator", at=older.at.replace(year=older.at.year + 1))
        for event in (newer, older, newer):
            assert await deliver(routing, event) == Done()
        await indexed(context)
        assert await ids(call, regency.holder("head"), "ekskavator") == [letter.letter_id]
        assert await ids(call, regency.holder("head"), "jembatan ") == []
        assert await context.searching.texts.of(letter.letter_id) == "Tentang ekskavator"

    async def test_the_texts_of_all_files_count(
        self, routing: Service, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        await deliver(routing, scanned(letter, "Tentang jembatan"))
        await deliver(routing, scanned(letter, "Tentang ekskavator", file_id=new_id()))
        await indexed(context)
        assert await ids(call, regency.holder("head"), "ekskavator jembatan") == [letter.letter_id]

    async def test_what_changes_while_it_is_indexed_is_indexed_again(
        self,
        routing: Service,
        regency: Regency,
        context: Context,
        delivered: Delivered,
        call: Call,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        letter = await delivered()
        engine = context.searching.engine
        index = engine.index

        async def meanwhile(documents: Any) -> None:
            await index(documents)
            await deliver(routing, letters.issued(letter, regency.holder("head"), recipient(regency.held("heavy"))))

        with monkeypatch.context() as patched:
            patched.setattr(engine, "index", meanwhile)
            await index_letters(context.searching)
        assert await ids(call, regency.holder("heavy"), "alat berat") == []
        assert await index_letters(context.searching) == 1
        assert await ids(call, regency.holder("heavy"), "alat berat") == [letter.letter_id]
        assert await index_letters(context.searching) == 0

    async def test_what_changes_twice_in_one_instant_is_indexed_again(
        self, context: Context, delivered: Delivered
    ) -> None:
        letter = await delivered()
        [due] = await context.searching.letters.due(10)
        rows = context.letters._rows
        await rows.update_one({"_id": letter.letter_id}, {"$inc": {"taken": 1}})  # as an act does; same instant
        await context.searching.letters.settle([due])
        assert len(await context.searching.letters.due(10)) == 1

    async def test_cut_off_before_the_mark_is_taken_it_is_indexed_again(
        self,
        regency: Regency,
        context: Context,
        delivered: Delivered,
        call: Call,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        letter = await delivered()

        async def killed(*_: Any) -> None:
            raise ConnectionResetError

        with monkeypatch.context() as patched:
            patched.setattr(type(context.searching.letters), "settle", killed)
            with pytest.raises(ConnectionResetError):
                await index_letters(context.searching)
        assert await index_letters(context.searching) == 1
        assert await ids(call, regency.holder("head"), "alat berat") == [letter.letter_id]

    async def test_two_processes_may_do_it_at_once(
        self, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        sent = {(await delivered()).letter_id for _ in range(8)}
        await asyncio.gather(*(index_letters(context.searching) for _ in range(4)))
        await indexed(context)
        assert set(await ids(call, regency.holder("head"), "alat berat")) == sent

    async def test_a_backlog_is_read_once_from_end_to_end_and_what_comes_meanwhile_goes_first(
        self, context: Context, delivered: Delivered, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("services.routing.commands.index_letters.AT_ONCE", 3)
        sent = [(await delivered()).letter_id for _ in range(7)]
        rows = context.letters._rows
        long_ago = now().replace(year=2020)
        await rows.update_many({}, {"$set": {SEARCH_DUE: long_ago}})
        assert await index_letters(context.searching) == 3
        fresh = await delivered()
        due = await context.searching.letters.due(2)
        assert due[0].letter.id == fresh.letter_id
        await indexed(context)
        assert await rows.count_documents({SEARCH_DUE: {"$gt": long_ago.replace(year=2000)}}) == 0
        assert len(sent) == 7

    async def test_rebuilt_from_nothing_it_finds_what_it_found(
        self, routing: Service, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        await deliver(routing, scanned(letter, "Tentang ekskavator"))
        await indexed(context)
        head = regency.holder("head")
        before = (await call(head, "GET", "/v1/search", params={"q": "ekskavator"}))[1]
        assert await rebuild_search(context.searching) == 1
        assert await ids(call, head, "ekskavator") == []
        await indexed(context)
        assert (await call(head, "GET", "/v1/search", params={"q": "ekskavator"}))[1] == before

    async def test_what_an_earlier_version_indexed_in_another_form_is_indexed_anew_before_it_is_let_go(
        self, routing: Service, regency: Regency, context: Context, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        earlier = routing.foundation.database[EARLIER[-1]]
        rows = routing.foundation.database[Letters.COLLECTION]
        await rows.update_one({"_id": letter.letter_id}, {"$unset": {SEARCH_DUE: ""}})
        await earlier.insert_one({"_id": NUMBERS, "next": 1})
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(SearchedLetters, "mark_all", AsyncMock(side_effect=ConnectionResetError))
            with pytest.raises(ConnectionResetError):
                await indexed(context)
        assert await ids(call, regency.holder("head"), "peminjaman") == []
        await indexed(context)
        assert await earlier.count_documents({}) == 0
        assert await ids(call, regency.holder("head"), "peminjaman") == [letter.letter_id]
