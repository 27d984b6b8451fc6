"""The table of what runs together names files there are."""

from pathlib import Path

from tests.scheduling import MINUTES, SHARING, unit_of

ROOT = Path(__file__).parents[1]


class TestTables:
    def test_every_file_they_name_is_there(self) -> None:
        named = {*SHARING, *(one for one in MINUTES if one.endswith(".py"))}
        assert [one for one in sorted(named) if not (ROOT / one).is_file()] == []
        assert {one for one in MINUTES if not one.endswith(".py")} <= set(SHARING.values())

    def test_files_that_share_a_world_are_one_piece_of_work(self) -> None:
        shared = {unit_of(f"{file}::TestSomething::test_it") for file in SHARING}
        assert shared == set(SHARING.values())
        assert unit_of("tests/flow/test_story.py::TestStory::test_it[a::b]") == "tests/flow/test_story.py"
