"""Cursors belong to one question of one person."""

from dataclasses import replace
from datetime import date

import pytest

from services.routing.domain.search_cursor import Cursor, unpacked
from services.routing.domain.search_document import Narrowing
from services.routing.domain.search_engine import Asking, UnknownCursor
from services.routing.domain.search_query import question

ASKED = Asking(question("jalan rusak"), ("pu/trusted", "position"), date(2026, 11, 21))
OURS = Cursor(900, 1000, (1.5, 0.1), (1,), sure=False, words=2, low=10, score=3.25, number=444)


def test_it_is_understood_whenever_the_question_is_asked_again() -> None:
    again = replace(ASKED, keys=("position", "pu/trusted"), today=date(2027, 1, 1), limit=50)
    assert unpacked(OURS.packed(ASKED), again) == OURS


@pytest.mark.parametrize(
    "other",
    [
        replace(ASKED, question=question("jalan rusak ")),
        replace(ASKED, question=question('"jalan rusak"')),
        replace(ASKED, keys=("pu/trusted",)),
        replace(ASKED, narrowing=Narrowing(kind="Laporan")),
    ],
    ids=["other words", "a phrase", "somebody else", "narrowed"],
)
def test_that_of_another_question_is_refused(other: Asking) -> None:
    with pytest.raises(UnknownCursor):
        unpacked(OURS.packed(ASKED), other)


def test_the_next_pool_is_ranked_as_this_one() -> None:
    older = OURS.older()
    assert (older.high, older.low, older.score, older.number) == (10, None, 0.0, 0)
    assert (older.top, older.rarities, older.forgiven, older.strictness) == (1000, (1.5, 0.1), (1,), OURS.strictness)
