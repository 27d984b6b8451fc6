"""How far one recipient is. Invariant: a state is never left for an earlier one, in whatever order acts arrive.

A state is the highest that the acts so far have reached, so the order and the repetition of acts make no difference
(``after`` is a maximum). What the instructions ask for decides which act is the last one.
"""

from collections.abc import Iterable
from typing import Literal

from services.contracts.disposition import Effect

State = Literal["sent", "read", "replied", "in_progress", "done"]
Deed = Literal["read", "reply", "pass_on", "complete"]
Demand = Literal["read", "reply", "completion"]

STATES: tuple[State, ...] = ("sent", "read", "replied", "in_progress", "done")
_REACHES: dict[Deed, State] = {"read": "read", "reply": "replied", "pass_on": "in_progress", "complete": "done"}
_DEMANDS: tuple[Demand, ...] = ("read", "reply", "completion")
_SATISFIED_BY: dict[Deed, frozenset[Demand]] = {
    # Who replies or passes it on has read it.
    "read": frozenset({"read"}),
    "pass_on": frozenset({"read"}),
    "reply": frozenset({"read", "reply"}),
    "complete": frozenset({"read", "reply", "completion"}),
}


def demand_of(effects: Iterable[Effect], inherited: Demand = "completion") -> Demand:
    """The strictest act that instructions with these effects ask for; ``inherited`` is what the parent's asked for."""
    return max((_demand(effect, inherited) for effect in effects), key=_DEMANDS.index)


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


def after(state: State, deed: Deed, demand: Demand) -> State:
    """The state of a recipient with ``demand`` once ``deed`` was done in ``state``."""
    reached: State = "done" if demand in _SATISFIED_BY[deed] else _REACHES[deed]
    return max(state, reached, key=STATES.index)
