"""The wire form: what goes in comes out, and what is not ours is told apart with the reason."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.bus.envelope import Envelope, Undecodable, seal, unseal
from services.chassis.clock import now
from services.chassis.ids import instant_of
from tests.chassis.sample import ParcelSent

json_values = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def document(**changes: object) -> bytes:
    made = orjson.loads(seal(ParcelSent(parcel_id="a"), seq=1, at=now(), trace={}).body)
    made.update(changes)
    return orjson.dumps({name: value for name, value in made.items() if value != "absent"})


class TestSeal:
    def test_writes_a_cloud_event(self) -> None:
        at = now()
        sealed = seal(ParcelSent(parcel_id="a", note="b"), seq=7, at=at, trace={"traceparent": "00-1-2-01"})
        assert orjson.loads(sealed.body) == {
            "specversion": "1.0",
            "id": sealed.id,
            "source": "/lontar/post",
            "type": "id.lontar.post.parcel.sent.v1",
            "subject": "parcel/a",
            "time": at.isoformat().replace("+00:00", "Z"),
            "streamversion": 7,
            "datacontenttype": "application/json",
            "traceparent": "00-1-2-01",
            "data": {"parcel_id": "a", "note": "b"},
        }

    def test_gives_each_event_an_id_of_its_own_that_tells_the_time(self) -> None:
        first, second = (seal(ParcelSent(parcel_id="a"), seq=1, at=now(), trace={}) for _ in range(2))
        assert first.id < second.id
        assert abs((instant_of(first.id) - now()).total_seconds()) < 1


class TestUnseal:
    @given(parcel=texts, note=texts, seq=st.integers(1, 2**53))
    def test_gives_back_what_was_sealed(self, parcel: str, note: str, seq: int) -> None:
        at, event = now(), ParcelSent(parcel_id=parcel, note=note)
        sealed = seal(event, seq=seq, at=at, trace={})
        envelope = unseal(sealed.body)
        assert ParcelSent.read(envelope.data) == event
        assert (envelope.id, envelope.type, envelope.subject) == (sealed.id, event.event_type, event.stream)
        assert (envelope.streamversion, envelope.time) == (seq, at)

    @given(st.binary(max_size=300))
    def test_says_why_bytes_are_no_event_and_never_fails_otherwise(self, body: bytes) -> None:
        with pytest.raises(Undecodable):
            unseal(body)

    @given(json_values)
    def test_says_why_json_is_no_event_and_never_fails_otherwise(self, value: object) -> None:
        try:
            body = orjson.dumps(value)
        except TypeError:  # a number or text that JSON cannot hold
            return
        with pytest.raises(Undecodable):
            unseal(body)

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"specversion": "0.3"}, "specversion 0.3"),
            ({"type": "com.example.other"}, "com.example.other"),
            ({"type": "id.lontar.post.parcel.sent.v1\n"}, "not one of our events"),
            ({"id": "not-an-id"}, "id"),
            ({"id": "absent"}, "id"),
            ({"subject": "absent"}, "subject"),
            ({"streamversion": "absent"}, "streamversion"),
            ({"streamversion": "many"}, "streamversion"),
            ({"time": "yesterday"}, "time"),
            ({"data": "absent"}, "data"),
            ({"data": [1]}, "data"),
        ],
    )
    def test_names_what_is_wrong(self, changes: dict[str, object], reason: str) -> None:
        with pytest.raises(Undecodable, match=reason):
            unseal(document(**changes))

    def test_ignores_attributes_it_does_not_know(self) -> None:
        assert unseal(document(dataschema="urn:x", partitionkey="k")).subject == "parcel/a"

    def test_refuses_json_nested_without_end(self) -> None:
        with pytest.raises(Undecodable, match="not JSON"):
            unseal(b"[" * 100_000)

    def test_gives_something_that_does_not_change(self) -> None:
        envelope: Envelope = unseal(document())
        with pytest.raises(ValueError, match="frozen"):
            envelope.type = "x"  # type: ignore[misc]
