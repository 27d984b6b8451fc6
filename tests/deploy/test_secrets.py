"""Secrets: made once, closed to others, of the right kind."""

import base64
import hashlib
import re
import stat
from pathlib import Path

import pytest

from deploy.embedded.secrets import SecretStore, rabbitmq_hash
from gateway.auth.key_ring import fresh_pem, read_key, read_ring


@pytest.fixture
def store(tmp_path: Path) -> SecretStore:
    return SecretStore(tmp_path / "secrets")


class TestSecretStore:
    def test_secret_stays_the_same_over_restarts(self, store: SecretStore, tmp_path: Path) -> None:
        assert store.password("a") == SecretStore(tmp_path / "secrets").password("a")
        assert store.password("a") != store.password("b")

    def test_only_the_owner_can_read(self, store: SecretStore, tmp_path: Path) -> None:
        store.password("a")
        store.key_ring("keys.json", "key.pem")
        store.file("definitions.json", "{}")
        folder = tmp_path / "secrets"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}

    def test_modes_opened_by_somebody_are_closed_again(self, store: SecretStore, tmp_path: Path) -> None:
        store.password("a")
        (tmp_path / "secrets" / "a").chmod(0o644)
        store.password("a")
        assert stat.S_IMODE((tmp_path / "secrets" / "a").stat().st_mode) == 0o600

    def test_file_left_empty_by_a_crash_is_made_anew(self, store: SecretStore, tmp_path: Path) -> None:
        (tmp_path / "secrets" / "a").touch()
        assert len(store.password("a")) == 40

    def test_a_ring_begins_with_one_key_that_signs_and_stays_as_it_is(self, store: SecretStore) -> None:
        path = store.key_ring("keys.json", "key.pem")
        content = path.read_text(encoding="utf-8")
        (one,) = read_ring(path).keys
        assert one.key.curve_name == "Ed25519"
        assert store.key_ring("keys.json", "key.pem").read_text(encoding="utf-8") == content

    def test_the_one_key_of_an_older_stack_signs_on(self, store: SecretStore, tmp_path: Path) -> None:
        only = tmp_path / "secrets" / "key.pem"
        only.write_text(fresh_pem(), encoding="utf-8")
        kid = read_key(only.read_text(encoding="utf-8")).thumbprint()
        (one,) = read_ring(store.key_ring("keys.json", "key.pem")).keys
        assert one.key.thumbprint() == kid
        assert not only.exists()

    def test_spoken_password_has_no_letters_that_look_alike(self, store: SecretStore) -> None:
        password = store.spoken_password("admin").read_text(encoding="utf-8")
        assert re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}", password)


class TestRabbitmqHash:
    def test_hash_is_salt_then_digest_of_salt_and_password(self) -> None:
        raw = base64.b64decode(rabbitmq_hash("rahasia", salt=b"\x01\x02\x03\x04"))
        assert raw == b"\x01\x02\x03\x04" + hashlib.sha256(b"\x01\x02\x03\x04rahasia").digest()

    def test_two_hashes_of_one_password_differ(self) -> None:
        assert rabbitmq_hash("rahasia") != rabbitmq_hash("rahasia")
