"""Identifiers sort by time and come in one spelling."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.ids import EntityId, first_id_of, instant_of, known_id, new_id

entity_id: TypeAdapter[str] = TypeAdapter(EntityId)
SOME_ID = "0199a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"


class TestNewId:
    def test_is_a_uuid_of_version_7(self) -> None:
        assert UUID(new_id()).version == 7

    def test_always_grows(self) -> None:
        ids = [new_id() for _ in range(10_000)]
        assert ids == sorted(set(ids))

    def test_tells_when_it_was_made(self) -> None:
        assert abs((instant_of(new_id()) - now()).total_seconds()) < 1


class TestInstants:
    @given(st.uuids())
    def test_any_uuid_has_one_because_clients_choose_cursors(self, identifier: UUID) -> None:
        assert instant_of(str(identifier)).tzinfo is not None

    def test_the_first_id_of_an_instant_sorts_before_every_id_made_since(self) -> None:
        before = now()
        assert first_id_of(before) <= new_id()
        assert instant_of(first_id_of(before)) == before
        assert first_id_of(before + timedelta(seconds=5)) > new_id()

    def test_before_the_epoch_every_id_has_been_made_since(self) -> None:
        assert first_id_of(datetime(1969, 7, 20, tzinfo=UTC)) < str(UUID(int=1 << 80))


class TestEntityId:
    @given(st.uuids())
    def test_takes_any_uuid_in_any_case_and_gives_the_canonical_text(self, identifier: UUID) -> None:
        assert entity_id.validate_python(str(identifier).upper()) == str(identifier)

    @pytest.mark.parametrize("text", ["", "x", "../etc/passwd", SOME_ID[:-1], SOME_ID + "0", 5, None, {"$ne": 1}])
    def test_refuses_everything_else(self, text: object) -> None:
        with pytest.raises(ValidationError):
            entity_id.validate_python(text)

    @pytest.mark.parametrize(
        "form", ["\n{}", "{}\n", " {}", "{}\u2028", "\t{}", "{{{}}}", "urn:uuid:{}", "+{}", "-{}", "{}-", "{}_"]
    )
    def test_refuses_an_id_in_any_dress(self, form: str) -> None:
        with pytest.raises(ValidationError):
            entity_id.validate_python(form.format(SOME_ID))

    @pytest.mark.parametrize(
        "text",
        [
            SOME_ID.replace("-", ""),
            SOME_ID.replace("0199a1b2", "0199 1b2"),
            SOME_ID.replace("0199a1b2", " 199a1b2"),
            SOME_ID.replace("0199a1b2", "0199_1b2"),
            SOME_ID.replace("0199", "\u0660199"),
        ],
    )
    def test_refuses_what_the_library_would_read_past(self, text: str) -> None:
        with pytest.raises(ValidationError):
            entity_id.validate_python(text)

    @pytest.mark.parametrize("text", ["", f"\n{SOME_ID}", f"{{{SOME_ID}}}"])
    def test_a_cursor_is_one_too(self, text: str) -> None:
        with pytest.raises(ServiceError) as caught:
            known_id(text)
        assert (caught.value.status, caught.value.code) == (422, "bad_cursor")
        assert known_id(SOME_ID.upper()) == SOME_ID


class TestClock:
    def test_is_utc_and_exact_to_the_millisecond(self) -> None:
        instant = now()
        assert instant.utcoffset() is not None
        assert instant.microsecond % 1000 == 0
