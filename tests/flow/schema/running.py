"""Schemathesis as a program: what it is told, and what it found. Invariant: the same requests in every run of a day."""

import asyncio
import json
import os
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.chassis.clock import now
from tests.flow.schema.hooks import ANSWERS, THINNED
from tests.flow.schema.world import Place

Document = dict[str, Any]
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
HOOKS = Path(__file__).parent / "hooks.py"
COMMON = """
continue-on-failure = true
workers = 1
warnings = false
request-timeout = 30

[generation]
deterministic = true
database = "none"
no-shrink = true
with-security-parameters = false

[phases.examples]
fill-missing = true

[phases.coverage]
unexpected-methods = []
"""
"""One worker: two at once take turns at the interpreter anyway, and parsing in threads is not safe in it."""


@dataclass(frozen=True)
class Found:
    """What a run found, and how often each operation answered with each status."""

    failures: list[str]
    errors: list[str]
    tested: int
    answers: Mapping[str, Mapping[int, int]]
    codes: frozenset[str]
    told: str

    @property
    def asked(self) -> int:
        """How many requests there were."""
        return sum(sum(seen.values()) for seen in self.answers.values())

    def succeeded(self) -> set[str]:
        """Operations that did what they are for at least once."""
        return {name for name, seen in self.answers.items() if any(200 <= status < 400 for status in seen)}


def without(document: Document, *headers: str, operations: frozenset[str] = frozenset()) -> Document:
    """The description without some operations, and without headers whose made up values hide everything behind them."""
    kept: Document = {}
    for path, item in document["paths"].items():
        left = {
            method: {
                **one,
                "parameters": [it for it in one.get("parameters", ()) if it["name"].casefold() not in headers],
            }
            for method, one in item.items()
            if one["operationId"] not in operations
        }
        kept |= {path: left} if left else {}
    return {**document, "paths": kept}


async def run(
    folder: Path,
    base_url: str,
    document: Document,
    *arguments: str,
    token: str | None = None,
    places: Mapping[str, Place] | None = None,
    thinned: bool = False,
) -> Found:
    """Let it ask everything that ``document`` describes; with a token as whoever it belongs to.

    ``thinned``: of many requests to an operation only some, others each day, minutes less; ``LONTAR_TEST_ALL_CASES``
    sends all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    answers, config = folder / "answers.txt", folder / "schemathesis.toml"
    described = folder / "openapi.json"
    described.write_text(json.dumps(document), encoding="utf-8")
    config.write_text(_configuration(token, places or {}), encoding="utf-8")
    report = folder / "report.json"
    command = ("-m", "schemathesis.cli", "--config-file", str(config), "run", str(described), "--url", base_url)
    options = ("--checks", ",".join(CHECKS), "--report", "json", "--report-json-path", str(report), "--no-color")
    fewer = thinned and "LONTAR_TEST_ALL_CASES" not in os.environ
    extra = {ANSWERS: str(answers), **({THINNED: str(now().toordinal())} if fewer else {})}
    told = await _call((*command, *options, *arguments), folder, extra)
    return _found(report, answers, told)


async def _call(command: Sequence[str], folder: Path, extra: Mapping[str, str]) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        cwd=folder,
        env={**os.environ, **extra},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        told, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return told.decode("utf-8", "replace")


def _configuration(token: str | None, places: Mapping[str, Place]) -> str:
    """TOML; a string is written in it as in JSON."""
    headers = f"[headers]\nAuthorization = {json.dumps(f'Bearer {token}')}\n" if token else ""
    operations = "".join(
        f"[[operations]]\ninclude-operation-id = {json.dumps(name)}\nparameters = {{ {_inline(place)} }}\n"
        for name, place in places.items()
    )
    return f"hooks = {json.dumps(str(HOOKS))}\n{COMMON}\n{headers}\n{operations}"


def _inline(place: Place) -> str:
    return ", ".join(f"{json.dumps(f'path.{name}')} = {json.dumps(value)}" for name, value in place.items())


def _found(report: Path, answers: Path, told: str) -> Found:
    assert report.exists(), told[-4000:]
    said: dict[str, Any] = json.loads(report.read_bytes())
    counted: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    codes = set()
    for line in answers.read_text(encoding="utf-8").splitlines():
        name, status, code = line.split(" ")
        counted[name][int(status)] += 1
        codes.add(code)
    failures = [f"{one['title']}: {', '.join(one['operations'])}" for one in said["failures"]]
    return Found(
        failures,
        [str(one) for one in said["errors"]],
        said["operations"]["tested"],
        counted,
        frozenset(codes - {"-"}),
        told,
    )
