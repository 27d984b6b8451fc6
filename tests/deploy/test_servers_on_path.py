"""Where `mongod` and `minio` are on PATH they are used. Neither is to be had as a package: the choosing is tested."""

from pathlib import Path

import pytest

from deploy.embedded.layout import Layout
from deploy.embedded.mongo import Database
from deploy.embedded.mongo_servers import Mongod
from deploy.embedded.ports import PortBook
from deploy.embedded.s3 import ObjectStore
from deploy.embedded.secrets import SecretStore

Given = tuple[Layout, PortBook, SecretStore]


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Given:
    binaries = tmp_path / "bin"
    binaries.mkdir()
    for name in ("mongod", "minio"):
        (binaries / name).write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        (binaries / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(binaries))
    layout = Layout(tmp_path / "var")
    layout.create()
    return layout, PortBook(layout.run / "ports.json"), SecretStore(layout.secrets)


class TestMongod:
    def test_is_chosen_and_leaves_retryable_writes_on(self, given: Given) -> None:
        database = Database(*given, lambda _: None)
        assert database.software.startswith("MongoDB")
        assert "retryWrites" not in database.url("intake")
        assert "authSource=admin" in database.url("intake")

    def test_listens_on_loopback_with_a_key_file_for_its_owner_alone(self, given: Given, tmp_path: Path) -> None:
        argv = Mongod("mongod", tmp_path, given[2]).command(27001, auth=True)
        assert argv[argv.index("--bind_ip") + 1] == "127.0.0.1"
        assert argv[argv.index("--replSet") + 1] == "lontar"
        key = Path(argv[argv.index("--keyFile") + 1])
        assert key.stat().st_mode & 0o077 == 0


class TestMinio:
    def test_is_chosen_with_one_key_pair(self, given: Given) -> None:
        store = ObjectStore(*given, lambda _: None)
        assert store.software.startswith("MinIO")
        assert store.keys("intake") == store.keys("admin")

    def test_listens_on_loopback_and_takes_its_keys_from_the_environment(self, given: Given) -> None:
        store = ObjectStore(*given, lambda _: None)
        spec = store._minio_spec("minio")
        access, secret = store.keys("admin")
        assert f"127.0.0.1:{store.port}" in spec.argv
        assert (spec.env["MINIO_ROOT_USER"], spec.env["MINIO_ROOT_PASSWORD"]) == (access, secret)
        assert secret not in " ".join(spec.argv)
