"""How a registration is described in OpenAPI; the framework cannot, because it does not read the body."""

from typing import Any

from services.intake.api.upload import FILES, JSON, LETTER, ByReference
from services.intake.domain.draft import Draft


def registration_body() -> dict[str, Any]:
    """The ``requestBody`` of a registration."""
    schema = {
        "type": "object",
        "required": [LETTER, FILES],
        "properties": {
            LETTER: _inlined(Draft.model_json_schema()),
            FILES: {
                "type": "array",
                "minItems": 1,
                "maxItems": 20,
                "items": {"type": "string", "format": "binary"},
                "description": "The scans: PDF, JPEG, PNG, TIFF or HEIC, told by their bytes, not by their names.",
            },
        },
    }
    encoding = {
        LETTER: {"contentType": "application/json"},
        FILES: {"contentType": "application/pdf, image/jpeg, image/png, image/tiff, image/heic"},
    }
    form = {"schema": schema, "encoding": encoding}
    by_reference = {"schema": _inlined(ByReference.model_json_schema())}
    return {"required": True, "content": {"multipart/form-data": form, JSON: by_reference}}


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """``schema`` without ``$defs``: a reference into them would point at the wrong place in the whole description."""
    definitions = schema.pop("$defs", {})

    def resolved(node: Any) -> Any:
        if isinstance(node, list):
            return [resolved(one) for one in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            beside = {name: value for name, value in node.items() if name != "$ref"}
            return resolved(definitions[node["$ref"].rsplit("/", 1)[-1]]) | beside
        return {name: resolved(value) for name, value in node.items()}

    inlined: dict[str, Any] = resolved(schema)
    return inlined
