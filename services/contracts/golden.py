"""Golden samples: events as they go over the wire, written by hand. Invariant: what was once a sample stays readable.

``samples/<type>.json`` shows the usual case; ``samples/<type>--<case>.json`` show others. Together they show every
field. A sample is never edited to follow a model: an added field gets a sample of its own.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from services.contracts.event import Event
from services.contracts.schema import Schema, reader_schema

ATTRIBUTES = ("specversion", "id", "source", "type", "subject", "time", "streamversion", "datacontenttype")
CASE = "--"


def samples_of(event_type: str, folder: Path) -> list[Path]:
    """The samples of a type, the usual case first."""
    return [
        path
        for path in (folder / f"{event_type}.json", *sorted(folder.glob(f"{event_type}{CASE}*.json")))
        if path.exists()
    ]


def faults(events: dict[str, type[Event]], folder: Path) -> Iterator[str]:
    """What is wrong with the samples in ``folder``, a sentence each."""
    for path in sorted(folder.glob("*.json")):
        if path.stem.partition(CASE)[0] not in events:
            yield f"samples/{path.name}: there is no event of this type"
    for event_type, event in events.items():
        paths = samples_of(event_type, folder)
        if not paths or paths[0].stem != event_type:
            yield f"{event_type}: the sample samples/{event_type}.json is missing"
            continue
        shown: set[str] = set()
        for path in paths:
            document = json.loads(path.read_text(encoding="utf-8"))
            yield from (f"samples/{path.name}: {fault}" for fault in _faults_of(event, document))
            shown |= set(_shown(document.get("data")))
        for field in sorted(set(_declared(reader_schema(event))) - shown):
            yield f"{event_type}: no sample shows {field}"


def _faults_of(event: type[Event], document: Any) -> Iterator[str]:
    missing = [name for name in (*ATTRIBUTES, "data") if name not in document]
    if missing:
        yield f"not a whole CloudEvent, it lacks {', '.join(missing)}"
        return
    try:
        parsed = event.model_validate_json(json.dumps(document["data"]))
    except ValidationError as error:
        for one in error.errors():
            yield f"data.{'.'.join(map(str, one['loc']))}: {one['msg']}"
        return
    if parsed.model_dump(mode="json", exclude_unset=True) != document["data"]:
        yield "data does not come back as it was written"
    expected = {
        "specversion": "1.0",
        "source": f"/lontar/{event.service()}",
        "type": event.event_type,
        "subject": parsed.stream,
        "datacontenttype": "application/json",
    }
    for name, value in expected.items():
        if document[name] != value:
            yield f"{name} is {document[name]!r}, not {value!r}"
    yield from _form(document)


def _form(document: dict[str, Any]) -> Iterator[str]:
    try:
        if UUID(document["id"]).version != 7 or str(UUID(document["id"])) != document["id"]:
            yield "id is not a UUIDv7 in canonical form"
    except ValueError:
        yield "id is not a UUID"
    if not isinstance(document["streamversion"], int) or document["streamversion"] < 1:
        yield "streamversion is not a whole number from 1"
    try:
        if datetime.fromisoformat(document["time"]).tzinfo is None:
            yield "time has no offset"
    except ValueError:
        yield "time is not an RFC 3339 instant"


def _shown(value: Any, path: str = "data") -> Iterator[str]:
    """The paths of every member that has a value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if inner is not None:
                yield f"{path}.{name}"
                yield from _shown(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _shown(inner, f"{path}[]")


def _declared(root: Schema) -> Iterator[str]:
    """The paths of every field a schema declares."""
    yield from _fields(root, root, "data", ())


def _fields(schema: Schema, root: Schema, path: str, within: tuple[str, ...]) -> Iterator[str]:
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        if name not in within:
            yield from _fields(root["$defs"][name], root, path, (*within, name))
        return
    for name, field in schema.get("properties", {}).items():
        yield f"{path}.{name}"
        yield from _fields(field, root, f"{path}.{name}", within)
    if isinstance(schema.get("items"), dict):
        yield from _fields(schema["items"], root, f"{path}[]", within)
    for alternative in _alternatives(schema):
        yield from _fields(alternative, root, path, within)


def _alternatives(schema: Schema) -> Iterable[Schema]:
    return (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ()))
