"""How far one recipient is. Invariant: a state follows from what was done and is never set, so neither the order in
which others act nor a repetition makes a difference.
"""

from collections.abc import Iterable
from typing import Literal

from services.contracts.disposition import ClosesOn, Effect

State = Literal["sent", "read", "received", "replied", "in_progress", "done", "declined", "recalled"]
Demand = ClosesOn
"""The act with which a part is done."""

GONE: frozenset[State] = frozenset({"declined", "recalled"})
"""Nobody waits for this recipient any more."""
OPEN: frozenset[State] = frozenset({"sent", "read", "received", "replied", "in_progress"})
DEMANDS: tuple[Demand, ...] = ("read", "reply", "completion")


def demand_of(effects: Iterable[Effect], inherited: Demand = "completion") -> Demand:
    """The strictest act that instructions with these effects ask for; ``inherited`` is what the parent's asked for."""
    return max((_demand(effect, inherited) for effect in effects), key=DEMANDS.index)


def _demand(effect: Effect, inherited: Demand) -> Demand:
    match effect:
        case "closes_on_read" | "closes":
            return "read"
        case "reply":
            return "reply"
        case "inherits":
            return inherited
        case _:
            return "completion"
