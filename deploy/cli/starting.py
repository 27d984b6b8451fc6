"""Starting a stack for a command and stopping it whatever happens.

Invariant: the first SIGINT or SIGTERM ends the work and stops everything in order; a second one kills it.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

from deploy.cli.console import complain, say, steps
from deploy.embedded.ports import NoFreePort
from deploy.embedded.process import StartFailed
from deploy.embedded.stack import EmbeddedStack
from deploy.embedded.state import AlreadyRunning

Work = Callable[[EmbeddedStack], Awaitable[int]]
INTERRUPTED = 130


def run(var: Path, work: Work, *, gateway_port: int | None = None) -> int:
    """Start a stack on ``var``, do ``work``, stop it; the exit code. A signal cancels the work."""
    return asyncio.run(_guarded(EmbeddedStack(var, gateway_port=gateway_port, report=complain), work))


async def until_stopped() -> int:
    """Work for ``run`` that ends, well, with the first signal."""
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()
    return 0


async def _guarded(stack: EmbeddedStack, work: Work) -> int:
    task = asyncio.create_task(_session(stack, work))
    signals = 0

    def on_signal() -> None:
        nonlocal signals
        signals += 1
        if signals == 1:
            task.cancel()
        else:
            stack.abandon()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_signal)
    try:
        return await task
    except asyncio.CancelledError:
        say("Stopped; nothing is left running.")
        return INTERRUPTED
    except (StartFailed, AlreadyRunning, NoFreePort) as failure:
        complain(str(failure))
        return 1


async def _session(stack: EmbeddedStack, work: Work) -> int:
    async with stack:
        with steps(3) as progress:
            progress.begin("starting the message broker, the database and the object store")
            await stack.start_infrastructure()
            progress.finish()
            progress.begin("starting the services and the gateway")
            await stack.start_services()
            progress.finish()
            progress.begin("waiting until every service is ready")
            await stack.wait_ready()
            progress.finish()
        code = await work(stack)
        say("Stopping ...")
    say("Stopped; nothing is left running.")
    return code
