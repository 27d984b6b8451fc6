"""``python -m services.routing.rebuild [--check]``: makes what is kept of letters anew from their histories.

Invariant: run with the service's own settings, beside the running service. ``--check`` changes nothing. The exit code
is 0 where everything kept is what the histories say, or was made so, and 1 where ``--check`` found a difference.
"""

import asyncio
import sys
from collections.abc import Sequence
from typing import cast

from services.routing.commands.rebuild_letters import Rebuilt, rebuild_letters
from services.routing.context import Context
from services.routing.main import build
from services.routing.settings import RoutingSettings


async def rebuild(only_check: bool) -> Rebuilt:
    """Rebuild every letter, or compare every letter."""
    # Without a port: it is not the service that listens there, and must not take that one's sessions for its own.
    service = build(RoutingSettings.load("routing").model_copy(update={"port": 0}))
    await service.prepare()
    return await rebuild_letters(cast(Context, service.app.state.context), only_check=only_check)


def main(arguments: Sequence[str]) -> int:
    """The program; 2 for an argument it does not know."""
    if not set(arguments) <= {"--check"}:
        sys.stderr.write("usage: python -m services.routing.rebuild [--check]\n")
        return 2
    only_check = "--check" in arguments
    done = asyncio.run(rebuild(only_check))
    for letter_id in done.different:
        sys.stdout.write(f"{letter_id} {'differs from' if only_check else 'was made anew from'} its history\n")
    sys.stdout.write(f"{done.letters} letters, {len(done.different)} not as their histories say\n")
    return 1 if only_check and done.different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
