"""What events hold, as schemas. Invariant: as a reader sees them, and one name means one thing in all of them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from deploy.openapi.components import merged_schemas, plainly_named, rename_collisions
from services.contracts.catalogue import SCHEMAS
from services.contracts.event import Event
from services.contracts.schema import readable

Document = dict[str, Any]
TEMPLATE = "#/components/schemas/{model}"


def schemas_of(events: Iterable[type[Event]]) -> tuple[Document, Mapping[type[Event], Document]]:
    """``components.schemas``, and for each event the reference to its own."""
    by_service: dict[str, list[type[Event]]] = {}
    for event in events:
        by_service.setdefault(event.service(), []).append(event)
    documents, references = {}, {}
    for service, published in by_service.items():
        refs, generated = models_json_schema([(one, "validation") for one in published], ref_template=TEMPLATE)
        marked = {f"at{number}": refs[one, "validation"] for number, one in enumerate(published)}
        schemas = {name: readable(schema) for name, schema in generated.get("$defs", {}).items()}
        documents[service] = plainly_named({"marked": marked, "components": {"schemas": schemas}})
        references[service] = published
    renamed = rename_collisions(documents)
    found = {
        event: renamed[service]["marked"][f"at{number}"]
        for service, published in references.items()
        for number, event in enumerate(published)
    }
    return {**merged_schemas(renamed), "Envelope": _envelope()}, found


def _envelope() -> Document:
    """The CloudEvent around every event; written by hand among the contracts."""
    schema: Document = json.loads((SCHEMAS / "envelope.json").read_text(encoding="utf-8"))
    return {name: value for name, value in schema.items() if not name.startswith("$")}
