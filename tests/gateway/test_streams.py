"""Counting event streams that are open."""

import pytest

from gateway.streams import OpenStreams
from services.chassis.errors import ServiceError


def refusal_of(streams: OpenStreams, name: str) -> tuple[int, str, str]:
    with pytest.raises(ServiceError) as caught:
        streams.enter(name)
    return caught.value.status, caught.value.code, caught.value.headers["Retry-After"]


class TestEnter:
    def test_one_caller_may_hold_so_many(self) -> None:
        streams = OpenStreams(per_caller=2, at_most=10)
        streams.enter("a")
        streams.enter("a")
        assert refusal_of(streams, "a") == (429, "too_many_streams", "30")
        streams.enter("b")

    def test_one_process_may_hold_so_many(self) -> None:
        streams = OpenStreams(per_caller=2, at_most=2)
        streams.enter("a")
        streams.enter("b")
        assert refusal_of(streams, "c") == (503, "streams_full", "30")

    def test_who_leaves_makes_room(self) -> None:
        streams = OpenStreams(per_caller=1, at_most=1)
        streams.enter("a")
        streams.leave("a")
        streams.enter("b")
        assert refusal_of(streams, "b") == (429, "too_many_streams", "30")
