"""Sealing secrets that must be read again."""

import base64
import secrets

import pytest

from gateway.auth.sealing import SealBroken, Sealer
from gateway.settings import GatewaySettings
from services.chassis.errors import ServiceError
from tests.conftest import SettingsFor
from tests.gateway.conftest import NAMES, NOWHERE, private_pem


def key() -> str:
    """A fresh sealing key."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def sealer(settings_for: SettingsFor, **given: str) -> Sealer:
    """A sealer with these settings."""
    upstreams = {f"upstream_{name}": NOWHERE for name in NAMES}
    return Sealer(settings_for(GatewaySettings, "gateway", signing_key=private_pem(), **upstreams, **given))


class TestSealing:
    """gateway.auth.sealing."""

    def test_what_was_sealed_opens_for_its_purpose(self, settings_for: SettingsFor) -> None:
        ours = sealer(settings_for, sealing_key=key())
        sealed = ours.seal("JBSWY3DPEHPK3PXP", "totp:1")
        assert "JBSWY3DPEHPK3PXP" not in sealed
        assert ours.open(sealed, "totp:1") == "JBSWY3DPEHPK3PXP"
        assert ours.seal("JBSWY3DPEHPK3PXP", "totp:1") != sealed

    def test_for_another_purpose_it_stays_closed(self, settings_for: SettingsFor) -> None:
        ours = sealer(settings_for, sealing_key=key())
        with pytest.raises(SealBroken):
            ours.open(ours.seal("rahasia", "totp:1"), "totp:2")

    @pytest.mark.parametrize("harm", ["", "1.x.y", "2", "1..", "tidak tersegel"])
    def test_what_was_never_sealed_is_told_so(self, settings_for: SettingsFor, harm: str) -> None:
        with pytest.raises(SealBroken):
            sealer(settings_for, sealing_key=key()).open(harm, "totp:1")

    def test_one_changed_character_breaks_the_seal(self, settings_for: SettingsFor) -> None:
        ours = sealer(settings_for, sealing_key=key())
        sealed = ours.seal("rahasia", "totp:1")
        other = "A" if sealed[-5] != "A" else "B"
        with pytest.raises(SealBroken):
            ours.open(sealed[:-5] + other + sealed[-4:], "totp:1")

    def test_the_former_key_opens_what_it_sealed(self, settings_for: SettingsFor) -> None:
        old, new = key(), key()
        sealed = sealer(settings_for, sealing_key=old).seal("rahasia", "totp:1")
        assert sealer(settings_for, sealing_key=new, former_sealing_key=old).open(sealed, "totp:1") == "rahasia"
        with pytest.raises(SealBroken):
            sealer(settings_for, sealing_key=new).open(sealed, "totp:1")

    def test_what_the_former_key_sealed_is_sealed_anew_by_the_present_one(self, settings_for: SettingsFor) -> None:
        old, new = key(), key()
        sealed = sealer(settings_for, sealing_key=old).seal("rahasia", "totp:1")
        fresh = sealer(settings_for, sealing_key=new, former_sealing_key=old).renewed(sealed, "totp:1")
        assert sealer(settings_for, sealing_key=new).open(fresh, "totp:1") == "rahasia"
        assert sealer(settings_for, sealing_key=new).renewed(fresh, "totp:1") == fresh
        assert sealer(settings_for, former_sealing_key=old).renewed(sealed, "totp:1") == sealed
        with pytest.raises(SealBroken):
            sealer(settings_for, sealing_key=new).renewed(sealed, "totp:1")

    def test_without_a_key_nothing_is_sealed(self, settings_for: SettingsFor) -> None:
        ours = sealer(settings_for)
        for act in (lambda: ours.seal("rahasia", "totp:1"), lambda: ours.open("1.a.b", "totp:1"), ours.require):
            with pytest.raises(ServiceError, match="not_configured"):
                act()

    @pytest.mark.parametrize("bad", ["kurang", base64.b64encode(b"x" * 31).decode(), "!!"])
    def test_a_key_of_another_length_stops_the_start(self, settings_for: SettingsFor, bad: str) -> None:
        with pytest.raises(ValueError, match="32 bytes"):
            sealer(settings_for, sealing_key=bad)
