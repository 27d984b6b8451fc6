"""``python -m deploy.asyncapi build`` writes gateway/asyncapi.json; ``check`` exits 1 where it is stale."""

import sys

from deploy.asyncapi.document import document, written
from gateway.docs import EVENTS


def main(arguments: list[str]) -> int:
    """Build or check; the exit code."""
    if arguments not in (["build"], ["check"]):
        sys.stderr.write("usage: python -m deploy.asyncapi build|check\n")
        return 2
    content = written(document())
    if arguments == ["build"]:
        EVENTS.write_bytes(content)
        sys.stdout.write(f"{EVENTS.name}: {len(content)} bytes\n")
        return 0
    if EVENTS.exists() and EVENTS.read_bytes() == content:
        return 0
    sys.stderr.write(f"{EVENTS} is stale: run `python -m deploy.asyncapi build` and commit it\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
