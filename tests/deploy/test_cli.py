"""The `lontar` command as a person runs it: exit codes, sentences, no stack traces."""

import asyncio
import os
import re
import signal
import socket
import sys
from asyncio.subprocess import PIPE
from dataclasses import dataclass
from pathlib import Path

import aio_pika
import pytest

from deploy.cli.main import FILES
from deploy.embedded import health
from deploy.embedded.layout import ROOT
from deploy.embedded.stack import EmbeddedStack
from services.chassis.bus.publisher import persistent
from services.chassis.bus.settler import REASON_HEADER
from tests.deploy.processes import of_folder
from tests.waiting import until

LONTAR = Path(sys.executable).with_name("lontar")


@dataclass(frozen=True)
class Said:
    """What a run of the command left."""

    code: int
    out: str
    err: str


async def start(var: Path, *words: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(str(LONTAR), *words),
        cwd=ROOT,
        env={**os.environ, "LONTAR_VAR": str(var)},
        stdout=PIPE,
        stderr=PIPE,
    )


async def lontar(var: Path, *words: str) -> Said:
    process = await start(var, *words)
    out, err = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode is not None
    said = Said(process.returncode, out.decode(), err.decode())
    assert "Traceback" not in said.err
    return said


LOADED = """
import sys
from deploy.cli.main import FILES, Commands
Commands().get_command(None, "letters")
print(*(name for name in FILES if f"deploy.cli.{name}" in sys.modules))
"""


class TestFront:
    async def test_every_command_is_listed_with_what_it_does(self, tmp_path: Path) -> None:
        said = await lontar(tmp_path, "--help")
        assert said.code == 0
        rows = [line.strip("│ ").partition(" ") for line in said.out.splitlines()]
        told = {name: what.strip() for name, _, what in rows if name in FILES}
        assert set(told) == set(FILES)
        assert all(told.values())

    async def test_a_command_loads_nothing_of_the_others(self) -> None:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", LOADED, cwd=ROOT, stdout=PIPE)
        out, _ = await asyncio.wait_for(process.communicate(), 120)
        assert out.decode().split() == ["letters"]

    async def test_of_a_slip_the_nearest_command_is_told(self, tmp_path: Path) -> None:
        said = await lontar(tmp_path, "lettres")
        assert said.code == 2
        assert "No such command 'lettres'. Did you mean 'letters'?" in said.err


class TestNothingRuns:
    async def test_doctor_says_so_and_is_not_content(self, tmp_path: Path) -> None:
        said = await lontar(tmp_path, "doctor")
        assert said.code == 1
        assert "Nothing runs here." in said.out
        assert "GiB free on disk" in said.out

    @pytest.mark.parametrize(
        ("words", "variable"),
        [
            (("outbox",), "LONTAR_OPERATOR_MONGO_URL"),
            (("messages", "parked"), "LONTAR_OPERATOR_AMQP_URL"),
            (("messages", "replay", "--all"), "LONTAR_OPERATOR_AMQP_URL"),
            (("letters", "check"), "LONTAR_ROUTING_MONGO_URL"),
            (("scans", "parked"), "LONTAR_INTAKE_MONGO_URL"),
            (("keys", "reseal"), "LONTAR_GATEWAY_MONGO_URL"),
        ],
    )
    async def test_operator_commands_say_what_to_do(
        self, tmp_path: Path, words: tuple[str, ...], variable: str
    ) -> None:
        said = await lontar(tmp_path, *words)
        assert said.code == 1
        assert f"Lontar is not running on {tmp_path}; start it with `lontar up`, or set {variable}." in said.err

    async def test_broker_that_is_away_is_one_sentence(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LONTAR_AMQP_URL", "amqp://a:b@127.0.0.1:1/lontar")
        said = await lontar(tmp_path, "messages", "parked")
        assert said.code == 1
        assert said.err.startswith("The message broker could not be reached:")
        assert len(said.err.splitlines()) == 1

    @pytest.mark.parametrize("words", [("up",), ("demo",), ("doctor",), ("outbox",)])
    async def test_folder_that_cannot_be_used_is_one_sentence(self, tmp_path: Path, words: tuple[str, ...]) -> None:
        a_file = tmp_path / "var"
        a_file.touch()
        said = await lontar(a_file, *words)
        assert said.code == 1
        assert said.err.startswith(str(a_file))
        assert "cannot be used: " in said.err
        assert len(said.err.splitlines()) == 1

    async def test_replay_wants_one_id_or_all(self, tmp_path: Path) -> None:
        said = await lontar(tmp_path, "messages", "replay")
        assert (said.code, said.err.strip()) == (1, "Name one message by its id, or say --all.")

    async def test_unknown_service_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LONTAR_AMQP_URL", "amqp://a:b@127.0.0.1:1/lontar")
        said = await lontar(tmp_path, "messages", "parked", "--service", "arsip")
        assert said.code == 1
        assert "There is no service arsip; there are intake, routing" in said.err


@pytest.mark.stack
class TestDoctor:
    async def test_names_every_part_with_its_version_and_the_backlog(self, stack: EmbeddedStack) -> None:
        said = await lontar(stack.layout.root, "doctor")
        assert said.code == 0
        lines = [line.split("\t") for line in said.out.splitlines()]
        parts = {line[0]: line[1:3] for line in lines if len(line) == 6}
        assert parts["rabbitmq"][0] == parts["mongodb"][0] == parts["s3"][0] == "ready"
        assert parts["rabbitmq"][1].startswith("RabbitMQ 3.")
        assert ["routing", "0", "0", "0", "-"] in lines

    async def test_part_that_is_down_is_told_by_the_exit_code(self, stack: EmbeddedStack) -> None:
        await stack.stop_part("s3")
        try:
            said = await lontar(stack.layout.root, "doctor")
        finally:
            await stack.start_part("s3")
        assert said.code == 1
        assert "s3\tdown" in said.out


@pytest.mark.stack
class TestMessages:
    async def test_parked_message_is_listed_shown_and_put_back(self, stack: EmbeddedStack) -> None:
        url = stack.environment("operator")["LONTAR_OPERATOR_AMQP_URL"]
        var = stack.layout.root
        async with await aio_pika.connect(url) as connection:
            channel = await connection.channel()
            message = persistent(
                b'{"tentang": "undangan"}', "id-1", "id.lontar.intake.letter.registered.v9", {REASON_HEADER: "unknown"}
            )
            await channel.default_exchange.publish(message, "routing.events.parked")

            listed = await lontar(var, "messages", "parked")
            assert "routing.events\tid-1\tid.lontar.intake.letter.registered.v9\tunknown" in listed.out
            again = await lontar(var, "messages", "parked", "--service", "routing")
            assert "id-1" in again.out, "looking takes nothing away"

            shown = await lontar(var, "messages", "show", "id-1")
            assert '"tentang": "undangan"' in shown.out
            missing = await lontar(var, "messages", "show", "id-2")
            assert (missing.code, missing.err.strip()) == (1, "No parked message has the id id-2.")

            replayed = await lontar(var, "messages", "replay", "id-1")
            assert (replayed.code, replayed.out.strip()) == (0, "Put back: 1")
            assert "No message is parked." in (await lontar(var, "messages", "parked")).out
            queue = await channel.get_queue("routing.events")
            back = await queue.get(timeout=30)
            assert back is not None
            assert (back.message_id, back.body) == ("id-1", b'{"tentang": "undangan"}')
            await back.ack()

    async def test_outbox_tells_every_service(self, stack: EmbeddedStack) -> None:
        said = await lontar(stack.layout.root, "outbox")
        assert said.code == 0
        assert "intake\t0\t-" in said.out
        assert "schedule\t0\t-" in said.out


@pytest.mark.stack
class TestLetters:
    async def test_check_runs_as_routing_and_finds_nothing_wrong(self, stack: EmbeddedStack) -> None:
        said = await lontar(stack.layout.root, "letters", "check")
        assert (said.code, said.err) == (0, "")
        assert re.fullmatch(r"\d+ letters, 0 not as their histories say\n", said.out)

    async def test_rebuild_makes_the_search_and_the_figures_anew(self, stack: EmbeddedStack) -> None:
        said = await lontar(stack.layout.root, "letters", "rebuild", "--search", "--figures")
        assert (said.code, said.err) == (0, "")
        assert "0 not as their histories say" in said.out


@pytest.mark.stack
@pytest.mark.slow
@pytest.mark.timeout(480)
class TestUp:
    async def test_serves_on_another_port_when_its_own_is_taken_and_leaves_nothing(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            taken = other.getsockname()[1]
            up = await start(tmp_path, "up", "--no-seed", "--port", str(taken))
            try:
                port = await self.port_it_names(up)
                assert port != taken
                assert await health.http_status(port, "/v1/status") == 200
                assert await health.http_status(port, "/readyz") == 404, "strangers learn nothing of what it is made of"
                doctor = await lontar(tmp_path, "doctor")
                assert doctor.code == 0
                assert "gateway\tready" in doctor.out

                second = await lontar(tmp_path, "up", "--no-seed")
                assert second.code == 1
                assert "A stack already runs on" in second.err
            finally:
                up.send_signal(signal.SIGINT)
                out, err = await asyncio.wait_for(up.communicate(), 120)
        assert up.returncode == 0
        assert b"nothing is left running" in out
        assert f"Port {taken} was not to be had".encode() in err
        assert of_folder(tmp_path) == {}

    async def test_stopped_while_starting_leaves_nothing(self, tmp_path: Path) -> None:
        up = await start(tmp_path, "up", "--no-seed")
        assert up.stdout is not None
        await up.stdout.readline()
        await until(lambda: bool(of_folder(tmp_path)))
        up.send_signal(signal.SIGTERM)
        await asyncio.wait_for(up.communicate(), 90)
        assert up.returncode == 130
        assert of_folder(tmp_path) == {}

    @staticmethod
    async def port_it_names(up: asyncio.subprocess.Process) -> int:
        assert up.stdout is not None
        async with asyncio.timeout(180):
            while line := await up.stdout.readline():
                if b"Lontar runs at" in line:
                    return int(re.findall(rb"http://localhost:(\d+)", line)[0])
        assert up.stderr is not None
        pytest.fail(f"it did not come up: {(await up.stderr.read()).decode()}")
