"""Declares every service's queues. Invariant: after this, an event published is kept for each service that wants it.

Run once when a broker is set up (the embedded stack does, a cluster's install job does): ``python -m deploy.topology``
with LONTAR_OPERATOR_AMQP_URL or LONTAR_AMQP_URL.
"""

import asyncio
import os

from services.chassis.bus.topology import declare_all
from services.chassis.settings import read_variable
from services.contracts.subscriptions import SUBSCRIPTIONS


async def declare(amqp_url: str) -> None:
    """Declare exchanges, queues, ladders and parking places of every service."""
    wanted = {service: [event.event_type for event in events] for service, events in SUBSCRIPTIONS.items()}
    await declare_all(amqp_url, wanted)


def main() -> None:
    """The program."""
    for name in ("LONTAR_OPERATOR_AMQP_URL", "LONTAR_AMQP_URL"):
        url = read_variable(name, os.environ)
        if url:
            asyncio.run(declare(url))
            return
    raise SystemExit("LONTAR_AMQP_URL is not set")


if __name__ == "__main__":
    main()
