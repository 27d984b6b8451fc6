"""Looking after an instance that is left alone. Invariant: a probe is the gateway's own; no client waits for one."""

import asyncio
import logging

from gateway.reach.faults import LineFault
from gateway.reach.instance import Instance

log = logging.getLogger(__name__)
PROBE_SECONDS = 2.0


async def probe(instance: Instance) -> int:
    """The status it answers at /readyz; LineFault where it does not."""
    connection = await instance.connect()
    try:
        path = instance.address.prefix + b"/readyz"
        head = b"GET " + path + b" HTTP/1.1\r\nhost: " + instance.host_field + b"\r\nconnection: close\r\n\r\n"
        connection.ask("GET", head)
        async with asyncio.timeout(PROBE_SECONDS):
            await connection.answered(PROBE_SECONDS)
        return connection.status
    except TimeoutError:
        raise LineFault("a head that drips") from None
    finally:
        connection.abort()


async def look_after(instance: Instance, every_seconds: float) -> None:
    """Probe it until it is asked like the others again."""
    while instance.breaker.state != "closed":
        await asyncio.sleep(every_seconds)
        try:
            status = await probe(instance)
        except LineFault:
            continue
        instance.breaker.probed(ready=status == 200)
    log.info("%s answers again", instance.address.url)
