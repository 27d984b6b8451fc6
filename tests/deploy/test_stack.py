"""The embedded stack with its real servers: authentication, restarts, data that stay, nothing left behind."""

import asyncio
import io
import os
import signal
import socket
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aio_pika
import pytest
from minio import Minio
from minio.error import S3Error
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure

from deploy.embedded import health
from deploy.embedded.layout import ROOT
from deploy.embedded.s3 import BUCKET
from deploy.embedded.stack import EmbeddedStack
from deploy.embedded.state import AlreadyRunning, read_state
from services.chassis.storage import S3Storage, StorageSettings, StorageUnavailable
from tests.deploy.processes import of_folder, until

pytestmark = pytest.mark.stack

STACK_ALONE = """
import asyncio, signal, sys
from deploy.embedded.stack import EmbeddedStack
async def main():
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with EmbeddedStack(sys.argv[1], services=(), gateway=False) as stack:
        await stack.start_infrastructure()
        print("up", flush=True)
        await stop.wait()
asyncio.run(main())
"""


def mongo(stack: EmbeddedStack, program: str) -> AsyncMongoClient[dict[str, Any]]:
    return AsyncMongoClient(stack.environment(program)[f"LONTAR_{program.upper()}_MONGO_URL"])


def amqp_url(stack: EmbeddedStack, program: str) -> str:
    return stack.environment(program)[f"LONTAR_{program.upper()}_AMQP_URL"]


def s3(stack: EmbeddedStack, program: str) -> Minio:
    told = stack.environment(program)
    prefix = f"LONTAR_{program.upper()}_S3"
    endpoint = told[f"{prefix}_ENDPOINT"].removeprefix("http://")
    keys = told[f"{prefix}_ACCESS_KEY"], told[f"{prefix}_SECRET_KEY"]
    return Minio(endpoint, *keys, secure=False, region=told[f"{prefix}_REGION"])


class TestAuthentication:
    async def test_database_refuses_strangers_and_neighbours(self, stack: EmbeddedStack) -> None:
        async with mongo(stack, "routing") as routing:
            await routing["lontar_routing"]["things"].insert_one({"_id": 1})
        async with mongo(stack, "intake") as intake:
            await intake["lontar_intake"]["things"].insert_one({"_id": 1})
            with pytest.raises(OperationFailure, match="not authorized"):
                await intake["lontar_routing"]["things"].find_one({})
            with pytest.raises(OperationFailure, match="not authorized"):
                await intake["lontar_routing"]["things"].insert_one({"_id": 2})
        port = stack.environment("intake")["LONTAR_INTAKE_MONGO_URL"].rpartition("@")[2].partition("/")[0]
        async with AsyncMongoClient[dict[str, Any]](f"mongodb://{port}/?directConnection=true") as stranger:
            with pytest.raises(OperationFailure, match="requires authentication"):
                await stranger["lontar_intake"]["things"].find_one({})

    async def test_operator_reads_every_database_and_writes_none(self, stack: EmbeddedStack) -> None:
        async with mongo(stack, "notify") as notify:
            await notify["lontar_notify"]["things"].insert_one({"_id": 7})
        async with mongo(stack, "operator") as operator:
            assert await operator["lontar_notify"]["things"].find_one({}) == {"_id": 7}
            with pytest.raises(OperationFailure, match="not authorized"):
                await operator["lontar_notify"]["things"].delete_many({})

    async def test_broker_has_no_guest(self, stack: EmbeddedStack) -> None:
        host = amqp_url(stack, "intake").rpartition("@")[2].partition("/")[0]
        for vhost in ("", "lontar"):
            with pytest.raises(aio_pika.exceptions.AMQPConnectionError):
                await aio_pika.connect(f"amqp://guest:guest@{host}/{vhost}", timeout=30)

    async def test_service_cannot_read_a_neighbours_queue(self, stack: EmbeddedStack) -> None:
        async with await aio_pika.connect(amqp_url(stack, "intake")) as connection:
            channel = await connection.channel()
            queue = await channel.get_queue("routing.events")
            with pytest.raises(aio_pika.exceptions.ChannelClosed, match="ACCESS_REFUSED"):
                await queue.get(fail=False)

    async def test_service_cannot_publish_in_a_neighbours_name(self, stack: EmbeddedStack) -> None:
        async with await aio_pika.connect(amqp_url(stack, "intake")) as connection:
            channel = await connection.channel()
            exchange = await channel.get_exchange("lontar.events")
            with pytest.raises(aio_pika.exceptions.ChannelClosed, match="ACCESS_REFUSED"):
                await exchange.publish(aio_pika.Message(b"{}"), "routing.letter.delivered.v1", timeout=30)

    @pytest.mark.parametrize(
        ("program", "own", "other"), [("intake", "letters", "disposition"), ("disposition", "disposition", "letters")]
    )
    async def test_object_store_gives_a_service_its_folder_and_strangers_nothing(
        self, stack: EmbeddedStack, program: str, own: str, other: str
    ) -> None:
        store = s3(stack, program)
        await asyncio.to_thread(store.put_object, BUCKET, f"{own}/a", io.BytesIO(b"abc"), 3)
        assert await asyncio.to_thread(lambda: [one.object_name for one in store.list_objects(BUCKET, f"{own}/")])
        operator = s3(stack, "operator")
        await asyncio.to_thread(operator.put_object, BUCKET, f"{other}/b", io.BytesIO(b"abc"), 3)
        attempts: list[Callable[[], object]] = [
            lambda: store.get_object(BUCKET, f"{other}/b"),
            lambda: store.put_object(BUCKET, f"{other}/c", io.BytesIO(b"abc"), 3),
            lambda: store.put_object(BUCKET, f"{own}x/c", io.BytesIO(b"abc"), 3),
            lambda: store.remove_object(BUCKET, f"{other}/b"),
            lambda: list(store.list_objects(BUCKET, f"{other}/")),
            lambda: list(store.list_objects(BUCKET)),
            lambda: store.make_bucket("another-bucket"),
        ]
        for attempt in attempts:
            with pytest.raises(S3Error, match="Access"):
                await asyncio.to_thread(attempt)
        port = int(stack.environment(program)[f"LONTAR_{program.upper()}_S3_ENDPOINT"].rpartition(":")[2])
        assert await health.http_status(port, f"/{BUCKET}/") == 403

    async def test_a_service_with_the_key_of_its_folder_knows_that_the_store_is_there(
        self, stack: EmbeddedStack
    ) -> None:
        told = stack.environment("disposition")
        given = {
            name: told[f"LONTAR_DISPOSITION_S3_{name.upper()}"] for name in ("endpoint", "access_key", "secret_key")
        }
        own = StorageSettings.model_validate(given | {"folder": "disposition"})
        assert await S3Storage(own).reachable()
        with pytest.raises(StorageUnavailable):
            await S3Storage(own.model_copy(update={"folder": "letters"})).reachable()

    async def test_only_those_that_keep_files_are_told_of_the_object_store(self, stack: EmbeddedStack) -> None:
        for program in ("routing", "schedule", "notify", "gateway"):
            assert not [name for name in stack.environment(program) if "S3" in name]


class TestState:
    async def test_state_is_for_the_owner_alone_and_names_every_part(self, stack: EmbeddedStack) -> None:
        assert stat.S_IMODE((stack.layout.run / "stack.json").stat().st_mode) == 0o600
        state = read_state(stack.layout.root)
        assert state is not None
        assert {part.name for part in state.parts} == {"rabbitmq", "mongodb", "s3"}
        assert state.pid == os.getpid()

    async def test_second_stack_on_the_same_folder_is_refused(self, stack: EmbeddedStack) -> None:
        with pytest.raises(AlreadyRunning, match=rf"already runs on .* \(process {os.getpid()}\)"):
            async with EmbeddedStack(stack.layout.root):
                pytest.fail("two stacks share one folder")
        assert read_state(stack.layout.root) is not None

    async def test_everything_listens_on_loopback_alone(self, stack: EmbeddedStack) -> None:
        pids = set(of_folder(stack.layout.root))
        addresses = listening_addresses(pids)
        assert len(addresses) > 5
        assert {address for address, _ in addresses} <= {"127.0.0.1", "::1"}


class TestRestart:
    @pytest.mark.parametrize("part", ["mongodb", "s3", "rabbitmq"])
    async def test_killed_part_comes_back_where_it_was(self, stack: EmbeddedStack, part: str) -> None:
        before = next(state for state in stack.status() if state.name == part)
        await stack.kill_part(part)

        def is_back() -> bool:
            state = next(state for state in stack.status() if state.name == part)
            return state.restarts > before.restarts and bool(state.pids) and state.pids != before.pids

        await until(is_back)
        deadline = asyncio.get_running_loop().time() + 60
        while not await health.accepts(before.port):
            assert asyncio.get_running_loop().time() < deadline
            await asyncio.sleep(0.1)

    async def test_stopped_part_stays_down_until_started(self, stack: EmbeddedStack) -> None:
        await stack.stop_part("s3")
        state = next(state for state in stack.status() if state.name == "s3")
        assert not state.pids
        assert not await health.accepts(state.port)
        await stack.start_part("s3")
        assert await health.accepts(state.port)

    async def test_unknown_part_is_named_with_those_there_are(self, stack: EmbeddedStack) -> None:
        with pytest.raises(KeyError, match="kafka is not a part of this stack; it has mongodb, rabbitmq, s3"):
            await stack.stop_part("kafka")


@pytest.mark.timeout(480)
class TestNextStart:
    async def test_data_ports_and_secrets_are_found_again_after_a_kill(self, tmp_path: Path) -> None:
        supervisor = await start_alone(tmp_path)
        told = read_state(tmp_path)
        assert told is not None
        async with AsyncMongoClient[dict[str, Any]](url_of(tmp_path, "intake")) as client:
            await client["lontar_intake"]["letters"].insert_one({"_id": "surat-1"})
        assert {"beam.smp", "epmd", "weed", "secantusd-py"} & set(of_folder(tmp_path).values())

        supervisor.kill()
        await supervisor.wait()
        await until(lambda: not of_folder(tmp_path))
        assert read_state(tmp_path) is None, "the state of a dead stack is not believed"

        with socket.create_server(("127.0.0.1", told.parts[0].port)):
            supervisor = await start_alone(tmp_path)
            now = read_state(tmp_path)
            assert now is not None
            assert now.parts[0].port != told.parts[0].port, "a port taken meanwhile is no obstacle"
            assert [part.port for part in now.parts[1:]] == [part.port for part in told.parts[1:]]
            async with AsyncMongoClient[dict[str, Any]](url_of(tmp_path, "intake")) as client:
                assert await client["lontar_intake"]["letters"].find_one({}) == {"_id": "surat-1"}

            supervisor.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(supervisor.wait(), 60) == 0
        assert of_folder(tmp_path) == {}
        assert not (tmp_path / "run" / "stack.json").exists()


class TestExternalParts:
    async def test_part_whose_url_is_given_is_not_started(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LONTAR_MONGO_URL", "mongodb://db.example/?replicaSet=rs0")
        monkeypatch.setenv("LONTAR_S3_ENDPOINT", "http://s3.example")
        monkeypatch.setenv("LONTAR_S3_ACCESS_KEY", "KEY")
        monkeypatch.setenv("LONTAR_S3_SECRET_KEY", "SECRET")
        monkeypatch.setenv("LONTAR_ROUTING_AMQP_URL_FILE", str(tmp_path / "url"))
        (tmp_path / "url").write_text("amqp://routing@mq.example/lontar\n", encoding="utf-8")
        monkeypatch.setenv("LONTAR_AMQP_URL", "amqp://shared@mq.example/lontar")
        async with EmbeddedStack(tmp_path / "var", services=(), gateway=False) as stack:
            assert stack.parts == []
            assert stack.environment("intake")["LONTAR_INTAKE_MONGO_URL"] == "mongodb://db.example/?replicaSet=rs0"
            assert stack.environment("intake")["LONTAR_INTAKE_S3_ENDPOINT"] == "http://s3.example"
            assert stack.environment("routing")["LONTAR_ROUTING_AMQP_URL"] == "amqp://routing@mq.example/lontar"
            assert stack.environment("notify")["LONTAR_NOTIFY_AMQP_URL"] == "amqp://shared@mq.example/lontar"


async def start_alone(var: Path) -> asyncio.subprocess.Process:
    supervisor = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", STACK_ALONE, str(var)), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert supervisor.stdout is not None
    assert await asyncio.wait_for(supervisor.stdout.readline(), 120) == b"up\n"
    return supervisor


def url_of(var: Path, program: str) -> str:
    password = (var / "secrets" / f"mongodb-{program}").read_text(encoding="utf-8")
    state = read_state(var)
    assert state is not None
    port = next(part.port for part in state.parts if part.name == "mongodb")
    return f"mongodb://{program}:{password}@127.0.0.1:{port}/?directConnection=true&retryWrites=false"


def listening_addresses(pids: set[int]) -> set[tuple[str, int]]:
    sockets = {str(link.readlink()) for pid in pids for link in Path(f"/proc/{pid}/fd").iterdir()}
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text(encoding="utf-8").splitlines()[1:]:
            fields = line.split()
            address, port = fields[1].split(":")
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                found.add((_readable(address), int(port, 16)))
    return found


def _readable(address: str) -> str:
    """The kernel writes an address as 32-bit words, each in the machine's own order."""
    words = [bytes.fromhex(address[i : i + 8])[::-1] for i in range(0, len(address), 8)]
    family = socket.AF_INET if len(words) == 1 else socket.AF_INET6
    return socket.inet_ntop(family, b"".join(words))
