"""Readers and writers of different versions: what is ignored, and what is refused."""

import json
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import ValidationError

from services.contracts.catalogue import SAMPLES, all_events
from services.contracts.event import Event, routing_key
from services.contracts.golden import CASE
from services.contracts.routing import UnitChanged
from tests.contracts.evolving import ADDITIVE, event
from tests.contracts.test_samples import grown

EVENTS = all_events()
PATHS = sorted(SAMPLES.glob("*.json"))


def data_of(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))["data"]


def parts(value: Any) -> list[dict[str, Any]]:
    """Every object in ``value``, itself included, so that a test can spoil each."""
    if isinstance(value, dict):
        return [value, *(part for inner in value.values() for part in parts(inner))]
    return [part for inner in value for part in parts(inner)] if isinstance(value, list) else []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
class TestPublishedEvents:
    def model(self, path: Path) -> type[Event]:
        return EVENTS[path.stem.partition(CASE)[0]]

    def test_an_old_reader_ignores_new_fields_at_every_depth(self, path: Path) -> None:
        data = data_of(path)
        assert self.model(path).read(grown(data)) == self.model(path).read(data)

    def test_a_publisher_refuses_an_unknown_field_at_every_depth(self, path: Path) -> None:
        data = data_of(path)
        for part in parts(data):
            part["made_up"] = 1
            with pytest.raises(ValidationError, match="made_up"):
                self.model(path).model_validate(data)
            del part["made_up"]

    def test_an_event_cannot_be_changed_once_made(self, path: Path) -> None:
        made = self.model(path).model_validate(data_of(path))
        name = next(iter(type(made).model_fields))
        with pytest.raises(ValidationError, match="frozen"):
            setattr(made, name, "changed")


class TestVersions:
    """The first version of an event and later minor versions of it, both ways."""

    FIRST = event()
    DATA: ClassVar[dict[str, Any]] = {
        "letter_id": "019cabe3-80f8-7a40-b6d8-8d2b3d0fbb21",
        "subject": "Permohonan peminjaman alat berat",
        "urgency": "urgent",
        "category": "request",
        "pages": 2,
        "received_on": "2026-03-02",
        "registered_at": "2026-03-02T00:12:30.104000Z",
        "items": [{"code": "a", "label": "A"}],
        "limits": {"pages": 20},
    }

    @pytest.mark.parametrize("later", ADDITIVE.values(), ids=ADDITIVE.keys())
    def test_a_later_reader_reads_an_old_event(self, later: type[Event]) -> None:
        written = self.FIRST.model_validate(self.DATA).model_dump(mode="json")
        assert later.read(written).model_dump(mode="json").items() >= {"subject": self.DATA["subject"]}.items()

    @pytest.mark.parametrize("later", ADDITIVE.values(), ids=ADDITIVE.keys())
    def test_an_old_reader_reads_a_later_event(self, later: type[Event]) -> None:
        written = later.model_validate(self.DATA).model_dump(mode="json")
        assert self.FIRST.read(written) == self.FIRST.model_validate(self.DATA)

    def test_an_old_reader_cannot_read_a_value_it_does_not_know(self) -> None:
        """Why an added enum value is not an additive change."""
        with pytest.raises(ValidationError, match="urgency"):
            self.FIRST.read({**self.DATA, "urgency": "very_urgent"})


class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            "letter.registered.v1",
            "id.lontar.intake.letter.registered",
            "id.lontar.intake.letter.registered.v",
            "id.lontar.Intake.letter.registered.v1",
            "id.lontar.intake.registered.v1",
            "id.lontar.intake.letter.registered.v1.draft",
        ],
    )
    def test_a_name_that_is_no_event_type_is_refused(self, name: str) -> None:
        with pytest.raises(ValueError, match="not an event type"):
            event(event_type=name)

    def test_the_routing_key_is_the_type_without_the_reverse_dns(self) -> None:
        assert routing_key(UnitChanged.event_type) == "routing.unit.changed.v1"

    @pytest.mark.parametrize("published", EVENTS.values(), ids=EVENTS.keys())
    def test_the_type_names_the_service_whose_module_holds_it(self, published: type[Event]) -> None:
        assert published.__module__ == f"services.contracts.{published.service()}"
