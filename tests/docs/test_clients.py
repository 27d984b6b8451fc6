"""The page for programs: its Python is run as it stands, with the generated client, against the running system."""

import asyncio
import os
import re
from pathlib import Path

import pytest

from deploy.client.build import PYTHON, version, wheel
from deploy.demo.client import Client, Json, Refused
from deploy.demo.organisation import seat, unit_id
from tests.house import SCAN, House
from tests.waiting import until_equal

pytestmark = [pytest.mark.flow, pytest.mark.slow, pytest.mark.timeout(480)]
PAGE = Path(__file__).parents[2] / "docs" / "clients.md"


def program() -> str:
    """The page's Python, in its order, each line where it stands in the page."""
    text = PAGE.read_text(encoding="utf-8")
    lines = [""] * (text.count("\n") + 1)
    for block in re.finditer(r"^```python\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL):
        first = text.count("\n", 0, block.start(1))
        for number, line in enumerate(block[1].splitlines()):
            lines[first + number] = line
    return "\n".join(lines)


async def app_of_the_office(admin: Client) -> Json:
    """An app at the desk of an agency's registrar."""
    wanted = {
        "name": "SIPJALAN",
        "unit_id": unit_id("dinas-pu"),
        "contact": {"name": "Ni Luh Ayu", "email": "ayu@pu.klungkungkab.go.id"},
        "position_ids": [seat("tu.pu").position_id],
        "grants": ["letters:read", "letters:write", "notifications:read"],
    }

    async def registered() -> Json | None:
        try:
            return await admin.post("/v1/clients", wanted)
        except Refused as refused:
            if not str(refused.problem["code"]).startswith("unknown_"):
                raise
            return None  # the gateway has not been told of the unit yet

    found = await until_equal(registered, bool)
    assert found is not None
    return found


async def credentials(house: House) -> dict[str, str]:
    """What the page asks for."""
    async with house.admin() as admin:
        app = await app_of_the_office(admin)
        key = await admin.post(f"/v1/clients/{app['id']}/keys", {"label": "halaman contoh"})
        secret = await admin.post(f"/v1/clients/{app['id']}/secrets", {"label": "halaman contoh"})
    return {
        "LONTAR_URL": house.stack.base_url,
        "LONTAR_KEY": key["key"],
        "LONTAR_CLIENT_ID": app["id"],
        "LONTAR_CLIENT_SECRET": secret["client_secret"],
        "LONTAR_UNIT": app["unit_id"],
    }


class TestThePublishedClient:
    async def test_H7_it_is_generated_whole(self) -> None:
        made = await asyncio.to_thread(wheel)
        assert made.name == f"lontar_client-{version()}-py3-none-any.whl"

    async def test_H7_the_page_of_examples_runs_as_it_stands(self, house: House, tmp_path: Path) -> None:
        await asyncio.to_thread(wheel)
        script = tmp_path / "clients.py"
        script.write_text(program(), encoding="utf-8")
        (tmp_path / "surat.pdf").write_bytes(SCAN)
        running = await asyncio.create_subprocess_exec(
            PYTHON,
            script,
            env={"PATH": os.environ["PATH"], **await credentials(house)},
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said = (await asyncio.wait_for(running.communicate(), 120))[0].decode()
        assert running.returncode == 0, said
        assert len(said.splitlines()) == 4, said


class TestThePage:
    def test_its_examples_are_one_program(self) -> None:
        assert program().count("lontar_client") >= 8
        compile(program(), str(PAGE), "exec")
