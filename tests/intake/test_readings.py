"""Who opened a confidential letter, and who asked for one that is not theirs: on record, once an hour for each."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.errors import AutoReconnect, OperationFailure

from services.chassis.auth import Principal
from services.chassis.bus.envelope import Envelope
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.uow import MongoUnitOfWork
from services.intake.commands import record_reading
from services.intake.commands.record_reading import Readings
from services.intake.domain.reading import access_id
from services.projections import letter_access
from tests.events import published
from tests.intake.world import SMALL_PDF, World
from tests.people import held, principal

OPENED, REFUSED = "confidential.opened", "reading.refused"


async def recorded(world: World) -> list[Envelope]:
    """The record, once everything under way is on it."""
    await asyncio.gather(*world.context.readings._under_way.values())
    return [one for one in await published(world.service) if one.subject.startswith("access/")]


async def kinds(world: World) -> list[str]:
    """The same, by type alone."""
    return [one.type.removeprefix("id.lontar.intake.").removesuffix(".v1") for one in await recorded(world)]


async def registered(world: World, confidentiality: str = "secret") -> tuple[str, str]:
    """Paths of a letter of this confidentiality and of its file."""
    body = await world.registered(letter=world.letter(confidentiality=confidentiality))
    path = f"/v1/letters/{body['id']}"
    return path, f"{path}/files/{body['files'][0]['file_id']}"


@pytest.fixture(autouse=True)
def one_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test runs from one hour into the next."""
    at = now()
    monkeypatch.setattr(record_reading, "now", lambda: at)


class TestOpened:
    """Somebody entitled opens it."""

    @pytest.mark.parametrize("confidentiality", ["restricted", "secret", "top_secret"])
    async def test_confidential_letter_and_each_of_its_files_is_recorded(
        self, world: World, confidentiality: str
    ) -> None:
        letter, file = await registered(world, confidentiality)
        assert (await world.get(letter, world.head)).status == 200
        assert (await world.download(file, world.head)).body == SMALL_PDF
        first, second = await recorded(world)
        expected = {
            "letter_id": letter.rsplit("/", 1)[1],
            "person_id": world.head.person_id,
            "person_name": world.head.name,
            "positions": [world.agency.position_id],
        }
        for event, file_id in ((first, None), (second, file.rsplit("/", 1)[1])):
            assert event.type == "id.lontar.intake.confidential.opened.v1"
            assert (event.subject, event.streamversion) == (f"access/{event.data['access_id']}", 1)
            assert event.data == expected | {
                "file_id": file_id,
                "access_id": event.data["access_id"],
                "at": event.data["at"],
            }

    async def test_ordinary_letter_is_not(self, world: World) -> None:
        letter, file = await registered(world, "ordinary")
        assert (await world.get(letter, world.head)).status == 200
        assert (await world.download(file, world.head)).status == 200
        assert await recorded(world) == []

    async def test_registering_and_listing_is_no_opening(self, world: World) -> None:
        await registered(world)
        assert len((await world.get("/v1/register")).body["items"]) == 1
        assert await recorded(world) == []

    async def test_parts_and_confirmed_copies_of_a_file_are_openings_of_it(self, world: World) -> None:
        _, file = await registered(world)
        etag = (await world.download(file, world.head)).headers["ETag"]
        assert (await world.download(file, If_None_Match=etag)).status == 304
        staff = principal(held("registrar", unit_id=world.agency.unit_id), name="Made")
        assert (await world.download(file, staff, Range="bytes=0-9")).status == 206
        people = [event.data["person_name"] for event in await recorded(world)]
        assert people == [world.head.name, world.operator.name, "Made"]

    async def test_file_that_is_not_there_is_not_opened(self, world: World) -> None:
        letter, _ = await registered(world)
        assert (await world.get(f"{letter}/files/{new_id()}", world.head)).status == 404
        assert await recorded(world) == []

    async def test_once_an_hour(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        letter, _ = await registered(world)
        at = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
        for minutes, count in ((0, 1), (30, 1), (59, 1), (60, 2), (61, 2), (180, 3)):
            monkeypatch.setattr(record_reading, "now", lambda minutes=minutes: at + timedelta(minutes=minutes))
            assert (await world.get(letter, world.head)).status == 200
            assert len(await recorded(world)) == count

    async def test_once_for_many_at_once(self, world: World) -> None:
        letter, _ = await registered(world)
        answers = await asyncio.gather(*(world.get(letter, world.head) for _ in range(40)))
        assert {answer.status for answer in answers} == {200}
        assert await kinds(world) == [OPENED]

    async def test_once_for_many_processes(self, world: World) -> None:
        letter, _ = await registered(world)
        found = await world.context.letters.get(letter.rsplit("/", 1)[1])
        assert found
        database = world.service.foundation.database
        processes = [Readings(MongoUnitOfWork(database)) for _ in range(8)]
        await asyncio.gather(*(process.opened(world.head, found) for process in processes for _ in range(3)))
        assert await kinds(world) == [OPENED]

    async def test_each_person_and_each_letter_for_itself(self, world: World) -> None:
        letters = [(await registered(world))[0] for _ in range(3)]
        for letter in letters:
            for person in (world.head, world.operator):
                assert (await world.get(letter, person)).status == 200
        assert await kinds(world) == [OPENED] * 6

    async def test_memory_of_what_is_recorded_is_bounded(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(record_reading, "REMEMBERED", 2)
        letters = [(await registered(world))[0] for _ in range(4)]
        for letter in [*letters, *letters]:
            assert (await world.get(letter, world.head)).status == 200
        assert len(world.context.readings._recorded) == 2
        assert len(await recorded(world)) == 4


class TestRecordAway:
    """The record cannot be written."""

    @pytest.mark.parametrize("error", [AutoReconnect("connection closed"), OperationFailure("no", 13)])
    @pytest.mark.parametrize("confidentiality", ["secret", "top_secret"])
    async def test_secret_letter_is_not_shown(
        self, world: World, monkeypatch: pytest.MonkeyPatch, confidentiality: str, error: Exception
    ) -> None:
        letter, file = await registered(world, confidentiality)
        with monkeypatch.context() as patch:
            _fail_with(world, patch, error)
            for path in (letter, file):
                answer = await world.get(path, world.head)
                assert (answer.status, answer.code) == (503, "unavailable")
                assert answer.headers["Retry-After"]
                assert "dicatat" in answer.body["detail"]
        assert (await world.get(letter, world.head)).status == 200
        assert await kinds(world) == [OPENED]

    async def test_restricted_letter_is_shown_and_the_operator_told(
        self, world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        letter, _ = await registered(world, "restricted")
        with monkeypatch.context() as patch:
            _fail_with(world, patch, AutoReconnect("connection closed"))
            assert (await world.get(letter, world.head)).status == 200
        assert letter.rsplit("/", 1)[1] in caplog.text
        assert "alat berat" not in caplog.text
        assert (await world.get(letter, world.head)).status == 200
        assert await kinds(world) == [OPENED]

    async def test_recorded_without_hearing_so_is_recorded_once(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        letter, _ = await registered(world)
        run = world.context.uow.run

        async def committed_then_cut(work: Any) -> Any:
            await run(work)
            raise AutoReconnect("connection closed")

        with monkeypatch.context() as patch:
            patch.setattr(world.context.uow, "run", committed_then_cut)
            assert (await world.get(letter, world.head)).status == 503
        assert (await world.get(letter, world.head)).status == 200
        assert await kinds(world) == [OPENED]

    async def test_refusal_stays_the_same_refusal(
        self, world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        letter, _ = await registered(world)
        with monkeypatch.context() as patch:
            _fail_with(world, patch, AutoReconnect("connection closed"))
            answer = await world.get(letter, principal(world.neighbour))
            assert await recorded(world) == []
        assert (answer.status, answer.code) == (404, "not_found")
        assert letter.rsplit("/", 1)[1] in caplog.text


class TestRefused:
    """Somebody signed in asks for a letter that is not theirs."""

    @pytest.mark.parametrize("confidentiality", ["ordinary", "restricted", "secret", "top_secret"])
    async def test_is_recorded_and_told_nothing(self, world: World, confidentiality: str) -> None:
        letter, _ = await registered(world, confidentiality)
        stranger = principal(world.neighbour, held("staff"), name="Ketut")
        answer = await world.get(letter, stranger)
        assert (answer.status, answer.body["detail"]) == (404, "Surat tidak ditemukan.")
        (event,) = await recorded(world)
        assert event.type == "id.lontar.intake.reading.refused.v1"
        assert (event.subject, event.streamversion) == (f"access/{event.data['access_id']}", 1)
        assert event.data == {
            "access_id": event.data["access_id"],
            "letter_id": letter.rsplit("/", 1)[1],
            "person_id": stranger.person_id,
            "person_name": "Ketut",
            "positions": stranger.position_ids,
            "at": event.data["at"],
        }

    async def test_letter_and_files_are_one_refusal(self, world: World) -> None:
        letter, file = await registered(world)
        stranger = principal(world.neighbour)
        for path in (letter, file, f"{letter}/files/{new_id()}", letter):
            assert (await world.get(path, stranger)).status == 404
        assert await kinds(world) == [REFUSED]

    async def test_unknown_letter_is_not_recorded(self, world: World) -> None:
        for path in (f"/v1/letters/{new_id()}", f"/v1/letters/{new_id()}/files/{new_id()}"):
            assert (await world.get(path, principal(world.neighbour))).status == 404
        assert await recorded(world) == []

    async def test_without_a_valid_token_nothing_is_recorded(self, world: World) -> None:
        letter, _ = await registered(world)
        for headers in ({}, {"Authorization": "Bearer forged"}):
            async with world.http.get(letter, headers=headers) as response:
                assert response.status == 401
        assert await recorded(world) == []

    async def test_right_that_comes_a_moment_later_is_no_refusal(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        letter, _ = await registered(world)
        looks = iter([False, True])
        monkeypatch.setattr("services.intake.commands.read_letter.may_read", lambda *_: next(looks))
        assert (await world.get(letter, principal(world.neighbour))).status == 200
        assert await kinds(world) == [OPENED]

    async def test_flood_is_recorded_once_each(self, world: World) -> None:
        letters = [(await registered(world))[0] for _ in range(5)]
        stranger = principal(world.neighbour)
        answers = await asyncio.gather(*(world.get(letter, stranger) for letter in letters * 20))
        assert {answer.status for answer in answers} == {404}
        assert await kinds(world) == [REFUSED] * 5

    async def test_more_at_once_than_can_be_recorded_are_let_go_by(
        self, world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(record_reading, "UNDER_WAY", 2)
        letters = [(await registered(world))[0] for _ in range(4)]
        found = [await world.context.letters.get(path.rsplit("/", 1)[1]) for path in letters]
        for letter in found:
            assert letter
            world.context.readings.refused(principal(world.neighbour), letter)
        assert await kinds(world) == [REFUSED] * 2
        assert caplog.text.count("was not recorded") == 2
        assert not world.context.readings._under_way

    async def test_takes_as_long_as_for_a_letter_that_is_not_there(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """However slow the record is, the refusal does not wait for it."""
        monkeypatch.setattr(letter_access, "PAUSES", (0,))
        letter, _ = await registered(world)
        released = asyncio.Event()
        run = world.context.uow.run

        async def slow(work: Any) -> Any:
            await released.wait()
            return await run(work)

        monkeypatch.setattr(world.context.uow, "run", slow)
        began = time.monotonic()
        assert (await world.get(letter, principal(world.neighbour))).status == 404
        assert time.monotonic() - began < 30
        assert len(world.context.readings._under_way) == 1
        released.set()
        assert await kinds(world) == [REFUSED]


class TestAcrossTheRegency:
    """Leaders and auditors read other units' letters by their id, and that is on record too."""

    @pytest.mark.parametrize(
        ("role", "confidentiality", "status"),
        [
            ("leader", "ordinary", 200),
            ("leader", "restricted", 200),
            ("leader", "secret", 200),
            ("leader", "top_secret", 404),
            ("auditor", "ordinary", 200),
            ("auditor", "restricted", 200),
            ("auditor", "secret", 404),
            ("auditor", "top_secret", 404),
        ],
    )
    async def test_by_id(self, world: World, role: str, confidentiality: str, status: int) -> None:
        letter, file = await registered(world, confidentiality)
        reader = _reader(role)
        assert [(await world.download(path, reader)).status for path in (letter, file)] == [status] * 2
        expected = [REFUSED] if status == 404 else [OPENED] * 2 if confidentiality != "ordinary" else []
        assert await kinds(world) == expected

    @pytest.mark.parametrize("role", ["leader", "auditor"])
    async def test_other_units_books_stay_closed(self, world: World, role: str) -> None:
        await registered(world, "ordinary")
        assert (await world.get("/v1/register", _reader(role))).body == {"items": [], "next": None}


class TestId:
    """The id of a reading."""

    AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

    def test_is_the_same_everywhere_within_an_hour(self) -> None:
        first = access_id("opened", "orang", "surat", None, self.AT)
        assert first == access_id("opened", "orang", "surat", None, self.AT + timedelta(minutes=59, seconds=59))
        # Pinned: with another id, what one release has recorded the next would record again.
        assert first == "dfa58af4-0a11-5f0a-bd6f-b07522a467b9"

    def test_differs_by_each_of_its_parts(self) -> None:
        ids = {
            access_id("opened", "orang", "surat", None, self.AT),
            access_id("refused", "orang", "surat", None, self.AT),
            access_id("opened", "lain", "surat", None, self.AT),
            access_id("opened", "orang", "lain", None, self.AT),
            access_id("opened", "orang", "surat", "berkas", self.AT),
            access_id("opened", "orang", "surat", None, self.AT + timedelta(hours=1)),
        }
        assert len(ids) == 6


def _reader(role: str) -> Principal:
    return principal(held(role, title="Bupati Klungkung", unit_name="Bupati"))


def _fail_with(world: World, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    async def failing(_: Callable[..., Awaitable[Any]]) -> Any:
        raise error

    monkeypatch.setattr(world.context.uow, "run", failing)
