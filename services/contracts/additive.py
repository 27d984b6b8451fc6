"""Whether a schema only adds to another. Invariant: what is not known to be harmless is refused.

Two readers must go on working: one of the old version that meets a new event, and one of the new version that meets an
old event on the ladder, in the parking queue or in a replay. So a field may neither go nor become required, and its
type, format, default, limits and values stay as they are; even an added enum value is refused, because readers of the
old version do not know it. A new field is allowed when it is optional.
"""

from collections.abc import Iterator
from typing import Any

from services.contracts.schema import Schema

WORDING = frozenset({"title", "description", "examples", "deprecated", "$comment", "$defs"})
"""Keywords that change no reader's work."""
ALTERNATIVES = ("anyOf", "oneOf", "allOf", "prefixItems")
STRUCTURE = frozenset({"properties", "required", *ALTERNATIVES})
"""Keywords that hold schemas of their own, compared member by member."""
MISSING = object()


def refusals(committed: Schema, proposed: Schema) -> list[str]:
    """Why ``proposed`` may not take the place of ``committed``; empty where it only adds."""
    return list(_Comparison(committed, proposed).run())


class _Comparison:
    def __init__(self, old: Schema, new: Schema) -> None:
        self._old_root, self._new_root = old, new
        self._inside: set[tuple[str, str]] = set()

    def run(self) -> Iterator[str]:
        yield from self._compare(self._old_root, self._new_root, "data")

    def _compare(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        pair = (str(old.get("$ref", "")), str(new.get("$ref", "")))
        if all(pair):
            if pair in self._inside:
                return  # a model that holds itself: this level is being compared further up
            self._inside.add(pair)
        yield from self._compare_resolved(_resolved(old, self._old_root), _resolved(new, self._new_root), path)
        if all(pair):
            self._inside.discard(pair)

    def _compare_resolved(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        if any((keyword in old) != (keyword in new) for keyword in ALTERNATIVES):
            yield f"{path}: the type was {_shape(old)} and is now {_shape(new)}"
            return
        yield from self._keywords(old, new, path)
        yield from self._fields(old, new, path)
        for keyword in ("items", "additionalProperties"):
            yield from self._held(old.get(keyword), new.get(keyword), f"{path}[]")
        for keyword in ALTERNATIVES:
            yield from self._alternatives(keyword, old.get(keyword, []), new.get(keyword, []), path)

    def _keywords(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        for keyword in sorted((old.keys() | new.keys()) - WORDING - STRUCTURE):
            before, after = old.get(keyword, MISSING), new.get(keyword, MISSING)
            if keyword in ("items", "additionalProperties") and _schemas(before, after):
                continue  # compared as schemas
            if _values(keyword, before) != _values(keyword, after):
                yield f"{path}: {_changed(keyword, before, after)}"

    def _fields(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        were_required, are_required = set(old.get("required", ())), set(new.get("required", ()))
        for name in sorted(before.keys() - after.keys()):
            yield f"{path}.{name}: the field was removed"
        for name in sorted(after.keys() - before.keys()):
            if name in are_required:
                yield f"{path}.{name}: the new field is required; only optional fields may be added"
        for name in sorted(before.keys() & after.keys()):
            if (name in were_required) != (name in are_required):
                change = "was optional and is now required" if name in are_required else "was required and is now not"
                yield f"{path}.{name}: {change}"
            yield from self._compare(before[name], after[name], f"{path}.{name}")

    def _held(self, before: Any, after: Any, path: str) -> Iterator[str]:
        if _schemas(before, after):
            yield from self._compare(before, after, path)

    def _alternatives(self, keyword: str, old: list[Schema], new: list[Schema], path: str) -> Iterator[str]:
        if keyword != "prefixItems":
            old, new = sorted(old, key=_is_null), sorted(new, key=_is_null)  # `X | None` is `None | X`
        if len(old) != len(new) or [_is_null(one) for one in old] != [_is_null(one) for one in new]:
            yield f"{path}: the type was {_shape({keyword: old})} and is now {_shape({keyword: new})}"
            return
        for before, after in zip(old, new, strict=True):
            yield from self._compare(before, after, path)


def _resolved(schema: Schema, root: Schema) -> Schema:
    beside = {name: value for name, value in schema.items() if name != "$ref"}
    if "$ref" in schema:
        target = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        return _resolved({**target, **beside}, root)
    if "const" in beside:  # a Literal of one value
        beside["enum"] = [beside.pop("const")]
    return beside


def _is_null(schema: Schema) -> bool:
    return schema.get("type") == "null"


def _values(keyword: str, value: Any) -> Any:
    return sorted(map(repr, value)) if keyword == "enum" and isinstance(value, list) else value


def _lists(before: Any, after: Any) -> bool:
    return isinstance(before, list) and isinstance(after, list)


def _schemas(before: Any, after: Any) -> bool:
    return isinstance(before, dict) and isinstance(after, dict)


def _changed(keyword: str, before: Any, after: Any) -> str:
    if keyword == "enum" and _lists(before, after):
        gone = [f"the value {one!r} was removed" for one in before if one not in after]
        come = [
            f"the value {one!r} was added, which readers of this version do not know"
            for one in after
            if one not in before
        ]
        return " and ".join(gone + come)
    return f"{keyword} was {_words(before)} and is now {_words(after)}"


def _words(value: Any) -> str:
    return "absent" if value is MISSING else repr(value)


def _shape(schema: Schema) -> str:
    """The type in a few words, for a sentence."""
    for keyword in ALTERNATIVES:
        if keyword in schema:
            return " | ".join(_shape(one) for one in schema[keyword])
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    return " ".join(str(schema[keyword]) for keyword in ("type", "format", "enum") if keyword in schema) or "anything"
