"""An example for every body of the API. Invariant: what an operation says itself is kept, and all else is made here.

Answers are composed from their schemas, each field with its sample; what is asked is written down for each operation,
because which fields go together is not in a schema. A test holds both to the schemas and to the models themselves.
"""

from collections.abc import Mapping
from typing import Any

from deploy.openapi.bodies import BODIES
from deploy.openapi.components import PREFIX, Schemas
from deploy.openapi.samples import FORMATS, PATTERNS, SAMPLES

JSON = "application/json"
EXAMPLES = "#/components/examples/"
DEEPEST = 12
Document = dict[str, Any]


class Composer:
    """Makes a value for a schema: the same one every time."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas

    def value(self, schema: Document, name: str = "", within: tuple[str, ...] = ()) -> Any:
        """An example of ``schema``; ``name`` is what the field is called, ``within`` the schemas it lies in."""
        if (reference := schema.get("$ref")) is not None:
            return self._named(reference.removeprefix(PREFIX), name, within)
        own = shown_by(schema)
        if own is not None:
            return self.completed(own, schema)
        if "const" in schema:
            return schema["const"]
        choices = schema.get("anyOf") or schema.get("oneOf")
        if choices:
            return self._chosen(choices, name, within)
        return self._plain(schema, name, within)

    def _named(self, known: str, name: str, within: tuple[str, ...]) -> Any:
        if known in within or len(within) > DEEPEST:
            return None  # a thing that holds things of its own kind: those hold none
        inner = (*within, known)
        return self.value(self._schemas[known], name, inner)

    def own(self, schema: Document) -> Any:
        """What a model shows of itself where it is sent: as it stands, for what is left out may be left out."""
        return shown_by(self._schemas.get(schema.get("$ref", "").removeprefix(PREFIX), schema))

    def completed(self, example: Any, schema: Document) -> Any:
        """What a model shows of itself, with what it left out because it is null there."""
        schema = self._schemas[schema["$ref"].removeprefix(PREFIX)] if "$ref" in schema else schema
        if isinstance(example, list):
            return [self.completed(one, schema.get("items", {})) for one in example]
        fields: Document = schema.get("properties", {})
        if not isinstance(example, dict) or not fields:
            return example
        said = {field: self.completed(value, fields.get(field, {})) for field, value in example.items()}
        left_out = [field for field in schema.get("required", ()) if field not in example]
        return {**said, **{field: self._left_out(fields[field], field) for field in left_out}}

    def _left_out(self, schema: Document, field: str) -> Any:
        nullable = any(choice.get("type") == "null" for choice in schema.get("anyOf", ()))
        return None if nullable else self.value(schema, field)

    def _chosen(self, choices: list[Document], name: str, within: tuple[str, ...]) -> Any:
        for choice in choices:
            if choice.get("type") != "null":
                value = self.value(choice, name, within)
                if value is not None:
                    return value
        return None

    def _plain(self, schema: Document, name: str, within: tuple[str, ...]) -> Any:
        match schema.get("type"):
            case "object":
                return self._object(schema, name, within)
            case "array":
                return self._list(schema, name, within)
            case "boolean":
                return bool(SAMPLES.get(name, {}).get(bool, False))
            case "integer" | "number" as kind:
                return _number(schema, name, int if kind == "integer" else float)
            case "string":
                return _text(schema, name)
        return SAMPLES.get(name, {}).get(object)

    def _object(self, schema: Document, name: str, within: tuple[str, ...]) -> Any:
        fields = schema.get("properties")
        if fields is None:
            return self._map(schema, name, within)
        found = {field: self.value(described, field, within) for field, described in fields.items()}
        wanted = set(schema.get("required", ()))
        return {field: value for field, value in found.items() if value is not None or field in wanted}

    def _map(self, schema: Document, name: str, within: tuple[str, ...]) -> Any:
        sample = SAMPLES.get(name, {}).get(dict)
        inner = schema.get("additionalProperties")
        if sample is not None or not isinstance(inner, dict):
            return sample or {}
        keys = schema.get("propertyNames", {}).get("enum", ("a",))
        return {key: self.value(inner, name, within) for key in keys[:2]}

    def _list(self, schema: Document, name: str, within: tuple[str, ...]) -> Any:
        if "prefixItems" in schema:
            return [self.value(one, name, within) for one in schema["prefixItems"]]
        one = self.value(schema.get("items", {}), name.removesuffix("s") if name in SAMPLES else name, within)
        one = SAMPLES.get(name, {}).get(list, one)
        return [] if one is None else [one] * max(1, schema.get("minItems", 1))


def with_examples(paths: Mapping[str, Any], schemas: Schemas) -> tuple[dict[str, Any], Document]:
    """The paths with an example in every JSON body, and the shared examples for ``components.examples``."""
    composer, shared = Composer(schemas), dict[str, Any]()
    shown = {
        path: {method: _operation(composer, shared, operation) for method, operation in item.items()}
        for path, item in paths.items()
    }
    return shown, dict(sorted(shared.items()))


def shown_by(schema: Document) -> Any:
    """What a schema shows of itself, in either of the two ways there are."""
    return next(iter(schema.get("examples", ())), schema.get("example"))


def _operation(composer: Composer, shared: Document, operation: Document) -> Document:
    shown = dict(operation)
    if "requestBody" in operation:
        shown["requestBody"] = _asked(composer, operation["operationId"], operation["requestBody"])
    shown["responses"] = {
        status: _answered(composer, shared, response) if status.startswith("2") else response
        for status, response in operation["responses"].items()
    }
    return shown


def _asked(composer: Composer, operation_id: str, body: Document) -> Document:
    kinds = {}
    for kind, content in body["content"].items():
        example = BODIES.get((operation_id, kind), composer.own(content.get("schema", {})))
        has_own = "example" in content or "examples" in content
        kinds[kind] = content if has_own or example is None else {**content, "example": example}
    return {**body, "content": kinds}


def _answered(composer: Composer, shared: Document, response: Document) -> Document:
    content = response.get("content", {}).get(JSON)
    if not content or not content.get("schema"):
        return response
    return {**response, "content": {**response["content"], JSON: _shown(composer, shared, content)}}


def _shown(composer: Composer, shared: Document, content: Document) -> Document:
    """The content with an example. What it shows itself comes without what is null: the framework leaves that out."""
    schema = content["schema"]
    if "example" in content:
        return {**content, "example": composer.completed(content["example"], schema)}
    if "examples" in content:
        kept = content["examples"].items()
        shown = {name: {**one, "value": composer.completed(one["value"], schema)} for name, one in kept}
        return {**content, "examples": shown}
    value, name = composer.value(schema), schema.get("$ref", "").removeprefix(PREFIX)
    if not name:
        return {**content, "example": value}
    shared[name] = {"value": value}
    return {**content, "examples": {"usual": {"$ref": f"{EXAMPLES}{name}"}}}


def _number(schema: Document, name: str, kind: type[int] | type[float]) -> float:
    if "enum" in schema:
        return kind(schema["enum"][0])
    sample = SAMPLES.get(name, {}).get(kind, 1 if kind is int else 0.5)
    sample = max(sample, schema.get("minimum", sample))
    sample = min(sample, schema.get("maximum", sample))
    if "exclusiveMinimum" in schema and sample <= schema["exclusiveMinimum"]:
        sample = schema["exclusiveMinimum"] + 1
    return kind(sample)


def _text(schema: Document, name: str) -> str:
    sample = SAMPLES.get(name, {}).get(str)
    if "enum" in schema:
        return str(sample if sample in schema["enum"] else schema["enum"][0])
    if schema.get("format") in FORMATS:
        dated = SAMPLES.get(name, {}).get(schema["format"])
        return str(dated or FORMATS[schema["format"]])
    if schema.get("pattern") in PATTERNS:
        return PATTERNS[schema["pattern"]]
    return str(sample or "Contoh")
