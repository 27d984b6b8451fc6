"""What SeaweedFS opens beside S3: nobody reaches a scan there without a key."""

import asyncio
import io
import os
import shutil
import sys
from pathlib import Path

import aiohttp
import pytest
from minio import Minio

from deploy.embedded.ports import TWIN_OFFSET
from deploy.embedded.s3 import BUCKET, WEED_PORTS, ObjectStore
from deploy.embedded.stack import EmbeddedStack
from tests.deploy.test_stack import s3

pytestmark = [
    pytest.mark.stack,
    pytest.mark.skipif(shutil.which("minio") is not None, reason="MinIO on PATH stands in SeaweedFS's place"),
]
KEY = "letters/2026/11/a-scan"


@pytest.fixture
async def ports(stack: EmbeddedStack) -> dict[str, int]:
    """Every port of the store, with one scan in it."""
    client: Minio = s3(stack, "intake")
    await asyncio.to_thread(client.put_object, BUCKET, KEY, io.BytesIO(b"rahasia"), 7)
    store = stack.addresses.objects
    assert isinstance(store, ObjectStore)
    return {"s3": store.port} | {name: store._ports[name] for name in WEED_PORTS}


async def shell(ports: dict[str, int], command: str, home: Path) -> str:
    """What SeaweedFS's own shell gets out of the store, without a certificate of the stack's."""
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("weed")),
        "shell",
        f"-master=127.0.0.1:{ports['master']}",
        f"-filer=127.0.0.1:{ports['filer']}",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={"PATH": os.environ["PATH"], "HOME": str(home)},
        cwd=home,
    )
    try:
        async with asyncio.timeout(4):
            said, _ = await process.communicate(command.encode() + b"\n")
    except TimeoutError:  # it knocks for ever
        process.kill()
        said, _ = await process.communicate()
    return said.decode(errors="replace")


class TestBesideS3:
    async def test_the_grpc_ports_speak_to_nobody_without_the_certificate(
        self, ports: dict[str, int], stack: EmbeddedStack, tmp_path: Path
    ) -> None:
        folder, _, name = KEY.rpartition("/")
        assert name not in await shell(ports, f"fs.ls /buckets/{BUCKET}/{folder}", tmp_path)
        await shell(ports, f"fs.rm /buckets/{BUCKET}/{KEY}", tmp_path)
        assert await asyncio.to_thread(lambda: s3(stack, "intake").stat_object(BUCKET, KEY).size) == 7

    @pytest.mark.parametrize("port", ["s3", *WEED_PORTS])
    async def test_no_grpc_port_answers_in_the_clear(self, ports: dict[str, int], port: str) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", ports[port] + TWIN_OFFSET)
        writer.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, 4, 0, 0, 0, 0, 0)))
        try:
            async with asyncio.timeout(30):
                answer = await reader.read(64)
        except ConnectionError:
            answer = b""
        writer.close()
        settings_frame = 4
        assert answer[3:4] != bytes((settings_frame,))

    @pytest.mark.parametrize("path", ["/dir/assign", "/dir/lookup?volumeId=1&fileId=1,01&read=yes", "/dir/status"])
    async def test_the_master_gives_no_token_and_no_topology_away(self, ports: dict[str, int], path: str) -> None:
        async with (
            aiohttp.ClientSession() as http,
            http.get(f"http://127.0.0.1:{ports['master']}{path}") as answer,
        ):
            assert (answer.status, answer.headers.get("Authorization")) == (404, None)

    @pytest.mark.parametrize(
        ("port", "path", "status"), [("filer", f"/buckets/{BUCKET}/{KEY}", 404), ("volume", "/1,01", 401)]
    )
    async def test_nor_do_filer_and_volume_server_show_anything(
        self, ports: dict[str, int], port: str, path: str, status: int
    ) -> None:
        async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{ports[port]}{path}") as answer:
            assert answer.status == status
