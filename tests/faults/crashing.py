"""A service that kills itself (SIGKILL) at a chosen point: ``python -m tests.faults.crashing <service> <point>``.

The service's own code is unchanged; only the one step is wrapped, in this process. Points:

- ``before-publish``: the state is committed, nothing has been sent to the broker;
- ``before-confirm``: the broker has the message, the confirm has not been acted on;
- ``before-ack``: the handler's work is committed, the message not yet acknowledged.
"""

import asyncio
import importlib
import os
import signal
import sys
from collections.abc import Sequence

from aio_pika.abc import AbstractIncomingMessage

from services.chassis.bus.consumer import Settler
from services.chassis.bus.publisher import ConfirmingPublisher, Outgoing
from services.chassis.run import main

FLUSH_SECONDS = 0.2


def die() -> None:
    """No handler runs, nothing is flushed, nobody is told."""
    os.kill(os.getpid(), signal.SIGKILL)


async def _die_before_publish(self: ConfirmingPublisher, batch: Sequence[Outgoing]) -> list[str | None]:
    if batch:
        die()
    return []


_publish = ConfirmingPublisher.publish


async def _die_before_confirm(self: ConfirmingPublisher, batch: Sequence[Outgoing]) -> list[str | None]:
    if batch:
        sending = asyncio.ensure_future(_publish(self, batch))
        await asyncio.sleep(FLUSH_SECONDS)
        die()
        await sending
    return []


async def _die_before_ack(self: Settler, message: AbstractIncomingMessage) -> None:
    die()


POINTS = {
    "before-publish": (ConfirmingPublisher, "publish", _die_before_publish),
    "before-confirm": (ConfirmingPublisher, "publish", _die_before_confirm),
    "before-ack": (Settler, "acknowledge", _die_before_ack),
}


def run() -> None:
    """The program."""
    service, point = sys.argv[1:3]
    owner, name, replacement = POINTS[point]
    setattr(owner, name, replacement)
    module = importlib.import_module(f"services.{service}.main")
    settings = importlib.import_module(f"services.{service}.settings")
    settings_type = getattr(settings, f"{service.capitalize()}Settings")
    sys.argv = [sys.argv[0], "all"]
    main(service, settings_type, module.build)


if __name__ == "__main__":
    run()
