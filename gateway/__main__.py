"""The program: ``python -m gateway [serve|work|all]``.

``work`` keeps the projection of assignments, ``serve`` answers, ``all`` does both.
"""

import asyncio
import signal
import sys
from typing import cast, get_args

import uvloop
from pydantic import ValidationError

from gateway.auth.first_account import PasswordRefused
from gateway.main import Gateway, build
from gateway.settings import GatewaySettings
from services.chassis.run import Role, run_until_signalled
from services.chassis.telemetry import configure_logging, configure_tracing


async def run(gateway: Gateway, role: Role) -> None:
    """Run until SIGTERM or SIGINT; then open event streams end at once and all else is finished. On SIGHUP the ring of
    signing keys is read anew, which happens by itself too.
    """
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, gateway.context.keys.look_again)
    try:
        await run_until_signalled(gateway.service, role)
    finally:
        await gateway.context.apps.close()
        await gateway.upstreams.close()


def main() -> None:
    """Read the settings, build, run."""
    role = sys.argv[1] if len(sys.argv) > 1 else "all"
    if role not in get_args(Role):
        raise SystemExit(f"usage: python -m gateway [{'|'.join(get_args(Role))}]")
    try:
        settings = GatewaySettings.load("gateway")
        gateway = build(settings)
    except (ValidationError, OSError, ValueError) as error:
        raise SystemExit(f"gateway: the settings are incomplete: {error}") from None
    configure_logging("gateway", settings.log_level)
    configure_tracing("gateway")
    sentences: list[str] = []
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(run(gateway, cast(Role, role)))
    except* PasswordRefused as group:
        sentences = [str(one) for one in group.exceptions]
    if sentences:  # within the clause it would be wrapped into another group
        raise SystemExit(f"gateway: there is no account and none can be made: {' '.join(sentences)}")


if __name__ == "__main__":
    main()
