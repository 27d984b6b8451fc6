"""The wire form: whatever an event holds, it arrives as it was sent, and the bytes fit the committed schemas."""

from datetime import datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.bus.envelope import Undecodable, seal, unseal
from services.chassis.ids import instant_of, new_id
from services.contracts.event import Event
from services.contracts.routing import UnitChanged
from tests.contracts.arbitrary import INSTANTS, any_event
from tests.contracts.test_samples import grown, validator

UNIT = UnitChanged(unit_id=new_id(), name="Desa Sekartaji", kind="village")
TRACE = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}


class TestRoundTrip:
    @given(event=any_event(), seq=st.integers(1, 2**53), at=INSTANTS, traced=st.booleans())
    def test_an_event_arrives_as_it_was_sent(self, event: Event, seq: int, at: datetime, traced: bool) -> None:
        sealed = seal(event, seq=seq, at=at, trace=TRACE if traced else {})
        envelope = unseal(sealed.body)
        assert type(event).read(envelope.data) == event
        assert (envelope.id, envelope.type, envelope.subject) == (sealed.id, event.event_type, event.stream)
        assert (envelope.streamversion, envelope.time) == (seq, at)
        assert envelope.source == f"/lontar/{event.service()}"
        assert envelope.traceparent == (TRACE["traceparent"] if traced else None)

    @given(event=any_event(), at=INSTANTS)
    def test_the_bytes_fit_the_committed_schemas(self, event: Event, at: datetime) -> None:
        document = orjson.loads(seal(event, seq=1, at=at, trace=TRACE).body)
        validator("envelope").validate(document)
        validator(event.event_type).validate(document["data"])

    @given(event=any_event(), at=INSTANTS)
    def test_what_a_later_version_adds_is_ignored(self, event: Event, at: datetime) -> None:
        document = orjson.loads(seal(event, seq=1, at=at, trace={}).body)
        later = {**document, "data": grown(document["data"]), "added_later": "x"}
        assert type(event).read(unseal(orjson.dumps(later)).data) == event

    def test_each_sealing_is_an_event_of_its_own(self) -> None:
        at = instant_of(new_id())
        assert seal(UNIT, seq=1, at=at, trace={}).id != seal(UNIT, seq=1, at=at, trace={}).id


class TestUndecodable:
    """What can never be read is said to be so, with the reason an operator will see."""

    WHOLE: dict[str, Any] = orjson.loads(seal(UNIT, seq=1, at=instant_of(new_id()), trace={}).body)

    @pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"not json", b'{"a": 1'])
    def test_bytes_that_are_not_json(self, body: bytes) -> None:
        with pytest.raises(Undecodable, match="not JSON"):
            unseal(body)

    @pytest.mark.parametrize("document", [[], 1, None, "text", {}])
    def test_json_that_is_no_envelope(self, document: Any) -> None:
        with pytest.raises(Undecodable, match="not a CloudEvent"):
            unseal(orjson.dumps(document))

    @pytest.mark.parametrize(
        "name", ["specversion", "id", "source", "type", "subject", "time", "streamversion", "data"]
    )
    def test_a_missing_attribute_is_named(self, name: str) -> None:
        with pytest.raises(Undecodable, match=name):
            unseal(orjson.dumps({key: value for key, value in self.WHOLE.items() if key != name}))

    @pytest.mark.parametrize(
        ("name", "value"),
        [("id", "one"), ("time", "yesterday"), ("streamversion", "first"), ("data", "text"), ("data", None)],
    )
    def test_a_malformed_attribute_is_named(self, name: str, value: Any) -> None:
        with pytest.raises(Undecodable, match=name):
            unseal(orjson.dumps({**self.WHOLE, name: value}))

    @pytest.mark.parametrize(
        "changed", [{"specversion": "0.3"}, {"type": "com.example.letter"}, {"type": "id.lontar.intake.letter.v1"}]
    )
    def test_another_language_is_not_ours(self, changed: dict[str, str]) -> None:
        with pytest.raises(Undecodable, match="not one of our events"):
            unseal(orjson.dumps({**self.WHOLE, **changed}))

    @given(body=st.binary(max_size=200))
    def test_no_bytes_raise_anything_else(self, body: bytes) -> None:
        with pytest.raises(Undecodable):
            unseal(body)


def test_an_id_is_kept_in_canonical_form() -> None:
    """Two spellings of one id are one event to the inbox."""
    upper = {**TestUndecodable.WHOLE, "id": TestUndecodable.WHOLE["id"].upper()}
    assert unseal(orjson.dumps(upper)).id == TestUndecodable.WHOLE["id"]
