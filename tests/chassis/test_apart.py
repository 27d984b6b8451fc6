"""Programs run apart: bounded in everything, told nothing, and gone when they are done with."""

import asyncio
import contextlib
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from services.chassis.apart import ApartFailed, ApartLimits, run_apart

LIMITS = ApartLimits(seconds=5, memory_bytes=256 << 20)


async def run(tmp_path: Path, program: str, limits: ApartLimits = LIMITS, **given: Any) -> bytes:
    """What a program says."""
    path = tmp_path / "program.py"
    path.write_text(program)
    return await run_apart(path, given.pop("arguments", []), limits, **({"most_output": 10_000} | given))


def alive(pid: int) -> bool:
    """Whether a process runs (one that waits to be buried does not)."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


async def gone(pid: int) -> bool:
    """Whether a process ends before long."""
    for _ in range(1500):
        if not alive(pid):
            return True
        await asyncio.sleep(0.02)
    return False


class TestGiven:
    """What a program has."""

    async def test_its_arguments_and_its_input(self, tmp_path: Path) -> None:
        with (tmp_path / "in").open("w+b") as content:
            content.write(b"surat")
            said = await run(
                tmp_path, "import sys; print(sys.argv[1:], sys.stdin.read())", arguments=["a", "b c"], stdin=content
            )
        assert said == b"['a', 'b c'] surat\n"

    async def test_no_environment_but_what_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LONTAR_S3_SECRET_KEY", "hush")
        said = await run(tmp_path, "import os; print(sorted(os.environ))", environment={"PATH": "/bin"})
        assert set(eval(said)) <= {"PATH", "LC_CTYPE"}

    async def test_a_folder_to_write_in_and_files_no_larger_than_allowed(self, tmp_path: Path) -> None:
        program = """
for size in (1000, 5000):
    with open(str(size), "wb", buffering=0) as file:
        file.write(b"a" * size)
"""
        await run(tmp_path, program, ApartLimits(5, 256 << 20, 2000), folder=tmp_path)
        assert [(tmp_path / name).stat().st_size for name in ("1000", "5000")] == [1000, 2000]

    async def test_programs_that_were_unpacked_beside_their_names(self, tmp_path: Path) -> None:
        """As set-up leaves them where it is not root: a script on PATH that starts what lies elsewhere."""
        for folder, content in (
            ("bin", f'#!/bin/sh\nexec "{tmp_path}/dist/reader"\n'),
            ("dist", "#!/bin/sh\necho read\n"),
        ):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "reader").write_text(content)
            (tmp_path / folder / "reader").chmod(0o755)
        program = "import subprocess; print(subprocess.run(['reader'], capture_output=True, text=True).stdout)"
        said = await run(tmp_path, program, environment={"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"})
        assert said == b"read\n\n"

    async def test_a_place_behind_everybody_else(self, tmp_path: Path) -> None:
        said = await run(tmp_path, "import os; print(os.getpriority(os.PRIO_PROCESS, 0))")
        assert int(said) >= LIMITS.niceness > 0

    async def test_a_session_that_stands_back_whole(self, tmp_path: Path) -> None:
        sessions = Path("/proc/sys/kernel/sched_autogroup_enabled")
        if not sessions.exists() or sessions.read_text().strip() == "0":
            return  # here niceness counts among all processes by itself
        program = "import time; print('up', flush=True); time.sleep(1)"
        running = asyncio.create_task(run(tmp_path, program))
        said: set[str] = set()
        while not running.done():
            said |= {autogroup for one in Path("/proc").iterdir() if (autogroup := _of_child(one))}
            await asyncio.sleep(0.05)
        await running
        assert any(one.endswith(f"nice {LIMITS.niceness}") for one in said)


def _of_child(process: Path) -> str | None:
    """The autogroup of a process that runs apart, if it is one."""
    with contextlib.suppress(OSError):
        if b"apart_start.py" in (process / "cmdline").read_bytes():
            return (process / "autogroup").read_text().strip()
    return None


class TestBounded:
    """What a program cannot do."""

    @pytest.mark.parametrize(
        ("program", "reason"),
        [
            ("import sys; sys.exit(3)", "status 3"),
            ("import os; os.kill(os.getpid(), 11)", "signal 11"),
            ("print('x' * 20_000)", "more than it was asked for"),
            ("bytearray(400 << 20)", "status 1"),
        ],
    )
    async def test_ends_badly(self, tmp_path: Path, program: str, reason: str) -> None:
        with pytest.raises(ApartFailed, match=reason) as failed:
            await run(tmp_path, program)
        assert not failed.value.starved

    async def test_uses_up_its_processor_time(self, tmp_path: Path) -> None:
        with pytest.raises(ApartFailed, match=r"signal|longer"):
            await run(tmp_path, "while True: pass", ApartLimits(1, 256 << 20, patience=20))

    async def test_waits_for_what_never_comes_and_was_given_no_time_to_begin(self, tmp_path: Path) -> None:
        with pytest.raises(ApartFailed, match=r"longer than 0\.5 s") as failed:
            await run(tmp_path, "import time; time.sleep(60)", ApartLimits(5, 256 << 20, patience=0.1))
        assert failed.value.starved

    async def test_what_it_started_ends_with_it(self, tmp_path: Path) -> None:
        program = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], stdout=subprocess.DEVNULL)
print(child.pid, flush=True)
"""
        assert await gone(int(await run(tmp_path, program)))

    async def test_ends_when_it_is_no_longer_waited_for(self, tmp_path: Path) -> None:
        program = f"""
import os, time
open({str(tmp_path / "pid")!r}, "w").write(str(os.getpid()))
time.sleep(600)
"""
        running = asyncio.create_task(run(tmp_path, program, ApartLimits(600, 256 << 20, 100), folder=tmp_path))
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            await asyncio.sleep(0.02)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert await gone(int((tmp_path / "pid").read_text()))

    async def test_ends_when_the_process_that_started_it_is_killed(self, tmp_path: Path) -> None:
        (tmp_path / "program.py").write_text(
            f"import os, time\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)"
        )
        starter = f"""
import asyncio
from pathlib import Path
from services.chassis.apart import ApartLimits, run_apart
asyncio.run(run_apart(Path({str(tmp_path / "program.py")!r}), [], ApartLimits(600, 256 << 20, 100),
    folder=Path({str(tmp_path)!r}), most_output=1))
"""
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", starter, cwd=Path.cwd())
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            await asyncio.sleep(0.02)
        process.kill()
        await process.wait()
        assert await gone(int((tmp_path / "pid").read_text()))


class TestFencedIn:
    """What a program that was taken over by what it reads would look for."""

    @pytest.mark.parametrize(
        "attempt",
        [
            "open(f'/proc/{os.getppid()}/environ', 'rb').read()",
            "open('/etc/passwd').read()",
            "open('/tmp/of-another', 'w')",
            "open(os.path.join(os.path.dirname(os.getcwd()), 'secret')).read()",
            "os.listdir(os.path.dirname(os.getcwd()))",
            "os.symlink('/etc/passwd', 'made')",
            "os.mkfifo('made')",
            "os.link(sys.executable, 'made')",
            "socket.create_connection(('127.0.0.1', PORT), 5)",
            "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
            "socket.socket(socket.AF_UNIX)",
            "os.kill(os.getppid(), 0)",
            "os.setsid()",
            "ctypes.CDLL(None, use_errno=True).ptrace(16, os.getppid(), 0, 0) and sys.exit(7)",
        ],
    )
    async def test_reaches_nothing_of_the_service(self, tmp_path: Path, attempt: str) -> None:
        (tmp_path / "secret").write_text("hush")
        (tmp_path / "own").mkdir()
        heard: list[object] = []
        server = await asyncio.start_server(lambda *_: heard.append(1), "127.0.0.1", 0)
        async with server:
            asked = attempt.replace("PORT", str(server.sockets[0].getsockname()[1]))
            program = (
                "import ctypes, os, socket, sys\nopen('mine', 'w').write('x')\nif os.fork() == 0:\n    try:\n"
                f"        {asked}\n    except OSError:\n        os._exit(7)\n    os._exit(0)\nprint(os.wait()[1] >> 8)"
            )
            program = program.replace("os.getppid()", str(os.getpid()))
            said = await run(tmp_path, program, ApartLimits(5, 256 << 20, 100), folder=tmp_path / "own")
        assert (said, heard) == (b"7\n", [])
        assert (tmp_path / "own" / "mine").read_text() == "x"
