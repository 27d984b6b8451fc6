"""The two servers that can stand for MongoDB on one machine, and what differs between them.

Invariant: neither hears anything but loopback, and neither inherits the caller's environment.
"""

import asyncio
import os
import sys
from importlib.metadata import version
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure

from deploy.embedded.layout import Layout, write_private
from deploy.embedded.process import StartFailed
from deploy.embedded.secrets import SecretStore

REPLICA_SET = "lontar"
COMMIT_REACHES_THE_KERNEL = "transaction_sync=(enabled=true,method=none)"
"""WiredTiger's override file for SecantusDB. As it comes, a commit may sit in the process for about 100 ms after it was
acknowledged, and a SIGKILL in that time loses it. With this every commit is handed to the kernel first, which survives
the death of the process (not of the machine: that is what a real replica set is for) and costs no throughput."""
OPLOG_ENTRIES, OPLOG_SECONDS = "20000", "600"
"""Whoever waits for commits begins at the present one, so a short log of them does; a long one, when an hour of many
writes is dropped from it at once, has the server stand still for minutes."""

SMALLEST_CACHE, LARGEST_CACHE = 256, 1024


def cache_megabytes(memory_bytes: int) -> int:
    """How much of the machine's memory the embedded database may use to hold pages: an eighth, within bounds.

    With too little it comes to a halt on a large archive: whoever writes much at once waits for room that only the end
    of that very write would give.
    """
    return max(SMALLEST_CACHE, min(LARGEST_CACHE, memory_bytes // 8 // 1024**2))


def _memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


class Flavour(Protocol):
    """What differs between the servers."""

    software: str
    options: str
    first_user_without_auth: bool

    def command(self, port: int, *, auth: bool) -> list[str]:
        """The command line."""

    def environment(self) -> dict[str, str]:
        """The whole environment of the process."""

    async def prepare(self, bare_url: str, root_url: str, port: int) -> None:
        """Bring a server that has just started to where a first user can be made."""


class Secantus:
    """SecantusDB: checks no replica set, but must start once without authentication to get its first user."""

    options = "authSource=admin&directConnection=true&retryWrites=false"
    first_user_without_auth = True

    def __init__(self, data: Path, layout: Layout) -> None:
        self._data = data
        self.software = f"SecantusDB {version('SecantusDB')}"
        self._config = write_private(layout.run / "secantusd.toml", "")
        write_private(data / "WiredTiger.config", f"{COMMIT_REACHES_THE_KERNEL}\n")

    def command(self, port: int, *, auth: bool) -> list[str]:
        """The given (empty) configuration keeps it from looking for one elsewhere."""
        daemon = Path(sys.executable).with_name("secantusd-py")
        argv = [str(daemon), "--config", str(self._config), "--host", "127.0.0.1", "--port", str(port)]
        argv += [
            "--storage-path",
            str(self._data),
            "--cache-size",
            f"{cache_megabytes(_memory_bytes())}M",
            "--noop-heartbeat-seconds",
            "10",
        ]
        argv += ["--oplog-max-entries", OPLOG_ENTRIES, "--oplog-retention-seconds", OPLOG_SECONDS]
        return [*argv, "--log-level", "WARNING", *(["--auth"] if auth else [])]

    def environment(self) -> dict[str, str]:
        """Nothing of the caller's but the paths."""
        return {"PATH": os.environ.get("PATH", ""), "HOME": str(self._data), "LANG": "C.UTF-8"}

    async def prepare(self, bare_url: str, root_url: str, port: int) -> None:
        """Nothing to prepare: it already says it is a primary."""


class Mongod:
    """MongoDB as a replica set of one, with a key file; its localhost exception lets the first user be made."""

    options = "authSource=admin&directConnection=true"
    first_user_without_auth = False

    def __init__(self, binary: str, data: Path, secrets: SecretStore) -> None:
        self._binary, self._data = binary, data
        self._key = secrets.key_file("mongodb-keyfile")
        self.software = f"MongoDB ({binary})"

    def command(self, port: int, *, auth: bool) -> list[str]:
        """A key file implies authentication, so ``auth`` changes nothing."""
        argv = [self._binary, "--replSet", REPLICA_SET, "--keyFile", str(self._key), "--bind_ip", "127.0.0.1"]
        argv += ["--port", str(port), "--dbpath", str(self._data), "--nounixsocket"]
        return [*argv, "--wiredTigerCacheSizeGB", "0.25", *(["--auth"] if auth else [])]

    def environment(self) -> dict[str, str]:
        """Nothing of the caller's but the paths."""
        return {"PATH": os.environ.get("PATH", ""), "HOME": str(self._data), "LANG": "C.UTF-8"}

    async def prepare(self, bare_url: str, root_url: str, port: int) -> None:
        """Found the replica set, or tell it the port it has this time, and wait until it is primary."""
        member = {"_id": 0, "host": f"127.0.0.1:{port}"}
        try:
            async with AsyncMongoClient[dict[str, Any]](bare_url, serverSelectionTimeoutMS=5000) as client:
                await client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "version": 1, "members": [member]})
        except OperationFailure:  # founded before: it now asks for a user
            async with AsyncMongoClient[dict[str, Any]](root_url, serverSelectionTimeoutMS=5000) as client:
                config = (await client.admin.command("replSetGetConfig"))["config"]
                if config["members"][0]["host"] != member["host"]:
                    config["members"][0]["host"] = member["host"]
                    config["version"] += 1
                    await client.admin.command("replSetReconfig", config, force=True)
        await _until_primary(bare_url)


async def _until_primary(url: str, seconds: float = 30.0) -> None:
    deadline = monotonic() + seconds
    async with AsyncMongoClient[dict[str, Any]](url, serverSelectionTimeoutMS=5000) as client:
        while monotonic() < deadline:
            if (await client.admin.command("hello")).get("isWritablePrimary"):
                return
            await asyncio.sleep(0.1)
    raise StartFailed("mongod did not become primary; its log is var/log/mongodb.log")
