"""Token buckets, by a clock of the test's own."""

import pytest

from gateway import buckets
from gateway.buckets import Buckets, Rule


class Clock:
    """The steady clock, moved by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def monotonic(self) -> float:
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(buckets, "time", clock)
    return clock


RULE = Rule(per_second=2, burst=4)


class TestBucket:
    """What one caller has."""

    def test_is_full_at_first_and_empties(self, clock: Clock) -> None:
        book = Buckets()
        bucket = book.of("ordinary", "a", RULE)
        for left in (3, 2, 1, 0):
            book.take("a", bucket)
            assert bucket.tokens == left
        assert bucket.wait == 1

    def test_fills_steadily_and_no_further_than_its_burst(self, clock: Clock) -> None:
        book = Buckets()
        bucket = book.of("ordinary", "a", RULE)
        for _ in range(4):
            book.take("a", bucket)
        clock.at += 0.5
        assert book.of("ordinary", "a", RULE).tokens == 1
        clock.at += 1000
        assert book.of("ordinary", "a", RULE).tokens == 4

    def test_in_debt_makes_one_wait_longer(self, clock: Clock) -> None:
        bucket = Buckets().of("ordinary", "a", RULE)
        bucket.tokens = -5
        assert bucket.wait == 3

    def test_goes_by_a_rule_that_has_changed(self, clock: Clock) -> None:
        book = Buckets()
        book.of("app", "client:1", RULE)
        assert book.of("app", "client:1", Rule(1, 2)).tokens == 2
        assert book.of("app", "client:1", Rule(1, 2)).rule.window == 2

    def test_is_one_a_caller_and_policy(self, clock: Clock) -> None:
        book = Buckets()
        book.take("a", book.of("ordinary", "a", RULE))
        assert book.of("ordinary", "b", RULE).tokens == 4
        assert book.of("heavy", "a", RULE).tokens == 4
        assert book.of("ordinary", "a", RULE).tokens == 3


class TestForgetting:
    """Strangers choose where they come from: what is remembered is bounded."""

    def test_who_came_longest_ago_is_forgotten_first(self, clock: Clock) -> None:
        book = Buckets(remembered=2)
        for name in ("a", "b", "a", "c"):
            book.take(name, book.of("public", name, RULE))
        assert book.of("public", "a", RULE).tokens == 2
        assert book.of("public", "b", RULE).tokens == 4, "b made room for c"
