"""Judges: the same findings as at home, within bounds, whatever becomes of them."""

import asyncio
import io
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.chassis.errors import ServiceError
from services.chassis.files import judge_process
from services.chassis.files.inspection import inspect_document, inspect_scan
from services.chassis.files.judges import SMALL, JudgeBounds, Judges
from services.chassis.files.limits import FileLimits
from services.chassis.files.received import Received, Spool, SpoolLimits
from services.chassis.files.refusal import Unacceptable
from tests.chassis.files import documents
from tests.intake import scans
from tests.intake.hostile import pdf_bombs, seeds
from tests.waiting import until

LIMITS = FileLimits()
PDF = seeds.WHOLE["pdf"]()


def received(content: bytes) -> Received:
    """The file, in memory."""
    return Received("surat", io.BytesIO(content), len(content), "")


def alive(pid: int) -> bool:
    """Whether the process is there and not a ghost."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def endless() -> bytes:
    """A PDF that keeps a judge busy for many seconds."""
    return pdf_bombs.object_streams(40, 40)


@pytest.fixture
async def judges() -> AsyncIterator[Judges]:
    """Two at most, and none left afterwards."""
    made = Judges(JudgeBounds(judges=2, seconds=10))
    yield made
    await made.close()


class TestFindings:
    @pytest.mark.parametrize("kind", seeds.WHOLE)
    async def test_scan_is_found_to_be_the_same_as_at_home(self, judges: Judges, kind: str) -> None:
        """Also by a judge that could load nothing more since it shut itself in."""
        content = seeds.WHOLE[kind]()
        for _ in range(2):
            assert await judges.scan(received(content), LIMITS) == inspect_scan(received(content))

    @pytest.mark.parametrize("kind", documents.MEDIA_TYPES)
    async def test_document(self, judges: Judges, kind: str) -> None:
        content = documents.document(kind)
        assert await judges.document(received(content), LIMITS) == inspect_document(received(content))

    async def test_refusal_comes_with_its_words(self, judges: Judges) -> None:
        with pytest.raises(Unacceptable) as refusal:
            await judges.scan(received(PDF[:-30]), LIMITS)
        assert (refusal.value.fault, refusal.value.sentence[:5]) == ("broken", "rusak")

    async def test_limits_are_the_askers(self, judges: Judges) -> None:
        with pytest.raises(Unacceptable) as refusal:
            await judges.scan(received(scans.tiff(3)), FileLimits(pages=2))
        assert refusal.value.fault == "too_many_pages"

    @pytest.mark.parametrize("in_memory", [0, 10_000_000])
    async def test_large_spooled_file_is_judged_and_left_as_it_was(self, judges: Judges, in_memory: int) -> None:
        content = scans.pdf_of_size(SMALL + 100_000)
        spool = Spool("besar.pdf", SpoolLimits(len(content), in_memory))
        spool.write(memoryview(content))
        assert (await judges.scan(spool.received(), LIMITS)).pages == 1
        assert spool.content.tell() == 0
        assert spool.content.read() == content
        spool.close()


class TestBounds:
    async def test_never_more_of_them_than_allowed(self, judges: Judges) -> None:
        found = await asyncio.gather(*(judges.scan(received(PDF), LIMITS) for _ in range(12)))
        assert {one.pages for one in found} == {2}
        assert 1 <= len(judges.processes) <= 2

    async def test_file_that_takes_too_long_is_refused_and_its_judge_is_gone(self) -> None:
        judges = Judges(JudgeBounds(judges=1, seconds=1))
        await judges.scan(received(PDF), LIMITS)
        (busy,) = judges.processes
        content = endless()
        with pytest.raises(Unacceptable) as refusal:
            await judges.scan(received(content), LIMITS)
        assert refusal.value.fault == "unreadable"
        assert not alive(busy)
        assert judges.processes == []  # its time was up: it was not tried again
        assert (await judges.scan(received(PDF), LIMITS)).pages == 2
        await judges.close()

    async def test_file_that_takes_too_much_memory_is_refused(self) -> None:
        judges = Judges(JudgeBounds(judges=1, memory_bytes=110 * 1024 * 1024))
        with pytest.raises(Unacceptable) as refusal:
            await judges.scan(received(pdf_bombs.packed_pages(100_000)), LIMITS)
        assert refusal.value.fault in ("broken", "unreadable")
        assert (await judges.scan(received(PDF), LIMITS)).pages == 2
        await judges.close()

    async def test_machine_that_gives_no_time_is_no_fault_of_the_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        judges = Judges(JudgeBounds(judges=1, seconds=1))
        await judges.scan(received(PDF), LIMITS)
        monkeypatch.setattr(judge_process, "PATIENCE", 0.5)
        os.kill(judges.processes[0], signal.SIGSTOP)
        with pytest.raises(ServiceError) as refusal:
            await judges.scan(received(PDF), LIMITS)
        assert (refusal.value.status, refusal.value.headers) == (503, {"Retry-After": "5"})
        assert judges.processes == []


class TestAccidents:
    async def test_judge_that_died_while_it_waited_is_replaced(self, judges: Judges) -> None:
        await judges.scan(received(PDF), LIMITS)
        (former,) = judges.processes
        os.kill(former, signal.SIGKILL)
        assert (await judges.scan(received(PDF), LIMITS)).pages == 2
        assert former not in judges.processes

    async def test_judge_that_talks_nonsense_is_replaced(self, judges: Judges, monkeypatch: pytest.MonkeyPatch) -> None:
        await judges.scan(received(PDF), LIMITS)
        (former,) = judges.processes
        with monkeypatch.context() as patch:
            patch.setattr(judges, "_question", lambda *_: b"no question")
            with pytest.raises(Unacceptable) as refusal:
                await judges.scan(received(PDF), LIMITS)
            assert refusal.value.fault == "unreadable"
        assert not alive(former)
        assert (await judges.scan(received(PDF), LIMITS)).pages == 2

    async def test_who_goes_away_leaves_no_judge_at_work(self, judges: Judges) -> None:
        await judges.scan(received(PDF), LIMITS)
        (busy,) = judges.processes
        asking = asyncio.create_task(judges.scan(received(endless()), LIMITS))
        await asyncio.sleep(0.3)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert not alive(busy)
        assert (await judges.scan(received(PDF), LIMITS)).pages == 2

    async def test_no_judge_to_be_had_is_503_and_never_a_pass(
        self, judges: Judges, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "executable", "/nonexistent/python")
        with pytest.raises(ServiceError) as refusal:
            await judges.scan(received(PDF), LIMITS)
        assert refusal.value.status == 503

    async def test_judge_ends_with_the_service_even_if_that_is_killed(self) -> None:
        program = (
            "import asyncio, io, time\n"
            "from services.chassis.files.judges import JudgeBounds, Judges\n"
            "from services.chassis.files.limits import FileLimits\n"
            "from services.chassis.files.received import Received\n"
            "async def main():\n"
            "    judges = Judges(JudgeBounds())\n"
            "    try: await judges.scan(Received('', io.BytesIO(b'x'), 1, ''), FileLimits())\n"
            "    except Exception: print(*judges.processes, flush=True)\n"
            "    time.sleep(60)\n"
            "asyncio.run(main())\n"
        )
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as service:
            assert service.stdout is not None
            judge = int(await asyncio.to_thread(service.stdout.readline))
            assert alive(judge)
            service.kill()
        await until(lambda: not alive(judge))


class TestConfinement:
    async def test_judge_has_no_environment(self, judges: Judges, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LONTAR_S3_SECRET_KEY", "rahasia")
        await judges.scan(received(PDF), LIMITS)
        assert Path(f"/proc/{judges.processes[0]}/environ").read_bytes() == b""

    async def test_judge_holds_no_file_afterwards(self, judges: Judges) -> None:
        for _ in range(3):
            await judges.scan(received(PDF), LIMITS)
        held = [str(one.readlink()) for one in Path(f"/proc/{judges.processes[0]}/fd").iterdir()]
        assert [one for one in held if not one.startswith(("/dev/", "socket:"))] == []

    def test_shut_in_it_opens_nothing_and_reaches_nobody(self) -> None:
        with tempfile.TemporaryFile() as secret:
            secret.write(b"terbuka")
            secret.flush()
            said = subprocess.run(
                [sys.executable, "-c", _ATTEMPTS, str(secret.fileno())],
                pass_fds=[secret.fileno()],
                capture_output=True,
                text=True,
                check=True,
            ).stdout.split()
        assert said == ["walled", *["refused"] * 9, "read"]


_ATTEMPTS = """
import os, socket, sys
from services.chassis.confinement import shut_in
listener = socket.create_server(("127.0.0.1", 0))
print("walled" if shut_in(20) else "open")
def attempt(act):
    try:
        act()
        print("done")
    except OSError:
        print("refused")
attempt(lambda: open("/etc/passwd").read())
attempt(lambda: open("/tmp/tertulis", "w").write("x"))
attempt(lambda: socket.create_connection(listener.getsockname()))
attempt(lambda: os.kill(os.getppid(), 0))
attempt(lambda: open(f"/proc/{os.getppid()}/mem", "rb"))
attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
attempt(lambda: socket.socket(socket.AF_UNIX))
attempt(os.fork)
attempt(lambda: os.execv("/bin/true", ["true"]))
os.lseek(int(sys.argv[1]), 0, 0)
print("read" if os.read(int(sys.argv[1]), 7) == b"terbuka" else "lost")
"""
