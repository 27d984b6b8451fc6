"""``python -m services.intake.parked``: what an operator sees of scans that were given up, and does about them."""

import pytest

from services.chassis.apart import ApartFailed
from services.chassis.ids import new_id
from services.intake import parked
from services.intake.settings import IntakeSettings
from tests.intake.copies.made import copies_of, copy_all
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


class TestParked:
    """What it says and does."""

    async def test_lists_them_without_a_word_of_what_they_hold(
        self, file_id: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert await parked.run(["list"]) == 0
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
        assert await parked.run(["retry", file_id if by_name else parked.ALL]) == 0
        assert capsys.readouterr().out == "1 to be tried anew\n"
        copies = await copies_of(world, file_id)
        assert (copies.state, copies.attempts) == ("due", 0)

    async def test_one_that_is_not_parked(self, file_id: str, capsys: pytest.CaptureFixture[str]) -> None:
        other = new_id()
        assert await parked.run(["retry", other, file_id]) == 1
        assert capsys.readouterr().out == f"{other} is not parked\n1 to be tried anew\n"

    @pytest.mark.parametrize("arguments", [["retry"], ["forget"], ["list", "all"]])
    def test_arguments_it_does_not_know(self, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert parked.main(arguments) == 2
        assert "usage" in capsys.readouterr().err
