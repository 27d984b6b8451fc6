"""``python -m services.routing.rebuild [--check | --search --figures]``: what is kept of letters, anew.

Everything that is kept of letters follows from their histories.

Invariant: run with the service's own settings, beside the running service. ``--check`` changes nothing. ``--search``
and ``--figures`` throw the search's index and what was measured away as well and have them made anew. The exit code is
0 where everything kept is what the histories say, or was made so, and 1 where ``--check`` found a difference.
"""

import asyncio
import sys
from collections.abc import Sequence
from typing import cast

from services.routing.commands.count_again import count_again
from services.routing.commands.index_letters import rebuild_search
from services.routing.commands.rebuild_letters import Rebuilt, rebuild_letters
from services.routing.context import Context
from services.routing.main import build
from services.routing.settings import RoutingSettings

KNOWN = frozenset({"--check", "--search", "--figures"})


async def rebuild(wanted: frozenset[str]) -> Rebuilt:
    """Rebuild every letter, or compare every letter; then what else is wanted."""
    # Without a port: it is not the service that listens there, and must not take that one's sessions for its own.
    service = build(RoutingSettings.load("routing").model_copy(update={"port": 0}))
    await service.prepare()
    context = cast(Context, service.app.state.context)
    done = await rebuild_letters(context, only_check="--check" in wanted)
    if "--search" in wanted:
        await rebuild_search(context.searching)
    if "--figures" in wanted:
        await count_again(context.figures, fresh=True)
    return done


def main(arguments: Sequence[str]) -> int:
    """The program; 2 for arguments it does not know or that do not go together."""
    wanted = frozenset(arguments)
    if not wanted <= KNOWN or ("--check" in wanted and len(wanted) > 1):
        sys.stderr.write("usage: python -m services.routing.rebuild [--check | --search --figures]\n")
        return 2
    done = asyncio.run(rebuild(wanted))
    for letter_id in done.different:
        verb = "differs from" if "--check" in wanted else "was made anew from"
        sys.stdout.write(f"{letter_id} {verb} its history\n")
    for letter_id in done.without_history:
        sys.stdout.write(f"{letter_id} has no history\n")
    sys.stdout.write(f"{done.letters} letters, {len(done.different)} not as their histories say\n")
    return 1 if "--check" in wanted and (done.different or done.without_history) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
