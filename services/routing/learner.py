"""``python -m services.routing.learner``: learns from the letters on its standard input and writes what it learned.

A process of its own, so that the service answers meanwhile and never carries the libraries that learning takes; JSON in
and JSON out. Invariant: it touches no database and no network.
"""

import os
import sys
from dataclasses import asdict
from typing import Any

import orjson

from services.routing.domain.fitting import Example, fit
from services.routing.domain.learned_form import plain_places, plain_traits
from services.routing.domain.mention import Mention

NICENESS = 10


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """``learned`` is null where the letters teach nothing."""
    examples = [
        Example(one["traits"], tuple(Mention.model_validate(place) for place in one["places"]), one["sender"])
        for one in request["examples"]
    ]
    fitted = fit(examples, request["threshold"])
    if fitted is None:
        return {"learned": None}
    learned, measured = fitted
    return {
        "learned": {"traits": plain_traits(learned), "places": plain_places(learned)},
        "measured": asdict(measured),
    }


def main() -> None:
    """Learn, politely: everything else on the machine goes first."""
    os.nice(NICENESS)
    sys.stdout.buffer.write(orjson.dumps(answer(orjson.loads(sys.stdin.buffer.read()))))


if __name__ == "__main__":
    main()
