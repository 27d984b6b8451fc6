"""A real clamd, with one signature of its own: the test file every scanner knows. It needs no root and no network."""

import asyncio
import os
import signal
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.waiting import until

PROGRAM = Path("/usr/sbin/clamd")
HARMLESS_THREAT = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""Does nothing, and is found by agreement; written in two parts, or this very file would be found."""
SIGNATURE = "Uji.Lontar.EICAR"
STREAM_BYTES = 1_000_000


@dataclass
class Clamd:
    """The daemon and where it listens."""

    process: "subprocess.Popen[bytes]"
    address: str
    port: int

    def stop(self) -> None:
        """Hold it still: it takes connections and says nothing."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it run again."""
        os.kill(self.process.pid, signal.SIGCONT)


@asynccontextmanager
async def running_clamd(folder: Path) -> AsyncIterator[Clamd]:
    """A clamd that listens on a Unix socket and on a port, until the block ends."""
    if not PROGRAM.exists():
        raise FileNotFoundError(f"{PROGRAM} is missing: `make setup` installs ClamAV's daemon, which these tests need")
    database, door = folder / "signatures", folder / "clamd.sock"
    database.mkdir()
    (database / "uji.ndb").write_text(f"{SIGNATURE}:0:*:{HARMLESS_THREAT.hex()}\n")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    configuration = folder / "clamd.conf"
    configuration.write_text(
        f"DatabaseDirectory {database}\nLocalSocket {door}\nTCPSocket {port}\nTCPAddr 127.0.0.1\nForeground yes\n"
        f"StreamMaxLength {STREAM_BYTES}\nAlertExceedsMax yes\nMaxThreads 4\nTemporaryDirectory {folder}\n"
    )
    command = [str(PROGRAM), "--config-file", str(configuration)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await until(lambda: door.exists() or process.poll() is not None, 60)
        if process.poll() is not None:
            raise RuntimeError(f"clamd ended with {process.returncode}")
        yield Clamd(process, f"unix:{door}", port)
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        await asyncio.to_thread(process.wait)
