"""``python -m services.intake.parked [list | retry <file id>... | retry --all]``: scans whose copies were given up.

Invariant: run with the service's own settings, beside the running service, which does the work; this only says so.
"""

import asyncio
import sys
from collections.abc import Sequence
from typing import cast

from services.intake.context import Context
from services.intake.domain.copies.copies import CopiesOf
from services.intake.main import build
from services.intake.settings import IntakeSettings

MOST = 1000
ALL = "--all"
USAGE = "usage: python -m services.intake.parked [list | retry <file id>... | retry --all]\n"


def line(copies: CopiesOf) -> str:
    """One of them, for an operator: nothing of what the scan says, nor what it is called."""
    whose = f"letter {copies.letter_id}" if copies.letter_id else "no letter yet"
    return f"{copies.file_id}  {whose}  {copies.attempts} attempts  {copies.reason}"


async def run(arguments: Sequence[str]) -> int:
    """List them, or have some tried anew; the exit code."""
    # Without a port: it is not the service that listens there, and must not take that one's sessions for its own.
    service = build(IntakeSettings.load("intake").model_copy(update={"port": 0}))
    context = cast(Context, service.app.state.context)
    if arguments[0] == "list":
        found = await context.copies.parked(MOST)
        sys.stdout.writelines(f"{line(one)}\n" for one in found)
        sys.stdout.write(f"{len(found)} parked\n")
        return 0
    wanted = list(arguments[1:])
    if wanted == [ALL]:
        wanted = [one.file_id for one in await context.copies.parked(MOST)]
    unknown = [one for one in wanted if not await context.copies.retry(one)]
    sys.stdout.writelines(f"{one} is not parked\n" for one in unknown)
    sys.stdout.write(f"{len(wanted) - len(unknown)} to be tried anew\n")
    return 1 if unknown else 0


def main(arguments: Sequence[str]) -> int:
    """The program; 2 for arguments it does not know."""
    listing = list(arguments) == ["list"]
    retrying = len(arguments) > 1 and arguments[0] == "retry"
    if not listing and not retrying:
        sys.stderr.write(USAGE)
        return 2
    return asyncio.run(run(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["list"]))
