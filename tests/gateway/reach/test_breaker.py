"""When an instance is left alone, and when it is tried again; on a clock that the tests move."""

import pytest

from gateway.reach.breaker import Breaker, Rule

RULE = Rule(in_a_row=3, least=10, window_seconds=10, open_seconds=10)


class Bench:
    """A breaker, its clock, and how often it has opened."""

    def __init__(self) -> None:
        self.moment = 0.0
        self.opened = 0
        self.breaker = Breaker(RULE, self._note, lambda: self.moment)

    def _note(self) -> None:
        self.opened += 1

    def fail(self, times: int = 1, *, era: int | None = None) -> None:
        for _ in range(times):
            self.breaker.failed(self.breaker.era if era is None else era)

    @property
    def state(self) -> str:
        return self.breaker.state

    def succeed(self, times: int = 1) -> None:
        for _ in range(times):
            self.breaker.succeeded(self.breaker.era)


@pytest.fixture
def bench() -> Bench:
    return Bench()


class TestOpening:
    def test_so_many_failures_in_a_row_open_it(self, bench: Bench) -> None:
        bench.fail(2)
        assert bench.breaker.begin()
        bench.fail()
        assert (bench.state, bench.opened) == ("open", 1)
        assert not bench.breaker.begin()

    def test_a_success_between_begins_the_row_anew(self, bench: Bench) -> None:
        for _ in range(3):
            bench.fail(2)
            bench.succeed(5)
        assert bench.state == "closed"

    def test_half_of_many_within_the_window_open_it_too(self, bench: Bench) -> None:
        for _ in range(5):
            bench.fail()
            bench.succeed()
        assert bench.state == "closed"
        bench.fail()
        assert bench.state == "open"

    def test_failures_far_apart_do_not(self, bench: Bench) -> None:
        for _ in range(20):
            bench.fail()
            bench.succeed()
            bench.moment += 11
        assert bench.state == "closed"

    def test_late_failures_of_requests_from_before_change_nothing(self, bench: Bench) -> None:
        bench.fail(3)
        bench.fail(10, era=0)
        assert bench.opened == 1


class TestRecovering:
    def test_a_probe_that_finds_it_ready_lets_one_request_try(self, bench: Bench) -> None:
        bench.fail(3)
        bench.breaker.probed(ready=True)
        assert bench.state == "half_open"
        assert bench.breaker.begin()
        assert not bench.breaker.begin()

    def test_the_first_success_closes_it(self, bench: Bench) -> None:
        bench.fail(3)
        bench.breaker.probed(ready=True)
        bench.breaker.begin()
        bench.succeed()
        assert bench.state == "closed"
        assert bench.breaker.begin()
        assert bench.breaker.begin()

    def test_a_failure_opens_it_again(self, bench: Bench) -> None:
        bench.fail(3)
        bench.breaker.probed(ready=True)
        bench.breaker.begin()
        bench.fail()
        assert (bench.state, bench.opened) == ("open", 2)

    def test_late_words_of_requests_from_before_change_nothing(self, bench: Bench) -> None:
        bench.fail(3)
        bench.breaker.probed(ready=True)
        assert bench.breaker.begin()
        bench.fail(10, era=0)
        bench.breaker.succeeded(0)
        bench.breaker.given_up(0)
        assert (bench.state, bench.opened) == ("half_open", 1)
        assert not bench.breaker.begin(), "the one that tries it is still under way"
        bench.succeed()
        bench.fail(10, era=0)
        assert bench.state == "closed"

    def test_a_try_that_taught_nothing_gives_way_to_the_next(self, bench: Bench) -> None:
        bench.fail(3)
        bench.breaker.probed(ready=True)
        assert bench.breaker.begin()
        bench.breaker.given_up(bench.breaker.era)
        assert bench.breaker.begin()

    def test_a_second_probe_closes_it_where_nobody_has_tried(self, bench: Bench) -> None:
        bench.fail(3)
        bench.breaker.probed(ready=True)
        bench.breaker.probed(ready=True)
        assert bench.state == "closed"

    def test_one_that_lives_and_is_not_ready_is_tried_after_a_while(self, bench: Bench) -> None:
        bench.fail(3)
        bench.moment = 9.9
        bench.breaker.probed(ready=False)
        assert bench.state == "open"
        bench.moment = 10.0
        bench.breaker.probed(ready=False)
        assert bench.state == "half_open"

    def test_without_a_probe_it_is_never_tried(self, bench: Bench) -> None:
        bench.fail(3)
        bench.moment = 3600
        assert not bench.breaker.begin()
