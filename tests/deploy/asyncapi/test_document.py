"""The events as they are described: all of them, by whom and for whom, and what the samples say fits (H7)."""

import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from deploy.asyncapi.__main__ import main
from deploy.asyncapi.document import Document, channel_name, document, written
from gateway import docs
from services.chassis.bus.topology import EVENTS
from services.contracts.catalogue import all_events
from services.contracts.event import routing_key
from services.contracts.subscriptions import SUBSCRIPTIONS

FIELDS = {
    "channel": {"address", "title", "description", "servers", "messages", "tags", "bindings"},
    "operation": {"action", "channel", "summary", "tags", "bindings", "messages", "x-lontar-queue"},
    "message": {
        "name",
        "title",
        "summary",
        "description",
        "contentType",
        "headers",
        "payload",
        "tags",
        "bindings",
        "examples",
    },
}
"""What AsyncAPI 3.0.0 knows of each, as far as we use it."""


@pytest.fixture(scope="module")
def described() -> Document:
    """What a build would write."""
    return document()


class TestEvents:
    """Every event is there."""

    def test_H7_each_has_an_address_on_the_exchange(self, described: Document) -> None:
        assert len(described["channels"]) == len(all_events()) > 40
        for event in all_events().values():
            channel = described["channels"][channel_name(event)]
            assert channel["address"] == routing_key(event.event_type)
            assert channel["bindings"]["amqp"]["exchange"]["name"] == EVENTS

    def test_each_is_sent_by_the_service_it_is_named_for(self, described: Document) -> None:
        sent = {name: one for name, one in described["operations"].items() if one["action"] == "send"}
        assert set(sent) == {f"{one.service()}_sends_{channel_name(one)}" for one in all_events().values()}

    def test_each_is_received_by_whom_the_subscriptions_name(self, described: Document) -> None:
        received = {
            (one["x-lontar-queue"], one["channel"]["$ref"].removeprefix("#/channels/"))
            for one in described["operations"].values()
            if one["action"] == "receive"
        }
        wanted = {
            (f"{service}.events", channel_name(event)) for service, events in SUBSCRIPTIONS.items() for event in events
        }
        assert received == wanted

    def test_each_is_said_in_a_line_and_shown(self, described: Document) -> None:
        for name, message in described["components"]["messages"].items():
            assert re.fullmatch(r"[A-Z].*[^.]", message["summary"]), name
            assert "\n" not in message["summary"]
            assert message["examples"], name


class TestForm:
    """It is what tools for AsyncAPI 3 can read."""

    def test_nothing_is_said_that_the_standard_does_not_know(self, described: Document) -> None:
        assert described["asyncapi"] == "3.0.0"
        assert set(described) == {
            "asyncapi",
            "info",
            "defaultContentType",
            "servers",
            "channels",
            "operations",
            "components",
        }
        parts = {
            "channel": described["channels"],
            "operation": described["operations"],
            "message": described["components"]["messages"],
        }
        for kind, things in parts.items():
            for name, thing in things.items():
                assert set(thing) <= FIELDS[kind], name

    def test_every_reference_leads_somewhere(self, described: Document) -> None:
        references = set(re.findall(r'"\$ref": "#/([^"]+)"', written(described).decode()))
        assert len(references) > 100
        for reference in references:
            node: Any = described
            for part in reference.split("/"):
                node = node[part]
            assert node

    def test_schemas_have_plain_names(self, described: Document) -> None:
        assert all(re.fullmatch(r"[A-Z][A-Za-z0-9]*", name) for name in described["components"]["schemas"])


class TestSamples:
    """The samples are what readers will get."""

    def test_each_fits_what_is_said_of_it(self, described: Document) -> None:
        for name, message in described["components"]["messages"].items():
            validator = Draft202012Validator({**message["payload"], "components": described["components"]})
            for example in message["examples"]:
                faults = [fault.message for fault in validator.iter_errors(example["payload"])]
                assert faults == [], f"{name}: {example['name']}"

    def test_what_does_not_fit_is_noticed(self, described: Document) -> None:
        message = described["components"]["messages"]["routing_unit_changed_v1"]
        validator = Draft202012Validator({**message["payload"], "components": described["components"]})
        [example] = [one for one in message["examples"] if one["name"] == "usual"]
        event = example["payload"]
        wrong = ({"type": "id.lontar.routing.unit.changed.v2"}, {"data": {"name": "Desa"}}, {"streamversion": 0})
        for change in wrong:
            assert list(validator.iter_errors({**event, **change})), change
        later = {**event, "data": {**event["data"], "of_a_later_version": 1}}
        assert not list(validator.iter_errors(later))


class TestCommitted:
    """gateway/asyncapi.json."""

    def test_it_is_what_a_build_would_write(self, described: Document) -> None:
        current = docs.EVENTS.read_bytes() == written(described)
        assert current, "stale: run `python -m deploy.asyncapi build` and commit gateway/asyncapi.json"

    def test_check_tells_a_stale_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "asyncapi.json"
        monkeypatch.setattr("deploy.asyncapi.__main__.EVENTS", path)
        assert main(["check"]) == 1
        assert main(["build"]) == 0
        assert main(["check"]) == 0
        path.write_bytes(path.read_bytes().replace(b"Lontar", b"Other", 1))
        assert main(["check"]) == 1
        assert main(["nonsense"]) == 2
