"""When an instance is left alone. Invariant: one that does not answer costs nobody more than a look at this state.

Closed: it is asked. Open: it is not, and probes look after it. Half open: a probe was answered, and one request at a
time tries it; the first that succeeds closes the breaker, as does the next probe; one that fails opens it again. Only
the line counts (refused, reset, silent, garbled), never an answer, whatever its status: a route that errs must not take
its service away.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

State = Literal["closed", "half_open", "open"]
Clock = Callable[[], float]


@dataclass(frozen=True)
class Rule:
    """Opens after ``in_a_row`` failures, or when of ``least`` requests within ``window_seconds`` half have failed.

    A probe that is answered with "not ready" counts after ``open_seconds`` only: a service may do without the broker
    and still answer, but is not the first choice.
    """

    in_a_row: int = 5
    least: int = 20
    window_seconds: float = 10.0
    open_seconds: float = 10.0


class Breaker:
    """The state of one instance. Every ``begin`` that gave True is ended by one of the three that follow it, with the
    ``era`` it began in: a late word of a request from before the breaker opened changes nothing.
    """

    def __init__(self, rule: Rule, on_open: Callable[[], None] = lambda: None, clock: Clock = time.monotonic) -> None:
        self._rule, self._on_open, self._clock = rule, on_open, clock
        self.state: State = "closed"
        self.era = 0
        self._row = 0
        self._good = self._bad = 0
        self._window_began = float("-inf")
        self._opened_at = float("-inf")
        self._trying = False

    def begin(self) -> bool:
        """Whether a request may go there now."""
        if self.state == "closed":
            return True
        if self.state == "open" or self._trying:
            return False
        self._trying = True
        return True

    def succeeded(self, era: int) -> None:
        """It answered."""
        if era != self.era:
            return
        self._row = 0
        self._good += 1
        if self.state == "half_open":
            self._close()

    def failed(self, era: int) -> None:
        """It did not."""
        if era != self.era:
            return
        moment = self._clock()
        if moment - self._window_began > self._rule.window_seconds:
            self._window_began, self._good, self._bad = moment, 0, 0
        self._row += 1
        self._bad += 1
        half = self._good + self._bad >= self._rule.least and self._bad >= self._good
        if self.state == "half_open" or self._row >= self._rule.in_a_row or half:
            self._open(moment)

    def given_up(self, era: int) -> None:
        """Nothing was learned: the client left, or it was the client that failed."""
        if era == self.era:
            self._trying = False

    def probed(self, *, ready: bool) -> None:
        """A probe was answered; ready or not, it is alive. The second that finds it ready closes by itself."""
        if self.state == "half_open" and ready:
            self._close()
        elif self.state == "open" and (ready or self._clock() - self._opened_at >= self._rule.open_seconds):
            self.state = "half_open"
            self._trying = False

    def _close(self) -> None:
        self.state = "closed"
        self._trying = False
        self._row = self._good = self._bad = 0

    def _open(self, moment: float) -> None:
        self.state = "open"
        self.era += 1
        self._opened_at = moment
        self._trying = False
        self._row = self._good = self._bad = 0
        self._window_began = float("-inf")
        self._on_open()
