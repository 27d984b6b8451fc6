"""``python -m services.intake.scans parked | retry <file id>... | retry --all | older [--stop]``: for operators.

Lists the scans whose copies were given up, has them tried anew, and has copies made of what was registered before
copies were. Invariant: run with the service's own settings, beside the running service, which does the work; this only
says so.
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
ALL, STOP = "--all", "--stop"
USAGE = "usage: python -m services.intake.scans parked | retry <file id>... | retry --all | older [--stop]\n"


def line(copies: CopiesOf) -> str:
    """One of them, for an operator: nothing of what the scan says, nor what it is called."""
    whose = f"letter {copies.letter_id}" if copies.letter_id else "no letter yet"
    return f"{copies.file_id}  {whose}  {copies.attempts} attempts  {copies.reason}"


async def run(arguments: Sequence[str]) -> int:
    """Do what ``arguments``, which are known, ask for; the exit code."""
    # Without a port: it is not the service that listens there, and must not take that one's sessions for its own.
    service = build(IntakeSettings.load("intake").model_copy(update={"port": 0}))
    context = cast(Context, service.app.state.context)
    verb, *rest = arguments
    if verb == "parked":
        return await _list(context)
    return await (_retry(context, rest) if verb == "retry" else _older(context, stop=rest == [STOP]))


async def _list(context: Context) -> int:
    found = await context.copies.parked(MOST)
    sys.stdout.writelines(f"{line(one)}\n" for one in found)
    sys.stdout.write(f"{len(found)} parked\n")
    return 0


async def _retry(context: Context, wanted: Sequence[str]) -> int:
    if wanted == [ALL]:
        wanted = [one.file_id for one in await context.copies.parked(MOST)]
    unknown = [one for one in wanted if not await context.copies.retry(one)]
    sys.stdout.writelines(f"{one} is not parked\n" for one in unknown)
    sys.stdout.write(f"{len(wanted) - len(unknown)} to be tried anew\n")
    return 1 if unknown else 0


async def _older(context: Context, *, stop: bool) -> int:
    if stop:
        await context.older_letters.stop()
    else:
        await context.older_letters.begin()
    left = await context.older_letters.left()
    sys.stdout.write(f"{left} letters to be gone through while nothing else is to be copied\n")
    return 0


def main(arguments: Sequence[str]) -> int:
    """The program; 2 for arguments it does not know."""
    known = list(arguments) in (["parked"], ["older"], ["older", STOP])
    retrying = len(arguments) > 1 and arguments[0] == "retry"
    if not known and not retrying:
        sys.stderr.write(USAGE)
        return 2
    return asyncio.run(run(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
