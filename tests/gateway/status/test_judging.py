"""From what a service tells of itself to a word."""

from datetime import timedelta
from typing import Any

import pytest

from gateway.status.judging import State, judge, overall
from services.chassis.clock import now
from services.chassis.vitals import Queues, Vitals


def vitals(*, seen_seconds_ago: float = 1, consumers: int = 1, queues: bool = True, **changes: Any) -> Vitals:
    at = now()
    seen = Queues(waiting=0, parked=0, consumers=consumers, seen_at=at - timedelta(seconds=seen_seconds_ago))
    told: dict[str, Any] = {
        "service": "routing",
        "started_at": at,
        "at": at,
        "ready": True,
        "parts": {"database": True, "relay": True},
        "pending": 0,
        "oldest_pending_seconds": None,
        "queues": seen if queues else None,
    }
    return Vitals.model_validate({**told, **changes})


class TestJudge:
    @pytest.mark.parametrize(
        ("found", "state", "reasons"),
        [
            (vitals(), "up", ()),
            (None, "down", ("unreachable",)),
            (vitals(ready=False, parts={"database": False, "relay": True}), "down", ("database",)),
            (vitals(ready=False, parts={"database": True, "relay": False}), "degraded", ("part:relay",)),
            (vitals(parts={"database": True, "malware_scanner": False}), "up", ()),
            (vitals(pending=None), "degraded", ("backlog_unknown",)),
            (vitals(pending=3, oldest_pending_seconds=2.0), "up", ()),
            (vitals(pending=3, oldest_pending_seconds=61.0), "degraded", ("events_late",)),
            (vitals(queues=False), "degraded", ("worker_away",)),
            (vitals(seen_seconds_ago=31), "degraded", ("worker_away",)),
            (vitals(consumers=0), "degraded", ("not_consuming",)),
        ],
    )
    def test_one_instance(self, found: Vitals | None, state: State, reasons: tuple[str, ...]) -> None:
        judgement = judge([found])
        assert (judgement.state, judgement.reasons) == (state, reasons)

    def test_of_several_instances_one_that_works_is_enough_to_be_there(self) -> None:
        judgement = judge([None, vitals()])
        assert (judgement.state, judgement.reasons) == ("degraded", ("unreachable",))
        assert judge([None, None]).state == "down"
        assert judge([vitals(), vitals()]).state == "up"


@pytest.mark.parametrize(
    ("states", "state"),
    [(["up", "up"], "up"), (["up", "down"], "degraded"), (["up", "degraded"], "degraded"), (["down", "down"], "down")],
)
def test_the_whole_is_down_where_all_are(states: list[State], state: State) -> None:
    assert overall(states) == state
