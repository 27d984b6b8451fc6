"""``make bench-uploads``: 200 MB through the gateway into intake, and what memory that takes of either.

The same bytes go in one request, in requests of 8 MiB, and from eight clients at once. While they do, and while the
file is read back and judged, the resident memory of both processes is looked at twenty times a second. It may grow by
64 MB.
"""

import argparse
import asyncio
import contextlib
import hashlib
import json
import secrets
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import aiohttp
import uvloop

from deploy.cli.console import say, steps, table
from deploy.demo.client import Client
from deploy.demo.seed import ensure_seeded
from deploy.embedded.stack import EmbeddedStack
from tests.house import House
from tests.load.villages import open_villages

MEBIBYTE = 1024 * 1024
BAR = 64 * MEBIBYTE
WATCHED = ("gateway", "intake")
CLIENTS = 8
REPORT = Path("var/bench-uploads.json")
BYTES = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}


@dataclass
class Run:
    """One way to send it."""

    name: str
    size: int
    seconds: float = 0.0
    judged_seconds: float = 0.0
    state: str = ""
    growth: dict[str, int] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        """Whether neither grew by more than it may."""
        return all(grown <= BAR for grown in self.growth.values())

    def row(self) -> tuple[str, ...]:
        """For the table."""
        grown = [f"{self.growth[name] / MEBIBYTE:.1f} MiB" for name in WATCHED]
        rate = f"{self.size / MEBIBYTE / self.seconds:.0f} MiB/s"
        return (self.name, rate, f"{self.judged_seconds:.1f} s", self.state, *grown, "met" if self.met else "NOT MET")


def large_pdf(path: Path, size: int) -> None:
    """A whole PDF of one page, nearly all of which is a stream of noise; written piece by piece."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Padding 4 0 R>>",
    ]
    with path.open("wb") as file:
        file.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        places = []
        for number, content in enumerate(objects, 1):
            places.append(file.tell())
            file.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        places.append(file.tell())
        file.write(b"4 0 obj\n<</Length %d>>\nstream\n" % size)
        for begin in range(0, size, MEBIBYTE):
            file.write(secrets.token_bytes(min(MEBIBYTE, size - begin)))
        file.write(b"\nendstream\nendobj\n")
        table_at = file.tell()
        file.write(b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places))
        file.write(b"trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % table_at)


def resident(pids: list[int]) -> int:
    """The resident memory of these processes, in bytes."""
    total = 0
    for pid in pids:
        with contextlib.suppress(FileNotFoundError):
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
            total += int(status.split("VmRSS:")[1].split()[0]) * 1024
    return total


@asynccontextmanager
async def watched(stack: EmbeddedStack, run: Run) -> AsyncIterator[None]:
    """Note by how much each process grows at most."""
    pids = {part.name: part.pids for part in stack.status() if part.name in WATCHED}
    before = {name: resident(pids[name]) for name in WATCHED}
    run.growth = dict.fromkeys(WATCHED, 0)

    async def look() -> None:
        while True:
            for name in WATCHED:
                run.growth[name] = max(run.growth[name], resident(pids[name]) - before[name])
            await asyncio.sleep(0.05)

    watching = asyncio.create_task(look())
    try:
        yield
    finally:
        watching.cancel()


class Sender:
    """One person sending a file."""

    def __init__(self, client: Client, path: Path) -> None:
        self._http = client._http
        self._headers = client._authorization() | BYTES
        self._path = path
        self._size = path.stat().st_size

    async def send(self, chunk: int) -> str:
        """All of it, in requests of ``chunk`` bytes; its id."""
        headers = self._headers | {"Upload-Length": str(self._size), "Content-Type": "text/plain"}
        async with self._http.post("/v1/uploads", headers=headers) as begun:
            begun.raise_for_status()
            location = begun.headers["Location"]
        for begin in range(0, self._size, chunk):
            await self._patch(location, begin, min(chunk, self._size - begin))
        return location.rsplit("/", 1)[-1]

    async def judged(self, scan_id: str, sha256: str) -> str:
        """What became of it."""
        while True:
            async with self._http.get(f"/v1/scans/{scan_id}", headers=self._headers) as answer:
                scan = await answer.json()
            if scan["state"] != "checking":
                break
            await asyncio.sleep(0.1)
        if scan["file"] and scan["file"]["sha256"] != sha256:
            return "ANOTHER FILE"
        return str(scan["state"] if scan["file"] else scan["reason"]["code"])

    async def end(self, scan_id: str) -> None:
        """Take it away, so that nobody makes copies of it while the next is measured."""
        async with self._http.delete(f"/v1/scans/{scan_id}", headers=self._headers):
            pass

    async def _patch(self, location: str, begin: int, length: int) -> None:
        headers = self._headers | {"Upload-Offset": str(begin), "Content-Length": str(length)}
        body, patience = self._stretch(begin, length), aiohttp.ClientTimeout(total=600)
        async with self._http.patch(location, data=body, headers=headers, timeout=patience) as answer:
            if answer.status != 204:
                raise RuntimeError(f"{answer.status}: {await answer.text()}")

    async def _stretch(self, begin: int, length: int) -> AsyncIterator[bytes]:
        with self._path.open("rb") as file:
            file.seek(begin)
            while length > 0 and (piece := file.read(min(length, 64 * 1024))):
                length -= len(piece)
                yield piece


async def measure(stack: EmbeddedStack, run: Run, senders: list[Sender], chunk: int, sha256: str) -> None:
    """Send it from each of them at once, and wait until all are judged."""
    async with watched(stack, run):
        started = time.perf_counter()
        ids = await asyncio.gather(*(sender.send(chunk) for sender in senders))
        run.seconds = time.perf_counter() - started
        pairs = list(zip(senders, ids, strict=True))
        states = await asyncio.gather(*(sender.judged(one, sha256) for sender, one in pairs))
        run.judged_seconds = time.perf_counter() - started - run.seconds
    run.state = ", ".join(sorted(set(states)))
    for sender, one in pairs:
        await sender.end(one)


async def bench(megabytes: int) -> list[Run]:
    """Run everything on a stack of its own."""
    size = megabytes * 1_000_000
    runs = [Run("one request", size), Run("requests of 8 MiB", size), Run(f"{CLIENTS} clients at once", size)]
    with tempfile.TemporaryDirectory(prefix="lontar-bench-") as var, steps(4) as progress:
        progress.begin("making the files, starting the stack")
        whole, share = Path(var, "whole.pdf"), Path(var, "share.pdf")
        large_pdf(whole, size)
        large_pdf(share, size // CLIENTS)
        async with EmbeddedStack(Path(var, "stack")) as stack:
            await stack.start_infrastructure()
            await stack.start_services()
            await stack.wait_ready()
            await ensure_seeded(stack.base_url, stack.admin_password, stack.layout.root)
            people = await open_villages(House(stack), CLIENTS)
            progress.finish()
            ways = (([whole], 1 << 40, whole), ([whole], 8 * MEBIBYTE, whole), ([share] * CLIENTS, 1 << 40, share))
            try:
                for run, (paths, chunk, path) in zip(runs, ways, strict=True):
                    progress.begin(run.name)
                    senders = [Sender(person, one) for person, one in zip(people, paths, strict=False)]
                    await measure(stack, run, senders, chunk, _sha256(path))
                    progress.finish()
            finally:
                for person in people:
                    await person.close()
    return runs


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=200)
    runs = uvloop.run(bench(parser.parse_args().megabytes))
    heads = ("how", "rate", "judged after", "became", *(f"{name} grew by" for name in WATCHED), "bar: 64 MiB")
    table("Uploads of 200 MB", heads, [run.row() for run in runs])
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps([asdict(run) | {"met": run.met} for run in runs], indent=1) + "\n", encoding="utf-8")
    say(f"Every run is in {REPORT}.")


if __name__ == "__main__":
    main()
