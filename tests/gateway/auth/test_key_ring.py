"""The ring of signing keys: who signs when, and what is published."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OKPKey

from gateway.auth.key_ring import LATE, LONGEST_TOKEN, Ring, StillWaiting, fresh_pem, read_ring
from gateway.auth.keys import KeyRing
from gateway.settings import GatewaySettings
from services.chassis.clock import now
from tests.conftest import SettingsFor
from tests.gateway.conftest import NAMES, NOWHERE

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LEAD = timedelta(seconds=120)


def states(ring: Ring, at: datetime) -> list[str]:
    """What each published key is for."""
    return [ring.state_of(one, at) for one in ring.published(at)]


class TestRotated:
    """One more key, without anybody noticing."""

    def test_the_new_key_is_published_before_it_signs(self) -> None:
        ring = Ring.of(fresh_pem(), AT).rotated(fresh_pem(), AT, LEAD)
        assert states(ring, AT) == ["present", "next"]
        assert ring.present(AT) == ring.keys[0]

    def test_the_former_stays_published_until_its_last_token_has_expired(self) -> None:
        ring = Ring.of(fresh_pem(), AT).rotated(fresh_pem(), AT, LEAD)
        signs = AT + LEAD
        assert states(ring, signs) == ["former", "present"]
        last_token_ends = signs + LONGEST_TOKEN
        assert states(ring, last_token_ends) == ["former", "present"]
        assert states(ring, last_token_ends + LATE) == ["present"]

    def test_while_one_waits_no_other_is_made(self) -> None:
        ring = Ring.of(fresh_pem(), AT).rotated(fresh_pem(), AT, LEAD)
        with pytest.raises(StillWaiting):
            ring.rotated(fresh_pem(), AT + timedelta(seconds=60), LEAD)

    def test_two_rotations_in_a_row_keep_every_key_whose_tokens_live(self) -> None:
        ring = Ring.of(fresh_pem(), AT).rotated(fresh_pem(), AT, LEAD)
        ring = ring.rotated(fresh_pem(), AT + LEAD, LEAD)
        assert states(ring, AT + LEAD) == ["former", "present", "next"]

    def test_a_key_whose_time_is_over_goes_with_the_next_rotation(self) -> None:
        later = AT + timedelta(days=90)
        ring = Ring.of(fresh_pem(), AT).rotated(fresh_pem(), AT, LEAD).rotated(fresh_pem(), later, LEAD)
        assert len(ring.keys) == 2

    def test_it_reads_back_as_it_was_written_and_prints_no_key(self, tmp_path: Path) -> None:
        ring = Ring.of(fresh_pem(), AT).rotated(fresh_pem(), AT, LEAD)
        path = tmp_path / "keys.json"
        path.write_text(ring.dumped(), encoding="utf-8")
        assert read_ring(path) == ring
        assert "PRIVATE" not in repr(ring)


class TestRead:
    """Files that are no ring."""

    @pytest.mark.parametrize(
        "content", ["", "{}", '{"keys": []}', '{"keys": [{"pem": "x", "signs_from": "2026-03-02"}]}']
    )
    def test_rubbish_is_refused(self, tmp_path: Path, content: str) -> None:
        path = tmp_path / "keys.json"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(ValueError):
            read_ring(path)

    def test_a_public_key_cannot_sign(self, tmp_path: Path) -> None:
        path = tmp_path / "keys.json"
        public = OKPKey.generate_key("Ed25519").as_pem(private=False).decode()
        path.write_text(Ring.of(public, AT).dumped(), encoding="utf-8")
        with pytest.raises(ValueError, match="not a private key"):
            read_ring(path)


class TestKeyRing:
    """The ring as the gateway uses it."""

    @staticmethod
    def written(path: Path, ring: Ring) -> KeyRing:
        path.write_text(ring.dumped(), encoding="utf-8")
        return KeyRing.from_file(path)

    def test_it_changes_keys_when_the_time_of_the_next_has_come(self, tmp_path: Path) -> None:
        soon = now() + timedelta(seconds=1)
        first = Ring.of(fresh_pem(), AT)
        ring = first.rotated(fresh_pem(), soon - LEAD, LEAD)
        keys = self.written(tmp_path / "keys.json", ring)
        assert keys.kid == ring.keys[0].key.thumbprint()
        assert len(keys.jwks()["keys"]) == 2
        while now() < soon:
            time.sleep(0.01)
        keys.look_again()
        assert keys.kid == ring.keys[1].key.thumbprint()

    def test_by_a_slow_clock_the_first_key_signs(self, tmp_path: Path) -> None:
        later = now() + timedelta(days=1)
        ring = Ring.of(fresh_pem(), later)
        ring = Ring(keys=(*ring.keys, *Ring.of(fresh_pem(), later + LEAD).keys))
        assert ring.present(now()) == ring.keys[0]
        assert self.written(tmp_path / "keys.json", ring).kid == ring.keys[0].key.thumbprint()

    def test_a_file_that_cannot_be_read_changes_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "keys.json"
        keys = self.written(path, Ring.of(fresh_pem(), AT))
        kid = keys.kid
        path.write_text("half a ri", encoding="utf-8")
        keys.look_again()
        assert keys.kid == kid
        path.unlink()
        keys.look_again()
        assert keys.kid == kid

    def test_it_looks_by_itself_once_a_second(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "keys.json"
        keys = self.written(path, Ring.of(fresh_pem(), AT))
        other = Ring.of(fresh_pem(), AT)
        path.write_text(other.dumped(), encoding="utf-8")
        assert keys.kid != other.keys[0].key.thumbprint()
        monkeypatch.setattr(keys, "_looked_at", keys._looked_at - 1.0)
        assert keys.kid == other.keys[0].key.thumbprint()

    def test_no_private_half_is_published(self, tmp_path: Path) -> None:
        keys = self.written(tmp_path / "keys.json", Ring.of(fresh_pem(), AT).rotated(fresh_pem(), AT, LEAD))
        for one in keys.jwks()["keys"]:
            assert set(one) == {"kty", "crv", "x", "kid", "use", "alg"}

    def test_without_any_key_the_gateway_does_not_start(self, settings_for: SettingsFor) -> None:
        upstreams: dict[str, Any] = {f"upstream_{name}": NOWHERE for name in NAMES}
        with pytest.raises(ValueError, match="LONTAR_GATEWAY_KEY_RING_PATH"):
            KeyRing.of(settings_for(GatewaySettings, "gateway", **upstreams))

    def test_nor_with_a_ring_that_is_not_there(self, settings_for: SettingsFor, tmp_path: Path) -> None:
        given = {f"upstream_{name}": NOWHERE for name in NAMES} | {"key_ring_path": str(tmp_path / "ring")}
        with pytest.raises(OSError, match="LONTAR_GATEWAY_KEY_RING_PATH: No such file"):
            KeyRing.of(settings_for(GatewaySettings, "gateway", **given))
