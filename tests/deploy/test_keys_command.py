"""`lontar keys` as a person runs it."""

import asyncio
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.embedded.secrets import KEY_RING, SecretStore
from deploy.embedded.stack import EmbeddedStack
from gateway.auth.key_ring import read_ring
from gateway.auth.second_factors import COLLECTION
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.mongo import connect
from tests.deploy.test_cli import lontar


@pytest.fixture
def ring(tmp_path: Path) -> Path:
    """The ring of a stack that was started once."""
    return SecretStore(tmp_path / "secrets").key_ring(KEY_RING, "none.pem")


class TestRotate:
    """`lontar keys rotate`."""

    async def test_a_new_key_is_published_and_signs_later(self, tmp_path: Path, ring: Path) -> None:
        (before,) = read_ring(ring).keys
        said = await lontar(tmp_path, "keys", "rotate")
        assert said.code == 0, said.err
        former, fresh = read_ring(ring).keys
        assert former.key.thumbprint() == before.key.thumbprint()
        assert former.until
        assert former.until > fresh.signs_from > now()
        assert fresh.key.thumbprint() in said.out
        assert "PRIVATE" not in said.out
        assert stat.S_IMODE(ring.stat().st_mode) == 0o600

    async def test_while_one_waits_it_says_so_and_changes_nothing(self, tmp_path: Path, ring: Path) -> None:
        await lontar(tmp_path, "keys", "rotate")
        content = ring.read_bytes()
        said = await lontar(tmp_path, "keys", "rotate")
        assert said.code == 1
        assert "waits already" in said.err
        assert ring.read_bytes() == content

    async def test_two_at_once_make_one_key(self, tmp_path: Path, ring: Path) -> None:
        both = await asyncio.gather(*(lontar(tmp_path, "keys", "rotate") for _ in range(2)))
        assert sorted(said.code for said in both) == [0, 1]
        assert len(read_ring(ring).keys) == 2

    async def test_a_young_key_stays_where_only_old_ones_are_to_go(self, tmp_path: Path, ring: Path) -> None:
        said = await lontar(tmp_path, "keys", "rotate", "--older-than", "90")
        assert said.code == 0
        assert "nothing was changed" in said.out
        assert len(read_ring(ring).keys) == 1

    async def test_compromised_keys_go_at_once(self, tmp_path: Path, ring: Path) -> None:
        (before,) = read_ring(ring).keys
        said = await lontar(tmp_path, "keys", "rotate", "--compromised")
        assert said.code == 0
        (only,) = read_ring(ring).keys
        assert only.key.thumbprint() != before.key.thumbprint()
        assert only.signs_from - now() < timedelta(seconds=1)

    async def test_without_a_ring_it_is_one_sentence(self, tmp_path: Path) -> None:
        said = await lontar(tmp_path, "keys", "rotate")
        assert said.code == 1
        assert "There is no key ring at" in said.err


class TestListAndMake:
    """`lontar keys list` and `lontar keys make`."""

    async def test_every_key_is_shown_with_its_times(self, tmp_path: Path, ring: Path) -> None:
        await lontar(tmp_path, "keys", "rotate")
        said = await lontar(tmp_path, "keys", "list")
        rows = [line.split("\t") for line in said.out.splitlines()[2:]]
        assert [row[1] for row in rows] == ["present", "next"]
        assert {row[0] for row in rows} == {one.key.thumbprint() for one in read_ring(ring).keys}

    async def test_a_ring_is_made_once(self, tmp_path: Path) -> None:
        path = tmp_path / "own.json"
        assert (await lontar(tmp_path, "keys", "make", str(path))).code == 0
        content = path.read_bytes()
        assert (await lontar(tmp_path, "keys", "make", str(path))).code == 1
        assert path.read_bytes() == content
        assert len(read_ring(path).keys) == 1


class TestReseal:
    """`lontar keys reseal`."""

    async def test_where_nothing_runs_it_says_so(self, tmp_path: Path) -> None:
        said = await lontar(tmp_path, "keys", "reseal")
        assert said.code == 1
        assert "not running" in said.err

    @pytest.mark.stack
    async def test_it_seals_anew_as_the_gateway(self, stack: EmbeddedStack) -> None:
        environment = stack.environment("gateway")
        database = connect(environment["LONTAR_GATEWAY_MONGO_URL"], "lontar_gateway", pool=2)
        account_id = new_id()
        row = {"_id": account_id, "secret": "1.none.none", "version": 1}
        await database[COLLECTION].insert_one(row)
        try:
            said = await lontar(stack.layout.root, "keys", "reseal")
        finally:
            await database[COLLECTION].delete_one({"_id": account_id})
        assert said.code == 1
        assert "sealed anew" in said.out
        assert f"Cannot be opened: the second factor of account {account_id}" in said.err
