"""Edits of a split: each does what it says, and none loses a page."""

import random
from collections.abc import Callable
from contextlib import suppress

import pytest
from pydantic import TypeAdapter

from services.chassis.errors import ServiceError
from services.chassis.ids import new_id
from services.contracts.intake import StoredFile
from services.intake.domain.batches.arrangement import (
    Arrangement,
    drop,
    merge,
    move,
    restore,
    rotate,
    split,
)
from services.intake.domain.batches.edits import Edit, edited
from services.intake.domain.batches.splitting import arrange
from tests.intake.batches.pile import UNIT
from tests.intake.batches.test_splitting import findings, fresh, pages
from tests.intake.batches.test_splitting import split as split_pile

EDIT: TypeAdapter[Edit] = TypeAdapter(Edit)


@pytest.fixture
def pile() -> Arrangement:
    """Three letters: 2 to 4, 6 and 7, 9."""
    return split_pile("S...S..S.")


def cut_first(arrangement: Arrangement) -> Arrangement:
    """The same, with its first letter cut."""
    first, *rest = arrangement.letters
    file = StoredFile(
        file_id=new_id(), name="a", object_key="k", sha256="0", size=1, media_type="application/pdf", pages=1
    )
    return arrangement.model_copy(update={"letters": (first.model_copy(update={"file": file}), *rest)})


class TestRotate:
    def test_turns_add_up(self, pile: Arrangement) -> None:
        turned = rotate(rotate(pile, [3, 9], 270), [3], 180)
        assert [one.turn for one in turned.letters[0].pages] == [0, 90, 0]
        assert turned.letters[2].pages[0].turn == 270

    def test_a_turn_goes_with_the_page(self, pile: Arrangement) -> None:
        moved = move(rotate(pile, [3], 90), [3], "letter-3", None, fresh())
        assert moved.letters[2].pages[1].turn == 90


class TestMove:
    def test_behind_the_last_page_of_another_letter(self, pile: Arrangement) -> None:
        assert pages(move(pile, [3], "letter-2", None, fresh())) == [[2, 4], [6, 7, 3], [9]]

    def test_before_a_page_in_the_order_named(self, pile: Arrangement) -> None:
        assert pages(move(pile, [4, 2], "letter-2", 7, fresh())) == [[3], [6, 4, 2, 7], [9]]

    def test_within_a_letter(self, pile: Arrangement) -> None:
        assert pages(move(pile, [4], "letter-1", 2, fresh())) == [[4, 2, 3], [6, 7], [9]]

    def test_into_a_new_letter_behind_the_one_it_came_from(self, pile: Arrangement) -> None:
        assert pages(move(pile, [4], None, None, new_id)) == [[2, 3], [4], [6, 7], [9]]

    def test_a_letter_without_pages_is_gone(self, pile: Arrangement) -> None:
        assert pages(move(pile, [9], "letter-1", 2, fresh())) == [[9, 2, 3, 4], [6, 7]]

    def test_all_pages_into_the_letter_they_are_in_changes_their_order_alone(self, pile: Arrangement) -> None:
        assert pages(move(pile, [4, 3, 2], "letter-1", None, fresh())) == [[4, 3, 2], [6, 7], [9]]

    def test_a_sheet_can_become_part_of_a_letter(self, pile: Arrangement) -> None:
        moved = move(pile, [1], "letter-1", 2, fresh())
        assert pages(moved)[0] == [1, 2, 3, 4]
        assert [one.page for one in moved.left_out] == [5, 8]

    @pytest.mark.parametrize(("to", "before"), [("letter-9", None), ("letter-2", 3), ("letter-1", 3), (None, 6)])
    def test_a_place_that_is_not_there_is_refused(self, pile: Arrangement, to: str | None, before: int | None) -> None:
        with pytest.raises(ServiceError) as refused:
            move(pile, [3], to, before, fresh())
        assert refused.value.status == 422


class TestSplit:
    def test_a_new_letter_begins_with_the_page(self, pile: Arrangement) -> None:
        made = split(pile, "letter-1", 3, new_id)
        assert pages(made) == [[2], [3, 4], [6, 7], [9]]
        assert made.letters[1].defaults == made.letters[0].defaults

    @pytest.mark.parametrize("at", [2, 6, 1, 77])
    def test_at_no_page_within_it_is_refused(self, pile: Arrangement, at: int) -> None:
        with pytest.raises(ServiceError) as refused:
            split(pile, "letter-1", at, new_id)
        assert refused.value.code == "batch_split_place"


class TestMerge:
    def test_pages_follow_in_the_order_of_the_letters_named(self, pile: Arrangement) -> None:
        assert pages(merge(pile, ["letter-3", "letter-1"])) == [[6, 7], [9, 2, 3, 4]]

    def test_what_was_split_is_as_before(self, pile: Arrangement) -> None:
        apart = split(pile, "letter-1", 3, lambda: "new")
        assert merge(apart, ["letter-1", "new"]) == pile


class TestDropAndRestore:
    def test_what_was_dropped_can_be_put_back_where_it_was(self, pile: Arrangement) -> None:
        dropped = drop(pile, [3, 6])
        assert pages(dropped) == [[2, 4], [7], [9]]
        assert [(one.page, one.reason) for one in dropped.left_out if one.reason == "person"] == [
            (3, "person"),
            (6, "person"),
        ]
        assert restore(dropped, [3], fresh()) == drop(pile, [6])

    def test_a_page_goes_behind_the_one_before_it_in_the_scan(self, pile: Arrangement) -> None:
        assert pages(restore(drop(pile, [6]), [6], fresh())) == [[2, 3, 4, 6], [7], [9]]

    def test_a_page_before_all_others_goes_in_front(self, pile: Arrangement) -> None:
        assert pages(restore(drop(pile, [2]), [2], fresh()))[0] == [2, 3, 4]

    def test_all_that_was_dropped_comes_back(self, pile: Arrangement) -> None:
        emptied = drop(pile, [2, 3, 4, 6, 7, 9])
        assert pages(emptied) == []
        assert pages(restore(emptied, [2, 9], fresh())) == [[2, 9]]

    def test_dropping_twice_is_dropping_once(self, pile: Arrangement) -> None:
        assert drop(drop(pile, [3]), [3, 1]) == drop(pile, [3])

    def test_what_was_not_dropped_cannot_be_restored(self, pile: Arrangement) -> None:
        with pytest.raises(ServiceError) as refused:
            restore(pile, [3], fresh())
        assert refused.value.code == "batch_page_kept"


class TestCutLetters:
    @pytest.mark.parametrize(
        "act",
        [
            lambda pile: rotate(pile, [2], 90),
            lambda pile: move(pile, [2], "letter-2", None, fresh()),
            lambda pile: move(pile, [6], "letter-1", None, fresh()),
            lambda pile: split(pile, "letter-1", 3, new_id),
            lambda pile: merge(pile, ["letter-2", "letter-1"]),
            lambda pile: drop(pile, [4]),
        ],
    )
    def test_stand_as_they_are(self, pile: Arrangement, act: Callable[[Arrangement], Arrangement]) -> None:
        with pytest.raises(ServiceError) as refused:
            act(cut_first(pile))
        assert (refused.value.status, refused.value.code) == (409, "batch_letter_cut")

    def test_a_page_left_out_beside_them_becomes_a_letter_of_its_own(self, pile: Arrangement) -> None:
        cut = cut_first(drop(split_pile("S..."), [4]))
        assert pages(restore(cut, [4], new_id)) == [[2, 3], [4]]


class TestUnknown:
    @pytest.mark.parametrize("page", [0, 10, 4711])
    def test_pages_that_are_not_there_are_refused(self, pile: Arrangement, page: int) -> None:
        acts: list[Callable[[], Arrangement]] = [
            lambda: rotate(pile, [page], 90),
            lambda: drop(pile, [page]),
            lambda: restore(pile, [page], fresh()),
        ]
        for act in acts:
            with pytest.raises(ServiceError) as refused:
                act()
            assert refused.value.code == "batch_page_unknown"


class TestAnyEdits:
    def test_no_page_is_ever_lost_or_doubled(self) -> None:
        """Ten thousand edits at random, refused ones among them."""
        chance = random.Random(8)
        made = 0
        for _ in range(200):
            count = chance.randint(1, 12)
            marks = "".join(chance.choice("S...b") for _ in range(count))
            arrangement = arrange(findings(marks), UNIT, new_id)
            everything = arrangement.pages
            for _ in range(50):
                edit = EDIT.validate_python(self._edit(chance, arrangement, count))
                with suppress(ServiceError):
                    arrangement = edited(arrangement, [edit], new_id)
                    made += 1
                assert arrangement.pages == everything
                assert all(letter.pages for letter in arrangement.letters)
                assert len({letter.id for letter in arrangement.letters}) == len(arrangement.letters)
        assert made > 3000

    def _edit(self, chance: random.Random, arrangement: Arrangement, count: int) -> dict[str, object]:
        letters = [letter.id for letter in arrangement.letters]
        named = chance.sample(range(1, count + 1), chance.randint(1, min(3, count)))
        someone = chance.choice([*letters, new_id()])
        do = chance.choice(["rotate", "move", "split", "merge", "drop", "restore"])
        if do == "rotate":
            return {"do": do, "pages": named, "degrees": chance.choice([90, 180, 270])}
        if do == "move":
            target = chance.choice([None, someone])
            return {"do": do, "pages": named, "to": target, "before": chance.choice([None, None, named[0] % count + 1])}
        if do == "split":
            return {"do": do, "letter": someone, "at": named[0]}
        if do == "merge":
            return {"do": do, "letters": chance.sample([*letters, new_id(), new_id()], 2)}
        return {"do": do, "pages": named}
