"""Reviewing a split over the API: all or nothing, on what was seen, and nothing lost."""

from typing import Any

import pytest

from tests.intake import scans
from tests.intake.batches.desk import Desk, left_out, pages

FOUR = ("Satu", "Dua", "Tiga", "Empat")


async def four_pages(desk: Desk) -> dict[str, Any]:
    """A batch of four pages without a sheet: one letter."""
    return await desk.split(scans.text_pdf(*FOUR), 4)


class TestEdit:
    async def test_split_move_rotate_merge_drop_and_restore(self, desk: Desk) -> None:
        batch = await four_pages(desk)
        whole = batch["letters"][0]["id"]
        answer = await desk.edit(
            batch["id"],
            {"do": "split", "letter": whole, "at": 3},
            {"do": "move", "pages": [4], "to": whole, "before": 1},
            {"do": "rotate", "pages": [2, 3], "degrees": 90},
            {"do": "drop", "pages": [1]},
        )
        assert answer.status == 200, answer.body
        assert pages(answer.body) == [[4, 2], [3]]
        assert [one["turn"] for one in answer.body["letters"][0]["pages"]] == [0, 90]
        assert left_out(answer.body) == [(1, "person")]
        first, second = (letter["id"] for letter in answer.body["letters"])
        answer = await desk.edit(
            batch["id"], {"do": "restore", "pages": [1]}, {"do": "merge", "letters": [second, first]}
        )
        assert pages(answer.body) == [[3, 4, 1, 2]]

    async def test_of_several_all_are_made_or_none(self, desk: Desk) -> None:
        batch = await four_pages(desk)
        answer = await desk.edit(batch["id"], {"do": "drop", "pages": [1]}, {"do": "drop", "pages": [9]})
        assert (answer.status, answer.code) == (422, "batch_page_unknown")
        assert await desk.show(batch["id"]) == batch

    async def test_on_what_was_not_seen_is_refused(self, desk: Desk) -> None:
        batch = await four_pages(desk)
        await desk.edit(batch["id"], {"do": "drop", "pages": [1]}, seen=batch["version"])
        answer = await desk.edit(batch["id"], {"do": "drop", "pages": [2]}, seen=batch["version"])
        assert (answer.status, answer.code) == (412, "changed_meanwhile")
        assert answer.body["version"] == batch["version"] + 1

    async def test_that_changes_nothing_leaves_the_version(self, desk: Desk) -> None:
        batch = await four_pages(desk)
        answer = await desk.edit(batch["id"], {"do": "move", "pages": [4], "to": batch["letters"][0]["id"]})
        assert answer.body["version"] == batch["version"]

    async def test_before_it_was_split_is_refused(self, desk: Desk) -> None:
        batch_id = await desk.begun(scans.text_pdf(*FOUR), 4)
        answer = await desk.edit(batch_id, {"do": "drop", "pages": [1]})
        assert (answer.status, answer.code, answer.body["state"]) == (409, "batch_state", "splitting")

    @pytest.mark.parametrize(
        "edit",
        [
            {"do": "rotate", "pages": [1], "degrees": 45},
            {"do": "rotate", "pages": [], "degrees": 90},
            {"do": "drop", "pages": [1, 1]},
            {"do": "drop", "pages": [0]},
            {"do": "merge", "letters": ["x", "y"]},
            {"do": "shred", "pages": [1]},
            {"do": "drop", "pages": [1], "for": "ever"},
        ],
    )
    async def test_what_is_no_edit_is_refused(self, desk: Desk, edit: dict[str, Any]) -> None:
        batch_id = await desk.begun(scans.text_pdf(*FOUR), 4)
        assert (await desk.edit(batch_id, edit)).status == 422


class TestReset:
    async def test_undoes_all_edits(self, desk: Desk) -> None:
        batch = await four_pages(desk)
        await desk.edit(batch["id"], {"do": "drop", "pages": [1, 2, 3, 4]})
        answer = await desk.ask(batch["id"], "reset")
        assert pages(answer.body) == [[1, 2, 3, 4]]
        assert answer.body["left_out"] == []

    async def test_is_too_late_when_letters_were_cut(self, desk: Desk) -> None:
        batch = await four_pages(desk)
        await desk.confirmed(batch["id"])
        answer = await desk.ask(batch["id"], "reset")
        assert (answer.status, answer.code) == (409, "batch_letter_cut")


class TestAfterCutting:
    async def test_a_page_that_was_dropped_still_becomes_a_letter(self, desk: Desk) -> None:
        batch = await four_pages(desk)
        await desk.edit(batch["id"], {"do": "drop", "pages": [4]})
        cut = (await desk.confirmed(batch["id"]))["letters"][0]
        answer = await desk.edit(batch["id"], {"do": "restore", "pages": [4]})
        assert (answer.body["state"], pages(answer.body)) == ("ready", [[1, 2, 3], [4]])
        later = (await desk.confirmed(batch["id"]))["letters"]
        assert later[0] == cut
        assert later[1]["scan"]["pages"] == 1

    async def test_what_was_cut_stays_as_it_is(self, desk: Desk) -> None:
        batch = await four_pages(desk)
        await desk.confirmed(batch["id"])
        answer = await desk.edit(batch["id"], {"do": "rotate", "pages": [1], "degrees": 90})
        assert (answer.status, answer.code) == (409, "batch_letter_cut")
