"""Every address the pages write is one: the gateway's table leads it to a service, and the description knows it.

A page may leave out what is not the matter (the method, the query); what it does write has to be so.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gateway.docs import DOCUMENT
from gateway.routes import RouteTable
from tests.docs.test_pages import PAGES, ROOT

WRITTEN = re.compile(
    r"(?:\b(?P<named>GET|HEAD|POST|PUT|PATCH|DELETE)['\"]?,?\s+|(?P<source>EventSource)\(|\.(?P<called>get|post|put|patch|delete)\()?"
    r"['\"]?(?:https?://[^/\s]+|<PUBLIC_URL>|\$LONTAR)?"
    r"(?P<path>/v1/(?:\\\||[^\s`'\"),;|])+)"
    r"(?:['\"], \{\s*method: ['\"](?P<told>[A-Z]+))?"
)
FILLED_IN = re.compile(r"\{[^}]*\}|\$\w+|…|<[^>]*>")
DESCRIBED: dict[str, Any] = json.loads(DOCUMENT.read_bytes())["paths"]
DESCRIPTIONS = {
    "/v1/openapi.json": {"get": {"operationId": "openapi"}},
    "/v1/asyncapi.json": {"get": {"operationId": "asyncapi"}},
}
"""They do not describe themselves."""
KNOWN = {**DESCRIBED, **DESCRIPTIONS}


class Address(NamedTuple):
    """An address as a page has it: an empty segment is one that is filled in."""

    written: str
    method: str
    segments: tuple[str, ...]
    asked: tuple[str, ...]


def addresses(text: str) -> Iterator[Address]:
    """Those of a page; one that is nothing but an ellipsis names none."""
    while text != (text := re.sub(r"\$\([^()]*\)", "{}", text)):
        pass
    for found in WRITTEN.finditer(text):
        path, _, query = found["path"].rstrip(".:…").partition("?")
        segments = tuple("" if FILLED_IN.fullmatch(one) else one for one in path.strip("/").split("/")[1:])
        method = (
            found["named"] or found["told"] or (found["called"] or "").upper() or ("GET" if found["source"] else "")
        )
        asked = tuple(one.partition("=")[0] for one in re.split(r"[&#]", query) if "=" in one)
        if any(segments):
            yield Address(found[0], method, segments, asked)


def fits(address: Address, path: str, method: str, operation: dict[str, Any]) -> bool:
    """Whether an operation is the one a page speaks of."""
    described = path.strip("/").split("/")[1:]
    methods = {"", method.upper(), *(["HEAD"] if method == "get" else [])}
    if len(described) != len(address.segments) or address.method not in methods:
        return False
    known = {one["name"]: one["schema"] for one in operation.get("parameters", ()) if "schema" in one}
    return all(may_be(known, want, got) for want, got in zip(described, address.segments, strict=True)) and set(
        address.asked
    ) <= set(known)


def may_be(known: dict[str, Any], described: str, got: str) -> bool:
    """A segment of a page against the description's: what is filled in is never a fixed word, and no word is an id."""
    name = described.strip("{}")
    if not got:
        return name != described
    if name == described:
        return got == described
    schema = known[name]
    return (
        not name.endswith("_id") and got in schema.get("enum", [got]) and bool(re.match(schema.get("pattern", ""), got))
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_an_address_that_is_written_is_there(page: Path) -> None:
    table = RouteTable()
    for address in addresses(page.read_text(encoding="utf-8")):
        raw = "/v1/" + "/".join(one or "x" for one in address.segments)
        route = table.match(raw.encode(), address.method or "GET")
        assert route, address.written
        operations = [
            operation["operationId"]
            for path, item in KNOWN.items()
            for method, operation in item.items()
            if fits(address, path, method, operation)
        ]
        assert operations, address.written


class TestReading:
    """What is read off a page."""

    @pytest.mark.parametrize(
        ("text", "method", "segments", "asked"),
        [
            ("`GET /v1/letters/{id}?a=b&c=…`", "GET", ("letters", ""), ("a", "c")),
            ('fetch("/v1/auth/token", {\n  method: "POST",', "POST", ("auth", "token"), ()),
            ('new EventSource("/v1/notifications/stream")', "GET", ("notifications", "stream"), ()),
            ('http.stream("GET", "/v1/status", headers={})', "GET", ("status",), ()),
            ('http.post("/v1/uploads", headers={})', "POST", ("uploads",), ()),
            ('as x POST "/v1/branches/$(branch "$(w)")/recall" --json', "POST", ("branches", "", "recall"), ()),
            ('as x GET "/v1/letters/$LETTER/track" | jq', "GET", ("letters", "", "track"), ()),
            ("curl -X POST 'http://localhost:8080/v1/units?dry_run=true' -F x", "POST", ("units",), ("dry_run",)),
            ("It is at `/v1/status`.", "", ("status",), ()),
        ],
    )
    def test_every_way_of_writing_one(
        self, text: str, method: str, segments: tuple[str, ...], asked: tuple[str, ...]
    ) -> None:
        assert [tuple(one)[1:] for one in addresses(text)] == [(method, segments, asked)]

    @pytest.mark.parametrize(
        "text",
        [
            "/v1/notifications/events",
            "PUT /v1/letters",
            "/v1/boxes/somewhere",
            "/v1/units?no_such=1",
            "/v1/units/{id}/x",
        ],
    )
    def test_what_is_not_there_is_not_found(self, text: str) -> None:
        (address,) = addresses(text)
        assert not any(fits(address, path, way, one) for path, item in KNOWN.items() for way, one in item.items())

    def test_an_ellipsis_names_none(self) -> None:
        assert list(addresses("`/v1/…`")) == []
