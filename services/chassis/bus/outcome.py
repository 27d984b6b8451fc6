"""How the handling of a message can end. Invariant: exactly one of these four, and nothing else, decides its fate."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Done:
    """Handled; the work is committed."""


@dataclass(frozen=True)
class Duplicate:
    """Handled before; nothing was done."""


@dataclass(frozen=True)
class Retry:
    """Cannot be handled yet; goes to the next rung of the ladder."""

    reason: str


@dataclass(frozen=True)
class Park:
    """Can never be handled as it is; waits for an operator."""

    reason: str


Outcome: TypeAlias = Done | Duplicate | Retry | Park


class RetryLater(Exception):
    """Raised by a handler that met something missing which may still arrive."""


class ParkMessage(Exception):
    """Raised by a handler that knows no retry will help."""
