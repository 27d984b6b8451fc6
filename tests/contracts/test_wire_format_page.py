"""docs/wire-format.md against the code: what clients in other languages are told is what happens."""

import json
import re
from pathlib import Path

import pytest

from services.chassis.bus.envelope import CONTENT_TYPE
from services.chassis.bus.settler import ATTEMPT_HEADER, REASON_HEADER
from services.chassis.bus.topology import DELIVERY_LIMIT, EVENTS, LADDER_SECONDS, UNROUTED
from services.chassis.outbox import KEEP_SENT_SECONDS
from services.contracts.catalogue import SAMPLES, all_events
from services.contracts.event import routing_key

PAGE = Path(__file__).parents[2] / "docs" / "wire-format.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_example_is_the_sample() -> None:
    found = re.search(r"```json\n(.*?)```", TEXT, flags=re.DOTALL)
    assert found is not None
    example = json.loads(found[1])
    assert example == json.loads((SAMPLES / f"{example['type']}.json").read_text(encoding="utf-8"))


def test_every_event_is_listed_with_its_stream() -> None:
    listed = set(re.findall(r"^\| `([a-z_.]+\.v\d+)` \| `([a-z_]+)/<id>` \|", TEXT, flags=re.MULTILINE))
    assert listed == {(routing_key(name), event.subject_kind) for name, event in all_events().items()}


@pytest.mark.parametrize("name", [EVENTS, UNROUTED, CONTENT_TYPE, ATTEMPT_HEADER, REASON_HEADER])
def test_names_are_those_in_use(name: str) -> None:
    assert f"`{name}`" in TEXT


def test_the_ladder_and_the_limits_are_those_in_use() -> None:
    assert LADDER_SECONDS == (5, 60, 900, 7200)
    assert "(5 s, 1 min, 15 min, 2 h)" in TEXT
    assert f"`x-delivery-limit: {DELIVERY_LIMIT}`" in TEXT
    assert f"for {KEEP_SENT_SECONDS // 86400} days" in TEXT


def test_links_lead_somewhere() -> None:
    targets = [target for target in re.findall(r"\]\(([^)#]+)", TEXT) if "://" not in target]
    assert targets
    assert [target for target in targets if not (PAGE.parent / target).exists()] == []
