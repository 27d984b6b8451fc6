"""The programs the gateway is measured with: nginx as the service behind, and others that pass on what they are asked.

nginx, Caddy and wrk come from Debian and are unpacked into the project's own folder, without root.
"""

import asyncio
import os
import platform
import re
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.setup import debian
from deploy.setup.journal import ROOT

UNPACKED = ROOT / "var" / "bench-dist"
ANSWER = '{"items":[' + ",".join(f'{{"id":"0198f{n:03d}","subject":"Permohonan embung"}}' for n in range(10)) + "]}"
"""What the service behind answers: half a kilobyte, as a short list would be."""
LIBRARIES = {"LD_LIBRARY_PATH": str(UNPACKED / "usr/lib" / f"{platform.machine()}-linux-gnu")}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Tools:
    """Where the programs are."""

    nginx: Path
    caddy: Path
    wrk: Path

    @classmethod
    def unpacked(cls) -> "Tools":
        """Fetch them where they are not there yet."""
        places = (UNPACKED / "usr/sbin/nginx", UNPACKED / "usr/bin/caddy", UNPACKED / "usr/bin/wrk")
        if not all(place.exists() for place in places):
            debian.unpack(["nginx", "caddy", "wrk"], UNPACKED, ("nginx", "lib"))
        return cls(*places)


@dataclass
class Running:
    """A program that listens."""

    name: str
    url: str
    pid: int

    def cpu_seconds(self) -> float:
        """What it and its children have used of the processor so far."""
        return sum(_cpu_seconds(pid) for pid in _with_children(self.pid))

    def resident(self) -> int:
        """Its memory, in bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmRSS:")[1].split()[0]) * 1024


def _with_children(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(int(child) for child in children)]


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@asynccontextmanager
async def program(
    name: str, argv: Sequence[str], port: int, environment: Mapping[str, str] | None = None
) -> AsyncIterator[Running]:
    """Run it for the length of the block, once it listens."""
    process = await asyncio.create_subprocess_exec(
        *argv,
        env={**os.environ, **LIBRARIES, **(environment or {})},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(20):
            await _listens(port)
        yield Running(name, f"http://127.0.0.1:{port}", process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _listens(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return


@asynccontextmanager
async def service_behind(tools: Tools, folder: Path, large_bytes: int) -> AsyncIterator[Running]:
    """nginx: half a kilobyte at every address, a large file at ``/v1/inbox/large``."""
    port = free_port()
    (folder / "large").mkdir(parents=True)
    with (folder / "large" / "file").open("wb") as file:
        file.truncate(large_bytes)
    config = folder / "nginx.conf"
    config.write_text(
        f"""
        {"user root;" if os.geteuid() == 0 else ""}
        daemon off; pid {folder}/pid; worker_processes 1; error_log {folder}/error.log crit;
        events {{ worker_connections 1024; }}
        http {{
            access_log off; keepalive_requests 100000000; client_max_body_size 0;
            default_type application/json; sendfile on;
            client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
            uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
            server {{
                listen 127.0.0.1:{port} backlog=1024;
                location / {{ return 200 '{ANSWER}'; }}
                location = /v1/inbox/large {{ alias {folder}/large/file; }}
            }}
        }}
        """,
        encoding="utf-8",
    )
    argv = [str(tools.nginx), "-c", str(config), "-p", str(folder)]
    async with program("nginx itself", argv, port) as running:
        yield running


@asynccontextmanager
async def sink() -> AsyncIterator[Running]:
    """A service that takes uploads to their end."""
    port = free_port()
    async with program("sink", [sys.executable, "-m", "tests.load.sink", str(port)], port) as running:
        yield running


@asynccontextmanager
async def bare_proxy(base: str) -> AsyncIterator[Running]:
    """Uvicorn and aiohttp's client, and nothing else."""
    port = free_port()
    argv = [sys.executable, "-m", "tests.load.bare_proxy", str(port), base]
    async with program("uvicorn and aiohttp, bare", argv, port) as running:
        yield running


@asynccontextmanager
async def caddy(tools: Tools, folder: Path, base: str) -> AsyncIterator[Running]:
    """Caddy as a plain reverse proxy."""
    port = free_port()
    config = folder / "Caddyfile"
    config.write_text(
        f"{{\n admin off\n auto_https off\n}}\nhttp://127.0.0.1:{port} {{\n reverse_proxy {base}\n}}\n",
        encoding="utf-8",
    )
    argv = [str(tools.caddy), "run", "--config", str(config), "--adapter", "caddyfile"]
    home = {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    async with program("Caddy", argv, port, home) as running:
        yield running


@dataclass(frozen=True)
class Load:
    """What one round of load brought."""

    per_second: float
    p50: float
    p99: float
    failed: int
    cpu_micros: float
    """Of the proxy's processor time, for one request."""


async def load(tools: Tools, target: Running, path: str, token: str, *, clients: int, seconds: int) -> Load:
    """Ask one address as often as it answers."""
    before = target.cpu_seconds()
    argv = [str(tools.wrk), "-t1", f"-c{clients}", f"-d{seconds}s", "--latency", "-H", f"Authorization: Bearer {token}"]
    process = await asyncio.create_subprocess_exec(
        *argv, target.url + path, stdout=asyncio.subprocess.PIPE, env=os.environ | LIBRARIES
    )
    said = (await process.communicate())[0].decode()
    used = target.cpu_seconds() - before
    requests = int(_found(r"(\d+) requests in", said))
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    return Load(
        per_second=float(_found(r"Requests/sec:\s+([\d.]+)", said)),
        p50=_milliseconds(_found(r"\n +50%\s+(\S+)", said)),
        p99=_milliseconds(_found(r"\n +99%\s+(\S+)", said)),
        failed=(int(failed[1]) if failed else 0) + (sum(map(int, broken.groups())) if broken else 0),
        cpu_micros=used / max(requests, 1) * 1e6,
    )


def _found(pattern: str, said: str) -> str:
    match = re.search(pattern, said)
    if match is None:
        raise RuntimeError(f"wrk said something else: {said}")
    return match[1]


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()  # type: ignore[union-attr]  # wrk's own form
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]
