"""The committed samples against the committed schemas, by a validator that knows nothing of our models."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from services.chassis.bus.envelope import unseal
from services.contracts.catalogue import SAMPLES, SCHEMAS, all_events
from services.contracts.golden import CASE

PATHS = sorted(SAMPLES.glob("*.json"))
EVENTS = all_events()


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@cache
def validator(name: str) -> Draft202012Validator:
    schema = read(SCHEMAS / f"{name}.json")
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
class TestSample:
    def test_data_is_valid_against_the_schema_of_its_type(self, path: Path) -> None:
        validator(path.stem.partition(CASE)[0]).validate(read(path)["data"])

    def test_the_whole_is_valid_against_the_schema_of_the_envelope(self, path: Path) -> None:
        validator("envelope").validate(read(path))

    def test_a_service_reads_it_from_the_wire(self, path: Path) -> None:
        envelope = unseal(path.read_bytes())
        event = EVENTS[envelope.type].read(envelope.data)
        assert event.stream == envelope.subject
        assert event.model_dump(mode="json", exclude_unset=True) == read(path)["data"]

    def test_fields_of_a_later_version_are_valid_too(self, path: Path) -> None:
        document = read(path)
        validator("envelope").validate({**document, "added_later": 1})
        validator(path.stem.partition(CASE)[0]).validate(grown(document["data"]))

    def test_a_required_field_left_out_is_not_valid(self, path: Path) -> None:
        checked = validator(path.stem.partition(CASE)[0])
        data = read(path)["data"]
        for name in read(SCHEMAS / f"{path.stem.partition(CASE)[0]}.json")["required"]:
            with pytest.raises(ValidationError, match=name):
                checked.validate({key: value for key, value in data.items() if key != name})


def grown(value: Any) -> Any:
    """The same with an unknown field in every part, as a later minor version would send it."""
    if isinstance(value, dict):
        return {**{name: grown(inner) for name, inner in value.items()}, "added_later": {"deep": [1]}}
    if isinstance(value, list):
        return [grown(inner) for inner in value]
    return value
