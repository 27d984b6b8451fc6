"""Intake as processes of its own, which can be killed."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import orjson
from starlette.types import Receive, Scope, Send

from services.chassis.run import serving
from services.intake.settings import IntakeSettings
from tests.signing import TokenSigner


class Keys:
    """Serves the public key by which tokens are verified."""

    def __init__(self, signer: TokenSigner) -> None:
        self._body = orjson.dumps({"keys": [signer.key.as_dict(private=False)]})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Any request."""
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(self._body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self._body})


class Process:
    """One intake, serving at ``url``."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self._process = process
        self.url = url

    @classmethod
    async def start(cls, settings: IntakeSettings, jwks_url: str, role: str = "serve") -> "Process":
        """Start it and wait until it is ready."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = _environment(settings) | {"LONTAR_INTAKE_PORT": str(port), "LONTAR_INTAKE_JWKS_URL": jwks_url}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.intake", role, env={**os.environ, **environment}
        )
        started = cls(process, f"http://127.0.0.1:{port}")
        await started._ready()
        return started

    async def kill(self) -> None:
        """Kill it, giving it no chance to say good-bye."""
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    async def stop(self) -> None:
        """SIGTERM, as a restart does."""
        self._process.terminate()
        await asyncio.wait_for(self._process.wait(), 60)

    async def _ready(self) -> None:
        async with asyncio.timeout(60), aiohttp.ClientSession() as http:
            while True:
                try:
                    async with http.get(f"{self.url}/readyz") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    assert self._process.returncode is None, "it died"
                await asyncio.sleep(0.1)


@asynccontextmanager
async def keys_of(signer: TokenSigner) -> AsyncIterator[str]:
    """Where the key is, for the length of the block."""
    async with serving(Keys(signer), "127.0.0.1", 0) as url:
        yield url


def _environment(settings: IntakeSettings) -> dict[str, str]:
    said = settings.model_dump(include=settings.model_fields_set - {"service", "port", "jwks_url"})
    secret = {name: value.get_secret_value() for name, value in said.items() if hasattr(value, "get_secret_value")}
    return {f"LONTAR_INTAKE_{name}".upper(): str(value) for name, value in (said | secret).items()}
