"""Splitting and cutting, cut off anywhere: what was done is not done again, and nothing is lost or doubled."""

import asyncio
import io
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest

from services.chassis.apart import ApartFailed, run_apart
from services.chassis.clock import now
from services.chassis.storage import StorageUnavailable
from services.intake.commands.batches import cut_batch, split_batch
from services.intake.settings import IntakeSettings
from tests.conftest import SettingsFor
from tests.events import types_published
from tests.intake import scans
from tests.intake.batches.desk import Desk, codes, pages

FOUR = ("Satu", "Dua", "Tiga", "Empat")


@pytest.fixture
def intake_settings(settings_for: SettingsFor, bucket: str) -> IntakeSettings:
    """Two pages at a time, and no waiting between attempts."""
    settings: IntakeSettings = settings_for(
        IntakeSettings, "intake", s3_bucket=bucket, batch_pages=2, batch_retry_seconds=0, batch_attempts=2
    )
    return settings


class Killed(BaseException):
    """The process is no more."""


def failing(original: Any, when: Callable[[Any], bool], error: BaseException) -> Any:
    """``original``, but for the calls whose last argument is such."""

    async def call(*arguments: Any) -> Any:
        if when(arguments[-1]):
            raise error
        return await original(*arguments)

    return call


class TestSplitting:
    async def test_goes_on_where_it_was_cut_off(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        batch_id = await desk.begun(scans.text_pdf(*FOUR), 4)
        look, looked = split_batch._look, list[Sequence[int]]()
        with monkeypatch.context() as patch:
            patch.setattr(split_batch, "_look", failing(look, lambda wanted: 3 in wanted, Killed()))
            with pytest.raises(Killed):
                await desk.work()
        assert (await desk.show(batch_id))["looked_at"] == 2

        async def noted(*arguments: Any) -> Any:
            looked.append(list(arguments[-1]))
            return await look(*arguments)

        monkeypatch.setattr(split_batch, "_look", noted)
        await desk.work()
        assert looked == [[3, 4]]
        batch = await desk.show(batch_id)
        assert (batch["state"], pages(batch)) == ("ready", [[1, 2, 3, 4]])

    async def test_a_page_that_brings_the_program_down_does_not_keep_the_others_back(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bad = failing(split_batch._look, lambda wanted: 3 in wanted, ApartFailed("signal 11"))
        monkeypatch.setattr(split_batch, "_look", bad)
        batch = await desk.split(scans.text_pdf(*FOUR), 4)
        assert pages(batch) == [[1, 2, 3, 4]]
        assert ("page_unreadable", 3) in codes(batch["letters"][0]["warnings"])
        path = f"/v1/batches/{batch['id']}/pages"
        assert [(await desk.world.download(f"{path}/{page}")).status for page in (3, 4)] == [404, 200]

    async def test_a_store_that_is_away_or_a_busy_machine_is_not_held_against_it(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        batch_id = await desk.begun(scans.text_pdf(*FOUR), 4)
        for error in (StorageUnavailable("away"), ApartFailed("slow", starved=True), OSError("full")):
            with monkeypatch.context() as patch:
                patch.setattr(split_batch, "_look", failing(split_batch._look, lambda _: True, error))
                await desk.work(times=3)
        assert (await desk.show(batch_id))["state"] == "splitting"
        await desk.work()
        assert (await desk.show(batch_id))["state"] == "ready"

    async def test_what_brings_the_worker_down_again_and_again_is_given_up(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        batch_id = await desk.begun(scans.text_pdf(*FOUR), 4)
        with monkeypatch.context() as patch:
            patch.setattr(split_batch, "_look", failing(split_batch._look, lambda _: True, Killed()))
            for _ in range(2):
                with pytest.raises(Killed):
                    await desk.work()
            await desk.work()
        batch = await desk.show(batch_id)
        assert (batch["state"], batch["failure"]) == ("failed", "Pemilahan gagal berulang kali.")

    async def test_an_original_that_is_not_whole_is_never_split(self, desk: Desk) -> None:
        scan = await desk.loose(scans.text_pdf(*FOUR), 4)
        await desk.world.storage.put(scan.file.object_key, io.BytesIO(b"%PDF-1.4 lain"), 13, "application/pdf")
        batch_id = (await desk.begin(scan)).body["id"]
        await desk.work()
        batch = await desk.show(batch_id)
        assert batch["state"] == "failed"
        assert batch["failure"].startswith("Berkas asli")

    async def test_closed_meanwhile_it_is_left_alone(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        batch_id = await desk.begun(scans.text_pdf(*FOUR), 4)
        look = split_batch._look

        async def closing(*arguments: Any) -> Any:
            assert (await desk.ask(batch_id, "close")).status == 200
            return await look(*arguments)

        monkeypatch.setattr(split_batch, "_look", closing)
        await desk.work()
        assert (await desk.show(batch_id))["state"] == "closed"
        assert "intake.batch.ready" not in await types_published(desk.world.service)


class TestCutting:
    async def test_goes_on_with_what_was_put_before(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        batch = await desk.split(scans.text_pdf(*FOUR), 4)
        whole = batch["letters"][0]["id"]
        await desk.edit(batch["id"], {"do": "split", "letter": whole, "at": 3})
        await desk.ask(batch["id"], "confirm")
        before = await desk.world.all_keys()
        with monkeypatch.context() as patch:
            patch.setattr(cut_batch, "_finish", failing(cut_batch._finish, lambda _: True, Killed()))
            with pytest.raises(Killed):
                await desk.work()
        put = await desk.world.all_keys() - before
        assert len(put) == 2
        assert await desk.world.rows("scans") != []
        assert [row["origin"] for row in await desk.world.rows("scans")] == ["upload"]
        await desk.work()
        assert await desk.world.all_keys() - before == put
        letters = (await desk.show(batch["id"]))["letters"]
        assert {letter["scan"]["file_id"] for letter in letters} == {key.rsplit("/", 1)[1] for key in put}
        assert [row["origin"] for row in await desk.world.rows("scans")] == ["upload", "batch", "batch"]
        assert [await self._texts(desk, letter) for letter in letters] == [["Satu", "Dua"], ["Tiga", "Empat"]]

    async def test_put_and_not_noted_it_is_put_again_byte_for_byte(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        batch = await desk.split(scans.text_pdf(*FOUR), 4)
        await desk.ask(batch["id"], "confirm")
        before = await desk.world.all_keys()
        replace = desk.context.batching.batches.replace
        with monkeypatch.context() as patch:
            patch.setattr(desk.context.batching.batches, "replace", failing(replace, lambda _: True, Killed()))
            with pytest.raises(Killed):
                await desk.work()
        (key,) = await desk.world.all_keys() - before
        first = await desk.stored(key)
        await desk.work()
        assert await desk.stored(key) == first
        assert (await desk.show(batch["id"]))["state"] == "confirmed"

    async def test_a_letter_that_cannot_be_cut_is_given_back_and_nothing_is_left(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        batch = await desk.split(scans.text_pdf(*FOUR), 4)
        await desk.edit(batch["id"], {"do": "split", "letter": batch["letters"][0]["id"], "at": 4})
        await desk.ask(batch["id"], "confirm")
        before = await desk.world.all_keys()

        async def bad(program: Any, arguments: Any, *rest: Any, **named: Any) -> bytes:
            if "4:0" in arguments[1]:
                raise ApartFailed("signal 9")
            return await run_apart(program, arguments, *rest, **named)

        with monkeypatch.context() as patch:
            patch.setattr(cut_batch, "run_apart", bad)
            await desk.work()
        given_back = await desk.show(batch["id"])
        assert given_back["state"] == "ready"
        assert given_back["failure"].startswith("Salah satu surat")
        assert await desk.world.all_keys() == before
        await desk.edit(batch["id"], {"do": "drop", "pages": [4]})
        assert (await desk.show(batch["id"]))["failure"] is None
        assert len((await desk.confirmed(batch["id"]))["letters"]) == 1

    async def test_confirmed_twice_at_once_each_letter_is_cut_once(self, desk: Desk) -> None:
        batch = await desk.split(scans.text_pdf(*FOUR), 4)
        answers = await asyncio.gather(*(desk.ask(batch["id"], "confirm") for _ in range(5)))
        assert [answer.status for answer in answers] == [202] * 5
        await desk.work(times=2)
        assert [row["origin"] for row in await desk.world.rows("scans")] == ["upload", "batch"]
        assert (await desk.ask(batch["id"], "confirm")).body["state"] == "confirmed"

    async def test_with_nothing_left_to_cut_it_is_refused(self, desk: Desk) -> None:
        batch = await desk.split(scans.text_pdf(*FOUR), 4)
        await desk.edit(batch["id"], {"do": "drop", "pages": [1, 2, 3, 4]})
        answer = await desk.ask(batch["id"], "confirm")
        assert (answer.status, answer.code) == (422, "batch_empty")

    async def test_copies_are_wanted_of_what_was_cut(self, desk: Desk) -> None:
        batch = await desk.split(scans.text_pdf(*FOUR), 4)
        (letter,) = (await desk.confirmed(batch["id"]))["letters"]
        copies = await desk.context.copies.of(letter["scan"]["file_id"])
        assert copies is not None
        assert copies.file.sha256 == letter["scan"]["sha256"]

    async def _texts(self, desk: Desk, letter: dict[str, Any]) -> list[str]:
        scan = await desk.context.scans.get(letter["scan"]["file_id"])
        assert scan is not None
        content = await desk.stored(scan.file.object_key)
        assert content is not None
        return [str(page.get_textpage().get_text_bounded()) for page in pypdfium2.PdfDocument(content)]


class TestClosing:
    async def test_where_nothing_was_cut_the_scan_is_loose_again(self, desk: Desk) -> None:
        batch = await desk.split(scans.text_pdf(*FOUR), 4)
        closed = await desk.ask(batch["id"], "close")
        assert (closed.status, closed.body["state"]) == (200, "closed")
        scan_id = batch["scan"]["file_id"]
        assert (await desk.context.scans.loose_before(now() + timedelta(days=1), 5))[0].scan_id == scan_id
        answer = await desk.world.act("POST", "/v1/letters", {"letter": desk.world.letter(), "scans": [scan_id]})
        assert answer.status == 201, answer.body

    async def test_the_original_of_what_was_cut_is_kept_a_while_and_then_removed(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        batch = await desk.split(scans.text_pdf(*FOUR), 4)
        original = await desk.context.scans.get(batch["scan"]["file_id"])
        assert original is not None
        (letter,) = (await desk.confirmed(batch["id"]))["letters"]
        await desk.ask(batch["id"], "close")
        await desk.work()
        assert await desk.stored(original.file.object_key) is not None
        row = (await desk.world.rows("batches"))[0]
        assert row["due_at"] > now() + timedelta(days=89)

        await self._later(desk, batch["id"])
        assert await desk.stored(original.file.object_key) is None
        assert await desk.context.scans.get(original.scan_id) is None
        assert (await desk.world.download(f"/v1/batches/{batch['id']}/pages/1")).status == 404
        assert (await desk.show(batch["id"]))["letters"][0]["scan"] == letter["scan"]
        assert not [key for key in await desk.world.new_keys() if "/batches/" in key]

    async def test_what_was_cut_is_not_left_lying_while_the_batch_is_open(self, desk: Desk) -> None:
        batch = await desk.split(scans.text_pdf(*FOUR), 4)
        (letter,) = (await desk.confirmed(batch["id"]))["letters"]
        tomorrow = now() + timedelta(days=1)
        assert await desk.context.scans.loose_before(tomorrow, 5) == []
        await desk.ask(batch["id"], "close")
        (loose,) = await desk.context.scans.loose_before(tomorrow, 5)
        assert loose.scan_id == letter["scan"]["file_id"]

    async def test_neither_the_pile_nor_what_was_cut_is_discarded_while_it_is_open(self, desk: Desk) -> None:
        batch = await desk.split(scans.text_pdf(*FOUR), 4)
        (letter,) = (await desk.confirmed(batch["id"]))["letters"]
        pile, cut = f"/v1/scans/{batch['scan']['file_id']}", f"/v1/scans/{letter['scan']['file_id']}"
        assert (await desk.world.get(pile)).body["batch_id"] == batch["id"]
        for path in (pile, cut):
            answer = await desk.world.act("DELETE", path)
            assert (answer.status, answer.code) == (409, "scan_in_use")
        await desk.ask(batch["id"], "close")
        assert (await desk.world.download(cut)).status == 200
        assert (await desk.world.act("DELETE", pile)).status == 409

    async def test_forgotten_by_people_it_is_closed_when_all_is_registered(self, desk: Desk) -> None:
        batch = await desk.split(scans.text_pdf(*FOUR), 4)
        (letter,) = (await desk.confirmed(batch["id"]))["letters"]
        await self._later(desk, batch["id"])
        assert (await desk.show(batch["id"]))["state"] == "confirmed"
        body = {"letter": desk.world.letter(), "scans": [letter["scan"]["file_id"]]}
        assert (await desk.world.act("POST", "/v1/letters", body)).status == 201
        await self._later(desk, batch["id"])
        assert (await desk.show(batch["id"]))["state"] == "closed"

    async def test_while_letters_are_being_cut_it_waits(self, desk: Desk) -> None:
        batch = await desk.split(scans.text_pdf(*FOUR), 4)
        await desk.ask(batch["id"], "confirm")
        answer = await desk.ask(batch["id"], "close")
        assert (answer.status, answer.code, answer.body["state"]) == (409, "batch_state", "cutting")

    async def test_closed_it_stays_as_it_is(self, desk: Desk) -> None:
        batch = await desk.split(scans.text_pdf(*FOUR), 4)
        first = await desk.ask(batch["id"], "close")
        assert (await desk.ask(batch["id"], "close")).body == first.body
        for what in ("confirm", "reset"):
            assert (await desk.ask(batch["id"], what)).code == "batch_state"
        assert (await desk.edit(batch["id"], {"do": "drop", "pages": [1]})).code == "batch_state"

    async def test_cut_off_in_the_middle_the_emptying_goes_on(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        batch = await desk.split(scans.text_pdf(*FOUR), 4)
        await desk.confirmed(batch["id"])
        await desk.ask(batch["id"], "close")
        with monkeypatch.context() as patch:
            forget = desk.context.scans.forget_held
            patch.setattr(desk.context.scans, "forget_held", failing(forget, lambda _: True, Killed()))
            with pytest.raises(Killed):
                await self._later(desk, batch["id"])
        await self._later(desk, batch["id"])
        assert (await desk.world.rows("batches"))[0]["emptied_at"] is not None

    async def _later(self, desk: Desk, batch_id: str) -> None:
        """When the time has come for what was put off."""
        batches = desk.world.service.foundation.database["batches"]
        await batches.update_one({"_id": batch_id}, {"$set": {"due_at": now() - timedelta(seconds=1)}})
        await desk.work()
