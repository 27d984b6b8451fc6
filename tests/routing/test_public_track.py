"""Tracking by the public: coarse, without a token, and nothing to be found out by trying."""

import asyncio
import hmac
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from services.chassis import mongo
from services.chassis.errors import ServiceError
from services.chassis.run import running
from services.chassis.service import Service
from services.contracts.intake import LetterRegistered
from services.routing.commands.track_publicly import track_publicly
from services.routing.context import Context
from services.routing.domain.branch import Branch
from services.routing.main import build
from services.routing.settings import RoutingSettings
from tests.conftest import SettingsFor
from tests.routing.conftest import Call, Delivered
from tests.routing.letters import to_unit
from tests.routing.regency import Regency
from tests.signing import TokenSigner

CODE = "7K3M-Q2XD-9FJR"
GUESSER = "203.0.113.7"
IN_ALL = 25
"""Tries at one code from all addresses together, in these tests."""
Look = Callable[[LetterRegistered], Awaitable[list[Branch]]]
Ask = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture
def settings(settings_for: SettingsFor) -> RoutingSettings:
    """Settings with room for a test's own questions, but for those about one code."""
    made: RoutingSettings = settings_for(
        RoutingSettings,
        "routing",
        letter_arrival_seconds=0.1,
        public_tries_per_client="500/minute",
        public_tries_per_code_in_all=f"{IN_ALL}/day",
    )
    return made


@pytest.fixture
def routing(settings: RoutingSettings, signer: TokenSigner) -> Service:
    """The service with these settings."""
    return build(settings, signer.keys)


@pytest.fixture
def ask(http: aiohttp.ClientSession) -> Ask:
    """``status, body = await ask(code, word)``: as anybody on the street."""

    async def post(code: str, word: str, **headers: str) -> tuple[int, Any]:
        body = {"check_word": word}
        async with http.post(f"/v1/public/track/{code}", json=body, headers=headers) as response:
            return response.status, await response.json()

    return post


@pytest.fixture
async def letter(delivered: Delivered) -> LetterRegistered:
    """A village's letter, on its way."""
    return await delivered(tracking_code=CODE)


@pytest.fixture
async def word(context: Context, letter: LetterRegistered) -> str:
    """Its check word, as it is on the receipt."""
    return await context.front_desk.check_words.of(letter.letter_id)


async def outcome(context: Context, code: str, word: str, address: str) -> int:
    """The status a client at this address gets."""
    try:
        await track_publicly(context.front_desk, code, word, address)
    except ServiceError as error:
        return error.status
    return 200


def without_instance(problem: dict[str, Any]) -> dict[str, Any]:
    """What an answer says beside the request's own id."""
    return {name: value for name, value in problem.items() if name != "instance"}


class TestWithTheWord:
    async def test_K1_a_village_follows_its_letter_by_code_without_signing_in(
        self, regency: Regency, letter: LetterRegistered, word: str, ask: Ask, branches_of: Look, call: Call
    ) -> None:
        status, told = await ask(CODE, word)
        assert (status, told["state"], told["label"]) == (200, "forwarded", "Diteruskan")
        assert told["units"] == ["Dinas Pekerjaan Umum"]
        [branch] = await branches_of(letter)
        body = {"outcome": "noted", "note": "Sudah dicatat"}
        await call(regency.holder("head"), "POST", f"/v1/branches/{branch.id}/close", json=body)
        assert (await ask(CODE, word))[1]["label"] == "Selesai"

    async def test_P8_the_code_is_known_however_the_sender_types_it(self, word: str, ask: Ask) -> None:
        assert (await ask("7k3m q2xd 9fjr", word.upper().replace("-", " ")))[0] == 200

    async def test_a_returned_letter_says_so_and_not_why(
        self, regency: Regency, letter: LetterRegistered, word: str, ask: Ask, branches_of: Look, call: Call
    ) -> None:
        [branch] = await branches_of(letter)
        reason = {"reason": "Bukan kewenangan kami."}
        await call(regency.holder("registrar"), "POST", f"/v1/branches/{branch.id}/return", json=reason)
        _, told = await ask(CODE, word)
        assert told["label"] == "Dikembalikan"
        assert "kewenangan" not in str(told)

    async def test_nothing_is_told_of_what_it_says_or_who_has_it(
        self, regency: Regency, letter: LetterRegistered, word: str, ask: Ask
    ) -> None:
        _, told = await ask(CODE, word)
        assert set(told) == {"state", "label", "changed_on", "units", "training"}
        for inside in (letter.subject, letter.registered_by.person_name, letter.letter_id, "Kepala Dinas"):
            assert inside not in str(told)

    @pytest.mark.parametrize("confidentiality", ["restricted", "secret", "top_secret"])
    async def test_of_a_confidential_letter_no_unit_is_named(
        self, regency: Regency, context: Context, delivered: Delivered, ask: Ask, confidentiality: str
    ) -> None:
        to = (to_unit(regency, "pu"),)
        letter = await delivered(to, tracking_code=CODE, confidentiality=confidentiality)
        _, told = await ask(CODE, await context.front_desk.check_words.of(letter.letter_id))
        assert (told["state"], told["units"]) == ("in_progress", [])

    async def test_no_cache_keeps_it(self, http: aiohttp.ClientSession, word: str) -> None:
        async with http.post(f"/v1/public/track/{CODE}", json={"check_word": word}) as response:
            assert response.headers["Cache-Control"] == "no-store"


class TestWithoutTheWord:
    async def test_an_unknown_code_and_a_wrong_word_are_one_answer(self, letter: LetterRegistered, ask: Ask) -> None:
        wrong = await ask(CODE, "sabit-gitar-dadu-1477")
        unknown = await ask("0000-0000-0000", "sabit-gitar-dadu-1477")
        malformed = await ask("apa saja", "x")
        assert wrong[0] == unknown[0] == malformed[0] == 404
        assert without_instance(wrong[1]) == without_instance(unknown[1]) == without_instance(malformed[1])

    async def test_another_letters_word_does_not_open_it(
        self, context: Context, letter: LetterRegistered, delivered: Delivered, ask: Ask
    ) -> None:
        other = await delivered(tracking_code="0000-0000-0001")
        assert (await ask(CODE, await context.front_desk.check_words.of(other.letter_id)))[0] == 404

    async def test_the_word_derived_for_an_unknown_code_opens_nothing(self, context: Context, ask: Ask) -> None:
        code = "0000-0000-0000"
        assert (await ask(code, await context.front_desk.check_words.of(code)))[0] == 404

    @pytest.mark.parametrize("body", [{}, {"check_word": ""}, {"check_word": "x" * 101}, {"check_word": None}, []])
    async def test_a_question_without_a_word_is_refused_alike_for_every_code(
        self, http: aiohttp.ClientSession, letter: LetterRegistered, body: Any
    ) -> None:
        answers = []
        for code in (CODE, "0000-0000-0000"):
            async with http.post(f"/v1/public/track/{code}", json=body) as response:
                answers.append((response.status, without_instance(await response.json())))
        assert answers[0] == answers[1]
        assert answers[0][0] == 422

    async def test_the_word_is_never_taken_from_an_address(self, http: aiohttp.ClientSession, word: str) -> None:
        async with http.get(f"/v1/public/track/{CODE}", params={"check_word": word}) as response:
            assert response.status == 405


class TestGuessing:
    async def test_a_code_rests_for_one_address_after_ten_wrong_words(
        self, context: Context, letter: LetterRegistered, word: str
    ) -> None:
        statuses = [await outcome(context, CODE, f"salah-{n}", GUESSER) for n in range(12)]
        assert statuses == [404] * 10 + [429] * 2
        assert await outcome(context, CODE, word, GUESSER) == 429

    async def test_nobody_keeps_the_sender_from_asking(
        self, context: Context, letter: LetterRegistered, word: str
    ) -> None:
        for n in range(12):
            await outcome(context, CODE, f"salah-{n}", GUESSER)
        assert await outcome(context, CODE, word, "198.51.100.7") == 200

    async def test_from_ever_new_addresses_a_code_rests_for_everybody(
        self, context: Context, letter: LetterRegistered
    ) -> None:
        statuses = [await outcome(context, CODE, f"salah-{n}", f"203.0.113.{n}") for n in range(IN_ALL + 2)]
        assert statuses == [404] * IN_ALL + [429] * 2

    async def test_a_code_that_is_not_there_rests_just_the_same(
        self, context: Context, letter: LetterRegistered
    ) -> None:
        answers: dict[str, list[tuple[int, str]]] = {CODE: [], "0000-0000-0000": []}
        for code, heard in answers.items():
            for n in range(12):
                with pytest.raises(ServiceError) as refused:
                    await track_publicly(context.front_desk, code, f"salah-{n}", GUESSER)
                heard.append((refused.value.status, refused.value.detail))
        known, unknown = answers.values()
        assert known == unknown
        assert [status for status, _ in known] == [404] * 10 + [429] * 2

    async def test_however_a_code_is_written_its_tries_are_counted_together(
        self, context: Context, letter: LetterRegistered
    ) -> None:
        spellings = [CODE, CODE.lower(), CODE.replace("-", ""), CODE.replace("-", " ")]
        statuses = [await outcome(context, spellings[n % 4], "salah", GUESSER) for n in range(12)]
        assert Counter(statuses) == {404: 10, 429: 2}

    async def test_all_at_once_is_no_way_around(self, context: Context, letter: LetterRegistered) -> None:
        guesses = (outcome(context, CODE, f"salah-{n}", GUESSER) for n in range(40))
        assert Counter(await asyncio.gather(*guesses)) == {404: 10, 429: 30}

    async def test_who_knows_the_word_may_ask_as_often_as_they_like(self, word: str, ask: Ask) -> None:
        assert {(await ask(CODE, word))[0] for _ in range(15)} == {200}

    async def test_two_processes_count_together(
        self, settings: RoutingSettings, signer: TokenSigner, context: Context, letter: LetterRegistered
    ) -> None:
        other = build(settings, signer.keys)
        contexts: list[Context] = [context, other.app.state.context]
        statuses = [await outcome(contexts[n % 2], CODE, "salah", GUESSER) for n in range(14)]
        assert Counter(statuses) == {404: 10, 429: 4}
        other.foundation.database.client.close()

    async def test_two_processes_make_one_key(
        self, settings: RoutingSettings, signer: TokenSigner, http: aiohttp.ClientSession
    ) -> None:
        fresh = [build(settings, signer.keys) for _ in range(4)]
        asked = [one.app.state.context.front_desk.check_words.of("surat") for one in fresh for _ in range(10)]
        words = await asyncio.gather(*asked)
        assert len(set(words)) == 1
        for one in fresh:
            one.foundation.database.client.close()


class TestEnumeration:
    @pytest.fixture
    def settings(self, settings_for: SettingsFor) -> RoutingSettings:
        """The limits as they are where nobody has changed them."""
        made: RoutingSettings = settings_for(RoutingSettings, "routing", letter_arrival_seconds=0.1)
        return made

    async def test_one_client_soon_hears_nothing_more(self, letter: LetterRegistered, ask: Ask) -> None:
        answers = [await ask(f"0000-0000-{n:04d}", "kata", **{"X-Forwarded-For": f"203.0.113.{n}"}) for n in range(25)]
        assert [status for status, _ in answers] == [404] * 20 + [429] * 5
        assert "Silakan coba lagi" in answers[-1][1]["detail"]

    async def test_the_refusal_says_when_to_come_again(self, http: aiohttp.ClientSession, ask: Ask) -> None:
        for n in range(20):
            await ask(f"0000-0000-{n:04d}", "kata")
        async with http.post(f"/v1/public/track/{CODE}", json={"check_word": "kata"}) as response:
            assert response.status == 429
            assert 0 < int(response.headers["Retry-After"]) <= 60

    async def test_a_subscribers_whole_network_is_one_client(self, context: Context) -> None:
        statuses = [
            await outcome(context, f"0000-0000-{n:04d}", "kata", f"2001:db8:1:2:{n:x}::{n:x}") for n in range(25)
        ]
        assert Counter(statuses) == {404: 20, 429: 5}
        assert await outcome(context, "0000-0000-9999", "kata", "2001:db8:1:3::1") == 404


class TestBehindTheGateway:
    async def test_clients_are_told_apart_where_the_gateway_is_trusted(
        self, settings_for: SettingsFor, signer: TokenSigner
    ) -> None:
        limits = {"trusted_proxies": "127.0.0.1", "public_tries_per_client": "2/minute"}
        service = build(settings_for(RoutingSettings, "routing", **limits), signer.keys)
        statuses: dict[str, list[int]] = {"203.0.113.7": [], "203.0.113.8": []}
        async with running(service, "serve") as url, aiohttp.ClientSession(base_url=url) as http:
            for address, heard in statuses.items():
                for n in range(3):
                    path, told = f"/v1/public/track/0000-0000-{n:04d}", {"X-Forwarded-For": address}
                    async with http.post(path, json={"check_word": "kata"}, headers=told) as response:
                        heard.append(response.status)
        assert list(statuses.values()) == [[404, 404, 429]] * 2


class Commands(CommandListener):
    """What the database is asked, in order."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def started(self, event: CommandStartedEvent) -> None:
        """Note it."""
        self.asked.append((event.command_name, str(event.command.get(event.command_name))))

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Of no interest."""

    def failed(self, event: CommandFailedEvent) -> None:
        """Of no interest."""


class TestWork:
    @pytest.fixture
    async def watched(
        self, settings: RoutingSettings, signer: TokenSigner, monkeypatch: pytest.MonkeyPatch, letter: LetterRegistered
    ) -> AsyncIterator[tuple[Context, Commands]]:
        """A second process whose every command is noted."""
        commands = Commands()

        def client(url: str, **options: Any) -> AsyncIOMotorClient[dict[str, Any]]:
            return AsyncIOMotorClient(url, event_listeners=[commands], **options)

        monkeypatch.setattr(mongo, "AsyncIOMotorClient", client)
        service = build(settings, signer.keys)
        yield service.app.state.context, commands
        service.foundation.database.client.close()

    async def test_for_a_known_code_is_done_what_is_done_for_an_unknown_one(
        self, watched: tuple[Context, Commands], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        context, commands = watched
        derived = Counter[str]()
        whole = hmac.digest

        def counted(key: bytes, text: bytes, kind: Any) -> bytes:
            derived["digests"] += 1
            return whole(key, text, kind)

        monkeypatch.setattr(hmac, "digest", counted)
        assert await outcome(context, "0000-0000-0009", "warming up", "203.0.113.1") == 404
        work = []
        for code in (CODE, "0000-0000-0000"):
            commands.asked.clear()
            derived.clear()
            assert await outcome(context, code, "salah", "203.0.113.1") == 404
            work.append((list(commands.asked), derived["digests"]))
        assert work[0] == work[1]
        assert work[0][1] == 1
        assert work[0][0].count(("find", "letters")) == 1

    async def test_the_code_is_looked_up_by_its_index(self, context: Context, letter: LetterRegistered) -> None:
        rows = context.front_desk.codes._rows
        plan = await rows.find({"summary.tracking_code": CODE}, {"_id": 1}).explain()
        assert "tracking_code" in str(plan["queryPlanner"]["winningPlan"])
        assert "IXSCAN" in str(plan["queryPlanner"]["winningPlan"])
