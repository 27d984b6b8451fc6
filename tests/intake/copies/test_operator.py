"""``python -m services.intake.scans``: what an operator sees of scans, and does about them."""

import asyncio

import pytest

from services.chassis.apart import ApartFailed
from services.chassis.ids import new_id
from services.intake import scans
from services.intake.commands.copies.keep_copied import sweep_copies
from services.intake.settings import IntakeSettings
from tests.intake.copies.made import copies_of, copy_all
from tests.intake.copies.test_copies import DERIVED, told
from tests.intake.copies.test_queue import failing, make_due
from tests.intake.world import World


@pytest.fixture
async def file_id(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """A scan that was given up, and the program run against its service."""
    body = await world.registered(letter=world.letter(subject="Rahasia sekali"))
    with monkeypatch.context() as patch:
        failing(patch, ApartFailed("it ended with signal 9"))
        for _ in range(3):
            await copy_all(world)
            await make_due(world)
    monkeypatch.setattr(IntakeSettings, "load", lambda _: world.service.foundation.settings)
    found: str = body["files"][0]["file_id"]
    return found


@pytest.fixture
async def from_before(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files of letters that were registered by a version that made no copies."""
    bodies = [await world.registered() for _ in range(3)]
    letters = world.service.foundation.database["letters"]
    await letters.update_many({}, {"$unset": {"copies_due": ""}})
    monkeypatch.setattr(IntakeSettings, "load", lambda _: world.service.foundation.settings)
    return [body["files"][0]["file_id"] for body in bodies]


class TestOlder:
    """Letters from before there were copies."""

    async def test_are_copied_and_told_of_when_an_operator_asks(
        self, world: World, quick: list[str], from_before: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        await copy_all(world)
        assert quick == []
        assert await scans.run(["older"]) == 0
        assert capsys.readouterr().out.startswith("3 letters ")
        await copy_all(world)
        assert quick == from_before
        assert {event.data["file_id"] for event in await told(world, DERIVED)} == set(from_before)
        assert await world.rows("older_letters") == []

    async def test_asked_for_again_nothing_is_made_twice(
        self, world: World, quick: list[str], from_before: list[str]
    ) -> None:
        for _ in range(2):
            await scans.run(["older"])
            await copy_all(world)
        assert sorted(quick) == sorted(from_before)
        assert len(await told(world, DERIVED)) == 3

    async def test_a_new_letter_waits_for_no_more_than_one_of_them(
        self, world: World, quick: list[str], from_before: list[str]
    ) -> None:
        await scans.run(["older"])
        assert await sweep_copies(world.context) == 1, "the first is queued"
        new = (await world.registered())["files"][0]["file_id"]
        await copy_all(world)
        assert quick == [from_before[0], new, *from_before[1:]]

    async def test_two_workers_go_through_each_once(
        self, world: World, quick: list[str], from_before: list[str]
    ) -> None:
        await scans.run(["older"])
        while any(await asyncio.gather(*(sweep_copies(world.context) for _ in range(3)))):
            pass
        assert sorted(quick) == sorted(from_before)

    async def test_no_further_once_stopped(
        self, world: World, quick: list[str], from_before: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        await scans.run(["older"])
        await sweep_copies(world.context)
        await scans.run(["older", scans.STOP])
        assert capsys.readouterr().out.splitlines()[-1].startswith("0 letters ")
        await copy_all(world)
        assert quick == from_before[:1]


class TestParked:
    """What it says and does."""

    async def test_lists_them_without_a_word_of_what_they_hold(
        self, file_id: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert await scans.run(["parked"]) == 0
        said = capsys.readouterr().out
        assert f"{file_id}  letter " in said
        assert "3 attempts  it ended with signal 9" in said
        assert said.endswith("1 parked\n")
        assert "Rahasia" not in said
        assert "surat.pdf" not in said

    @pytest.mark.parametrize("by_name", [True, False])
    async def test_has_them_tried_anew(
        self, world: World, file_id: str, by_name: bool, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert await scans.run(["retry", file_id if by_name else scans.ALL]) == 0
        assert capsys.readouterr().out == "1 to be tried anew\n"
        copies = await copies_of(world, file_id)
        assert (copies.state, copies.attempts) == ("due", 0)

    async def test_one_that_is_not_parked(self, file_id: str, capsys: pytest.CaptureFixture[str]) -> None:
        other = new_id()
        assert await scans.run(["retry", other, file_id]) == 1
        assert capsys.readouterr().out == f"{other} is not parked\n1 to be tried anew\n"

    @pytest.mark.parametrize("arguments", [[], ["retry"], ["forget"], ["parked", "all"], ["older", "now"]])
    def test_arguments_it_does_not_know(self, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert scans.main(arguments) == 2
        assert "usage" in capsys.readouterr().err
