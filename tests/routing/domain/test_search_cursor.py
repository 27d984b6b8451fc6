"""Cursors: ours are understood, anybody else's refused."""

import base64

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.search_cursor import Cursor, read_cursor
from services.routing.domain.search_engine import UnknownCursor
from services.routing.domain.search_postings import PART

OURS = Cursor(high=900, top=1000, rarities=(1.5, 0.1), sure=True, words=2, low=10, score=3.25, number=444)


def forged(*parts: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def test_ours_is_understood() -> None:
    assert read_cursor(OURS.written(), 2, 1000) == OURS
    begun = Cursor(10, 10, (0.5,), sure=False, words=1)
    assert read_cursor(begun.written(), 1, 10) == begun


@pytest.mark.parametrize(
    "written",
    [
        "",
        "x",
        "!!!!",
        "a" * 1000,
        forged(1, 2),
        forged(1, 900, 1000, [1.5], True, 2, 10, 3.25, 444),  # of a question of one word
        forged(2, 900, 1000, [1.5, 0.1], True, 2, 10, 3.25, 444),  # of another version
        forged(1, 900, 1000, [1.5, 0.1], True, 3, 10, 3.25, 444),  # asks for more words than there are
        forged(1, 900, 1000, [1.5, 0.1], True, 2, 901, 3.25, 444),  # ends before it begins
        forged(1, 900, 1000, [1.5, 0.1], True, 2, -1, 3.25, 444),
        forged(1, 1001, 1001, [1.5, 0.1], True, 2, 10, 3.25, 444),  # letters that are not there
        forged(1, 900, 1000, [1.5, -7], True, 2, 10, 3.25, 444),
        forged(1, 900, 1000, "ab", True, 2, 10, 3.25, 444),
        forged(1, "x", 1000, [1.5, 0.1], True, 2, 10, 3.25, 444),
        forged(1, None, 1000, [1.5, 0.1], True, 2, 10, 3.25, 444),
    ],
)
def test_anybody_elses_is_refused(written: str) -> None:
    with pytest.raises(UnknownCursor):
        read_cursor(written, 2, 1000)


def test_none_can_ask_for_all_letters_at_once() -> None:
    far = 100 * PART
    with pytest.raises(UnknownCursor):
        read_cursor(forged(1, far, far, [1.5, 0.1], True, 2, 0, 3.25, 444), 2, far)


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_whatever_is_written_is_understood_or_refused(written: str) -> None:
    try:
        read_cursor(written, 2, 1000)
    except UnknownCursor:
        return
