"""Devices that have signed in before."""

from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from gateway.auth import devices
from gateway.auth.devices import KEEP_SECONDS, Devices
from gateway.auth.fair_queue import Asker
from services.chassis.clock import now
from tests.conftest import SettingsFor
from tests.gateway.conftest import PASSWORD, Door
from tests.gateway.test_sealing import key, sealer


class TestDevices:
    """gateway.auth.devices."""

    def test_a_token_is_known_for_its_username_alone(self, settings_for: SettingsFor) -> None:
        ours = Devices(sealer(settings_for, sealing_key=key()))
        token = ours.token("wayan")
        assert ours.known(token, " Wayan ")
        assert ours.known(token, "made") is None

    @pytest.mark.parametrize("forged", ["", "a.b.c", "..", "x" * 5000, "é.1.x", "abcdef0123456789.1.AAAA"])
    def test_what_we_did_not_make_is_not_known(self, settings_for: SettingsFor, forged: str) -> None:
        ours = Devices(sealer(settings_for, sealing_key=key()))
        assert ours.known(forged, "wayan") is None
        assert ours.vouched(forged) is None

    def test_a_changed_one_is_not_known(self, settings_for: SettingsFor) -> None:
        ours = Devices(sealer(settings_for, sealing_key=key()))
        device, made, door, mac = ours.token("wayan").split(".")
        for changed in (f"{device}.{int(made) + 1}.{door}.{mac}", f"{device}.{made}.{mac}.{door}"):
            assert ours.known(changed, "wayan") is None
            assert ours.vouched(changed) is None

    def test_that_it_was_made_here_is_told_before_anybody_says_who_they_are(self, settings_for: SettingsFor) -> None:
        ours = Devices(sealer(settings_for, sealing_key=key()))
        token = ours.token("wayan")
        assert ours.vouched(token) == ours.known(token, "wayan") == token.split(".")[0]
        assert Devices(sealer(settings_for, sealing_key=key())).vouched(token) is None
        assert ours.known(token.rpartition(".")[0] + ".AAAA", "wayan") is None, "made here is not known for anybody"

    def test_it_outlives_a_restart_and_a_change_of_keys(self, settings_for: SettingsFor) -> None:
        old, new = key(), key()
        token = Devices(sealer(settings_for, sealing_key=old)).token("wayan")
        assert Devices(sealer(settings_for, sealing_key=old)).known(token, "wayan")
        assert Devices(sealer(settings_for, sealing_key=new, former_sealing_key=old)).known(token, "wayan")
        assert Devices(sealer(settings_for, sealing_key=new)).known(token, "wayan") is None

    def test_it_runs_out(self, settings_for: SettingsFor, monkeypatch: pytest.MonkeyPatch) -> None:
        ours = Devices(sealer(settings_for))
        token = ours.token("wayan")
        later = now() + timedelta(seconds=KEEP_SECONDS + 1)
        monkeypatch.setattr(devices, "now", lambda: later)
        assert ours.known(token, "wayan") is None
        assert ours.vouched(token) is None

    async def test_a_sign_in_makes_a_device_known_and_a_failed_one_does_not(self, door: Door) -> None:
        async with door.http.post("/v1/auth/token", json={"username": "wayan", "password": "salah"}) as refused:
            assert refused.status == 401
            assert not refused.cookies
        async with door.http.post("/v1/auth/token", json={"username": "wayan", "password": PASSWORD}) as answer:
            assert answer.status == 200
            cookie = answer.cookies["lontar_device"]
        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/v1/auth", True, "strict")
        assert door.gateway.context.devices.known(cookie.value, "wayan")

    async def test_all_of_an_account_wait_for_their_turn_as_one(
        self, door: Door, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await door.account("made")
        passwords, askers = door.gateway.context.passwords, list[Asker]()
        place = passwords.place

        def noted(asker: Asker) -> AbstractContextManager[None]:
            askers.append(asker)
            return place(asker)

        monkeypatch.setattr(passwords, "place", noted)
        for username in ("wayan", "Wayan", "made"):
            cookie = {"Cookie": f"lontar_device={door.gateway.context.devices.token(username)}"}
            body = {"username": username, "password": PASSWORD}
            async with door.http.post("/v1/auth/token", json=body, headers=cookie) as answer:
                assert answer.status == 200
        assert [one.lane for one in askers] == ["known"] * 3
        assert askers[0] == askers[1] != askers[2]

    async def test_it_opens_nothing(self, door: Door) -> None:
        cookie = {"Cookie": f"lontar_device={door.gateway.context.devices.token('wayan')}"}
        async with door.http.get("/v1/me", headers=cookie) as answer:
            assert answer.status == 401
        body = {"username": "wayan", "password": "salah"}
        async with door.http.post("/v1/auth/token", json=body, headers=cookie) as answer:
            assert answer.status == 401
