"""An event's JSON Schema as a reader sees it. Invariant: it allows what a later minor version may add.

It describes the ``data`` of the CloudEvent; the envelope around it is described by ``schemas/envelope.json``.
"""

import json
from typing import Any

from services.contracts.event import Event, routing_key

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def reader_schema(event: type[Event]) -> Schema:
    """What a reader may count on: fields it must find, fields it may find, and any others, which it ignores."""
    generated = event.model_json_schema(mode="validation")
    return {
        "$schema": DIALECT,
        "$id": f"urn:lontar:event:{event.event_type}",
        "x-lontar-type": event.event_type,
        "x-lontar-routing-key": routing_key(event.event_type),
        "x-lontar-subject": f"{event.subject_kind}/{{{event.subject_field}}}",
        **readable(generated),
    }


def text(schema: Schema) -> str:
    """The committed form."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def readable(part: Any) -> Any:
    """A generated schema, or a part of one, with whatever a later minor version may add."""
    if isinstance(part, list):
        return [readable(one) for one in part]
    if not isinstance(part, dict):
        return part
    opened = {name: readable(value) for name, value in part.items() if name != "default"}
    if "default" in part:
        opened["default"] = part["default"]  # a value, not a schema
    if part.get("additionalProperties") is False:
        opened["additionalProperties"] = True
    return opened
