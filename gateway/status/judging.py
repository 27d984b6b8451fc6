"""From numbers to a word. Invariant: pure; a service that nobody hears of is down."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from services.chassis.vitals import Vitals

State = Literal["up", "degraded", "down"]
WORKER_SECONDS = 30.0
"""A worker looks at its queues every five seconds: one not heard of for so long is gone."""
LATE_SECONDS = 60.0
"""An event goes out within a second: one that waits for so long is stuck."""


@dataclass(frozen=True)
class Judgement:
    """The word, and why it is no better one."""

    state: State
    reasons: tuple[str, ...] = ()


def judge(answers: Sequence[Vitals | None]) -> Judgement:
    """Of all instances of a service: down where none can work, degraded where one cannot."""
    each = [_judge_one(answer) for answer in answers]
    reasons = tuple(dict.fromkeys(reason for one in each for reason in one.reasons))
    states = {one.state for one in each} or {"down"}
    if states == {"down"}:
        return Judgement("down", reasons)
    return Judgement("up" if states == {"up"} else "degraded", reasons)


def overall(states: Sequence[State]) -> State:
    """Of all services: down where all are."""
    if all(state == "up" for state in states):
        return "up"
    return "down" if all(state == "down" for state in states) else "degraded"


def _judge_one(found: Vitals | None) -> Judgement:
    if found is None:
        return Judgement("down", ("unreachable",))
    if found.parts.get("database") is False:
        return Judgement("down", ("database",))
    reasons = tuple(_lacks(found))
    return Judgement("degraded" if reasons else "up", reasons)


def _lacks(found: Vitals) -> list[str]:
    lacks = [] if found.ready else [f"part:{name}" for name, up in found.parts.items() if not up]
    if found.pending is None:
        return [*lacks, "backlog_unknown"]
    if found.oldest_pending_seconds is not None and found.oldest_pending_seconds > LATE_SECONDS:
        lacks.append("events_late")
    if found.queues is None or (found.at - found.queues.seen_at).total_seconds() > WORKER_SECONDS:
        lacks.append("worker_away")
    elif not found.queues.consumers:
        lacks.append("not_consuming")
    return lacks
