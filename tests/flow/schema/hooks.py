"""Loaded by Schemathesis (``hooks`` in its configuration): notes what every request was answered with, and thins them.

Where it is asked to, it sends of each operation's requests the first twelve, then one of ten; which ones goes by the
day, so that ten days send them all.
"""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import schemathesis

ANSWERS = "LONTAR_TEST_ANSWERS"
"""The variable that names the file to write to: a line an answer, operation, status and a problem's code."""


def note(context: Any, case: Any, response: Any) -> None:
    """One line."""
    del context
    name = case.operation.definition.raw.get("operationId", case.operation.label)
    is_problem = response.headers.get("content-type", [""])[0].startswith("application/problem+json")
    code = response.json()["code"] if is_problem and response.content else "-"
    with Path(os.environ[ANSWERS]).open("a", encoding="utf-8") as answers:
        answers.write(f"{name} {response.status_code} {code}\n")


THINNED = "LONTAR_TEST_THINNED"
"""The variable that asks for fewer requests: a number that goes up by one a day."""
FIRST = 12
ONE_OF = 10
_met: Counter[str] = Counter()


def thinned(context: Any, case: Any) -> bool:
    """Whether this one is sent."""
    del context
    _met[case.operation.label] += 1
    number = _met[case.operation.label]
    return number <= FIRST or (number + int(os.environ[THINNED])) % ONE_OF == 0


def as_bytes(context: Any, value: Any) -> bytes:
    """A stretch of an upload, as it is sent."""
    del context
    data = getattr(value, "data", value)
    return data if isinstance(data, bytes) else str(data).encode()


if ANSWERS in os.environ:
    schemathesis.hook("after_call")(note)
    schemathesis.serializer("application/offset+octet-stream")(as_bytes)
if THINNED in os.environ:
    schemathesis.hook("filter_case")(thinned)
