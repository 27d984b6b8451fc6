"""``python -m deploy.openapi build`` writes gateway/openapi.json and docs/problems.md; ``check`` exits 1 where one is
stale.
"""

import sys
from pathlib import Path

from deploy.openapi.codes import PAGE, page
from deploy.openapi.merge import merge, written
from deploy.openapi.sources import SERVICES, documents
from gateway.docs import DOCUMENT


def main(arguments: list[str]) -> int:
    """Build or check; the exit code."""
    if arguments not in (["build"], ["check"]):
        sys.stderr.write("usage: python -m deploy.openapi build|check\n")
        return 2
    sources = documents()
    for name in SERVICES:
        if name not in sources:
            sys.stderr.write(f"there is no service {name} to describe\n")
    act = _build if arguments == ["build"] else _check
    return max(act(written(merge(sources)), DOCUMENT), act(page().encode(), PAGE))


def _build(content: bytes, path: Path) -> int:
    path.write_bytes(content)
    sys.stdout.write(f"{path.name}: {len(content)} bytes\n")
    return 0


def _check(content: bytes, path: Path) -> int:
    if path.exists() and path.read_bytes() == content:
        return 0
    sys.stderr.write(f"{path} is stale: run `python -m deploy.openapi build` and commit it\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
