"""The second factor: setting it up, showing it, losing it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from gateway.auth import second_factors, totp
from gateway.auth.accounts import Account
from gateway.auth.second_factors import COLLECTION
from gateway.auth.tickets import COLLECTION as TICKETS
from services.chassis.clock import now
from tests.conftest import SettingsFor
from tests.gateway.auth.asking import MOMENT, App, administrator, ask, set_up, show, ticket
from tests.gateway.auth.browser import Browser
from tests.gateway.auth.test_accounts import recorded
from tests.gateway.conftest import PASSWORD, Door, OpenDoor
from tests.gateway.test_sealing import key, sealer

OTHER = "sepeda-biru-di-pasar"


@pytest.fixture(autouse=True)
def _standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes are judged by the moment they are made for."""
    monkeypatch.setattr(totp, "now", lambda: MOMENT)


@pytest.fixture
async def door(open_door: OpenDoor) -> AsyncIterator[Door]:
    """A gateway that can seal, with the account ``wayan``."""
    async with open_door(sealing_key=key()) as opened:
        await opened.account()
        yield opened


async def wayan(door: Door) -> Account:
    """The account as it is now."""
    account = await door.gateway.context.accounts.named("wayan")
    assert account
    return account


class TestSetUp:
    """POST /v1/me/second-factor and /confirm."""

    async def test_it_gives_what_an_authenticator_and_paper_need(self, door: Door) -> None:
        headers = await door.bearer()
        status, begun = await ask(door, "POST", "/v1/me/second-factor", headers, {"password": PASSWORD})
        assert status == 200
        assert begun["uri"].startswith("otpauth://totp/Lontar:wayan?secret=" + begun["secret"])
        assert begun["qr_svg"].startswith("<svg")
        assert len(set(begun["recovery_codes"])) == 10

    async def test_nothing_changes_until_a_code_is_confirmed(self, door: Door) -> None:
        headers = await door.bearer()
        await ask(door, "POST", "/v1/me/second-factor", headers, {"password": PASSWORD})
        status, said = await ask(door, "POST", "/v1/me/second-factor/confirm", headers, {"code": "000000"})
        assert (status, said["code"]) == (422, "code_wrong")
        assert (await door.sign_in())[0] == 200
        _, standing = await ask(door, "GET", "/v1/me/second-factor", headers)
        assert standing == {"active": False, "since": None, "recovery_codes_left": 0, "demanded": False}

    async def test_from_then_on_it_stands(self, door: Door) -> None:
        headers = await door.bearer()
        await set_up(door, headers)
        _, standing = await ask(door, "GET", "/v1/me/second-factor", headers)
        assert (standing["active"], standing["recovery_codes_left"]) == (True, 10)
        assert (await wayan(door)).second_factor

    async def test_a_session_without_the_password_sets_nothing_up(self, door: Door) -> None:
        headers = await door.bearer()
        status, said = await ask(door, "POST", "/v1/me/second-factor", headers, {"password": OTHER})
        assert (status, said["code"]) == (403, "password_wrong")

    async def test_one_that_stands_is_replaced_only_with_a_code_of_it(self, door: Door) -> None:
        headers = await door.bearer()
        app, _ = await set_up(door, headers)
        status, said = await ask(door, "POST", "/v1/me/second-factor", headers, {"password": PASSWORD})
        assert (status, said["code"]) == (403, "code_wrong")
        body = {"password": PASSWORD, "code": app.code()}
        status, begun = await ask(door, "POST", "/v1/me/second-factor", headers, body)
        assert status == 200
        confirming = {"code": App(begun["secret"]).code()}
        assert (await ask(door, "POST", "/v1/me/second-factor/confirm", headers, confirming))[0] == 204
        assert (await show(door, await ticket(door), app.code(1)))[0] == 401
        assert (await show(door, await ticket(door), App(begun["secret"]).code(1)))[0] == 200

    async def test_what_was_begun_too_long_ago_is_not_confirmed(
        self, door: Door, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        headers = await door.bearer()
        _, begun = await ask(door, "POST", "/v1/me/second-factor", headers, {"password": PASSWORD})
        later = now() + timedelta(seconds=second_factors.SET_UP_SECONDS + 1)
        monkeypatch.setattr(second_factors, "now", lambda: later)
        body = {"code": App(begun["secret"]).code()}
        assert (await ask(door, "POST", "/v1/me/second-factor/confirm", headers, body))[0] == 422

    async def test_neither_secret_nor_recovery_codes_can_be_read_in_the_database(self, door: Door) -> None:
        headers = await door.bearer()
        _, begun = await ask(door, "POST", "/v1/me/second-factor", headers, {"password": PASSWORD})
        rows = await door.gateway.service.foundation.database[COLLECTION].find({}).to_list(None)
        assert rows
        kept = str(rows).lower()
        assert begun["secret"].lower() not in kept
        assert not any(code in kept or code.replace("-", "") in kept for code in begun["recovery_codes"])

    async def test_without_a_sealing_key_it_is_not_to_be_had(self, open_door: OpenDoor) -> None:
        async with open_door() as door:
            await door.account()
            headers = await door.bearer()
            status, said = await ask(door, "POST", "/v1/me/second-factor", headers, {"password": PASSWORD})
            assert (status, said["code"]) == (503, "not_configured")

    async def test_a_stranger_gets_nowhere(self, door: Door) -> None:
        for method, path in (
            ("GET", ""),
            ("POST", ""),
            ("POST", "/confirm"),
            ("POST", "/remove"),
            ("POST", "/recovery-codes"),
        ):
            assert (await ask(door, method, f"/v1/me/second-factor{path}"))[0] == 401


class TestShow:
    """POST /v1/auth/second-factor."""

    async def test_a_password_alone_gets_a_ticket_and_no_tokens(self, door: Door) -> None:
        await set_up(door, await door.bearer())
        status, said = await door.sign_in()
        assert (status, said["code"]) == (401, "second_factor_required")
        assert said["expires_in"] == 300
        assert "access_token" not in said

    async def test_with_a_code_the_sign_in_is_whole(self, door: Door) -> None:
        app, _ = await set_up(door, await door.bearer())
        status, body = await show(door, await ticket(door), app.code())
        assert status == 200
        headers = {"Authorization": f"Bearer {body['access_token']}"}
        _, me = await ask(door, "GET", "/v1/me", headers)
        assert (me["session"]["via"], me["session"]["second_factor"]) == ("password", True)

    async def test_a_browser_gets_its_cookies_at_the_last_step(self, door: Door) -> None:
        app, _ = await set_up(door, await door.bearer())
        browser = Browser(door)
        first = {"username": "wayan", "password": PASSWORD, "keeping": "portal"}
        status, said = await browser.ask("POST", "/v1/auth/token", json=first)
        assert (status, browser.cookies) == (401, {})
        second = {"ticket": said["ticket"], "code": app.code(), "keeping": "portal"}
        assert (await browser.ask("POST", "/v1/auth/second-factor", json=second))[0] == 200
        assert (await browser.ask("GET", "/v1/me"))[0] == 200

    @pytest.mark.parametrize("ahead", [0, 1])
    async def test_a_clock_may_be_half_a_minute_off(self, door: Door, ahead: int) -> None:
        app, _ = await set_up(door, await door.bearer())
        assert (await show(door, await ticket(door), app.code(ahead)))[0] == 200

    @pytest.mark.parametrize("ahead", [-2, 2])
    async def test_but_not_more(self, door: Door, ahead: int) -> None:
        app, _ = await set_up(door, await door.bearer())
        assert (await show(door, await ticket(door), app.code(ahead)))[0] == 401

    async def test_a_code_opens_once(self, door: Door) -> None:
        app, _ = await set_up(door, await door.bearer())
        assert (await show(door, await ticket(door), app.code()))[0] == 200
        status, said = await show(door, await ticket(door), app.code())
        assert (status, said["code"]) == (401, "code_wrong")

    async def test_nor_does_one_from_before_the_last_used(self, door: Door) -> None:
        app, _ = await set_up(door, await door.bearer())
        assert (await show(door, await ticket(door), app.code(1)))[0] == 200
        assert (await show(door, await ticket(door), app.code()))[0] == 401

    async def test_shown_twice_at_once_it_opens_once(self, door: Door) -> None:
        app, _ = await set_up(door, await door.bearer())
        tickets = [await ticket(door) for _ in range(4)]
        answers = await asyncio.gather(*(show(door, one, app.code()) for one in tickets))
        assert sorted(status for status, _ in answers) == [200, 401, 401, 401]

    async def test_a_ticket_opens_once(self, door: Door) -> None:
        app, _ = await set_up(door, await door.bearer())
        held = await ticket(door)
        assert (await show(door, held, app.code()))[0] == 200
        status, said = await show(door, held, app.code(1))
        assert (status, said["code"]) == (401, "ticket_invalid")

    async def test_five_wrong_codes_void_a_ticket(self, door: Door) -> None:
        app, _ = await set_up(door, await door.bearer())
        held = await ticket(door)
        for _ in range(5):
            assert (await show(door, held, "000000"))[1]["code"] == "code_wrong"
        said = (await show(door, held, app.code()))[1]
        assert said["code"] == "ticket_invalid"
        assert "terlalu sering salah" in said["detail"]

    async def test_new_tickets_give_no_more_tries(self, door: Door) -> None:
        await set_up(door, await door.bearer())
        statuses: list[int] = []
        for _ in range(3):
            held = await ticket(door)
            statuses += [(await show(door, held, "000000"))[0] for _ in range(4)]
        assert statuses == [401] * 10 + [429] * 2

    async def test_who_guesses_codes_elsewhere_does_not_keep_a_known_device_out(self, door: Door) -> None:
        app, _ = await set_up(door, await door.bearer())
        for _ in range(3):
            held = await ticket(door)
            for _ in range(4):
                await show(door, held, "000000")
        assert (await show(door, await ticket(door), app.code()))[0] == 429
        mine = {"Cookie": f"lontar_device={door.gateway.context.devices.token('wayan')}"}
        body = {"ticket": await ticket(door), "code": app.code()}
        assert (await ask(door, "POST", "/v1/auth/second-factor", mine, body))[0] == 200

    async def test_a_ticket_runs_out(self, door: Door) -> None:
        app, _ = await set_up(door, await door.bearer())
        held = await ticket(door)
        past = {"$set": {"expires_at": now() - timedelta(days=365)}}
        await door.gateway.service.foundation.database[TICKETS].update_many({}, past)
        assert (await show(door, held, app.code()))[1]["code"] == "ticket_invalid"

    async def test_a_ticket_ends_with_what_an_administrator_does(self, door: Door) -> None:
        app, _ = await set_up(door, await door.bearer())
        held = await ticket(door)
        boss = await administrator(door)
        account = await wayan(door)
        await ask(door, "PATCH", f"/v1/accounts/{account.id}", boss, {"active": False})
        await ask(door, "PATCH", f"/v1/accounts/{account.id}", boss, {"active": True})
        assert (await show(door, held, app.code()))[1]["code"] == "ticket_invalid"

    async def test_an_invented_ticket_opens_nothing(self, door: Door) -> None:
        assert (await show(door, "invented", "123456"))[1]["code"] == "ticket_invalid"

    async def test_a_ticket_is_kept_as_a_hash(self, door: Door) -> None:
        await set_up(door, await door.bearer())
        held = await ticket(door)
        rows = await door.gateway.service.foundation.database[TICKETS].find({}).to_list(None)
        assert rows
        assert held not in str(rows)


class TestRecoveryCodes:
    """For whoever has lost the app."""

    async def test_one_opens_in_place_of_a_code_and_only_once(self, door: Door) -> None:
        headers = await door.bearer()
        _, codes = await set_up(door, headers)
        typed = codes[3].upper().replace("-", " ")
        assert (await show(door, await ticket(door), typed))[0] == 200
        assert (await show(door, await ticket(door), codes[3]))[0] == 401
        assert (await show(door, await ticket(door), codes[4]))[0] == 200
        _, standing = await ask(door, "GET", "/v1/me/second-factor", headers)
        assert standing["recovery_codes_left"] == 8

    async def test_one_is_used_up_where_that_is_put_down_and_not_elsewhere(
        self, door: Door, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, codes = await set_up(door, await door.bearer())
        with monkeypatch.context() as broken:
            broken.setattr(door.gateway.context.audit, "record", None)
            assert (await show(door, await ticket(door), codes[0]))[0] == 500
        assert (await show(door, await ticket(door), codes[0]))[0] == 200
        assert len(await recorded(door, "second_factor.recovery_code_used")) == 1

    async def test_shown_twice_at_once_one_opens_once(self, door: Door) -> None:
        _, codes = await set_up(door, await door.bearer())
        tickets = [await ticket(door) for _ in range(3)]
        answers = await asyncio.gather(*(show(door, one, codes[0]) for one in tickets))
        assert sorted(status for status, _ in answers) == [200, 401, 401]

    async def test_new_ones_take_the_place_of_the_old(self, door: Door) -> None:
        headers = await door.bearer()
        app, codes = await set_up(door, headers)
        body = {"password": PASSWORD, "code": app.code()}
        status, renewed = await ask(door, "POST", "/v1/me/second-factor/recovery-codes", headers, body)
        assert status == 200
        new = renewed["recovery_codes"]
        assert len(new) == 10
        assert (await ask(door, "POST", "/v1/me/second-factor/confirm", headers, {"code": new[0]}))[0] == 204
        assert (await show(door, await ticket(door), codes[0]))[0] == 401
        assert (await show(door, await ticket(door), new[0]))[0] == 200
        (entry,) = await recorded(door, "second_factor.recovery_codes_made")
        assert new[0] not in str(entry)

    async def test_the_old_ones_hold_until_a_new_one_was_shown(self, door: Door) -> None:
        headers = await door.bearer()
        app, codes = await set_up(door, headers)
        body = {"password": PASSWORD, "code": app.code()}
        _, lost = await ask(door, "POST", "/v1/me/second-factor/recovery-codes", headers, body)
        assert (await show(door, await ticket(door), lost["recovery_codes"][0]))[0] == 401
        assert (await show(door, await ticket(door), codes[0]))[0] == 200
        status, _ = await ask(door, "POST", "/v1/me/second-factor/confirm", headers, {"code": codes[1]})
        assert status == 422, "an old one confirms nothing"
        assert await recorded(door, "second_factor.recovery_codes_made") == []

    async def test_new_ones_and_their_entry_come_together(self, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
        headers = await door.bearer()
        app, codes = await set_up(door, headers)
        body = {"password": PASSWORD, "code": app.code()}
        _, renewed = await ask(door, "POST", "/v1/me/second-factor/recovery-codes", headers, body)
        confirming = {"code": renewed["recovery_codes"][0]}
        with monkeypatch.context() as broken:
            broken.setattr(door.gateway.context.audit, "act", None)
            status, _ = await ask(door, "POST", "/v1/me/second-factor/confirm", headers, confirming)
        assert status == 500
        assert (await show(door, await ticket(door), codes[0]))[0] == 200
        assert (await ask(door, "POST", "/v1/me/second-factor/confirm", headers, confirming))[0] == 204

    async def test_those_begun_before_another_app_was_set_up_hold_no_more(self, door: Door) -> None:
        headers = await door.bearer()
        app, _ = await set_up(door, headers)
        body = {"password": PASSWORD, "code": app.code()}
        _, renewed = await ask(door, "POST", "/v1/me/second-factor/recovery-codes", headers, body)
        _, begun = await ask(door, "POST", "/v1/me/second-factor", headers, {"password": PASSWORD, "code": app.code(1)})
        confirming = {"code": App(begun["secret"]).code()}
        assert (await ask(door, "POST", "/v1/me/second-factor/confirm", headers, confirming))[0] == 204
        confirming = {"code": renewed["recovery_codes"][0]}
        assert (await ask(door, "POST", "/v1/me/second-factor/confirm", headers, confirming))[0] == 422


class TestSealingKey:
    """What becomes of second factors when the key they are sealed by is changed or lost."""

    @staticmethod
    async def held(door: Door) -> str:
        """The sealed secret as it is kept."""
        row = await door.gateway.service.foundation.database[COLLECTION].find_one({})
        assert row
        return str(row["secret"])

    async def test_a_right_code_has_it_sealed_by_the_present_key(
        self, door: Door, settings_for: SettingsFor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        app, _ = await set_up(door, await door.bearer())
        factors, fresh = door.gateway.context.second_factors, key()
        before = await self.held(door)
        former = door.gateway.context.settings.sealing_key
        assert former
        rotated = {"sealing_key": fresh, "former_sealing_key": former.get_secret_value()}
        monkeypatch.setattr(factors, "_sealer", sealer(settings_for, **rotated))
        assert (await show(door, await ticket(door), "000000"))[0] == 401
        assert await self.held(door) == before
        assert (await show(door, await ticket(door), app.code()))[0] == 200
        monkeypatch.setattr(factors, "_sealer", sealer(settings_for, sealing_key=fresh))
        assert (await show(door, await ticket(door), app.code(1)))[0] == 200

    async def test_what_is_confirmed_is_sealed_by_the_present_key(
        self, door: Door, settings_for: SettingsFor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        headers, fresh = await door.bearer(), key()
        _, begun = await ask(door, "POST", "/v1/me/second-factor", headers, {"password": PASSWORD})
        factors, former = door.gateway.context.second_factors, door.gateway.context.settings.sealing_key
        assert former
        rotated = {"sealing_key": fresh, "former_sealing_key": former.get_secret_value()}
        monkeypatch.setattr(factors, "_sealer", sealer(settings_for, **rotated))
        confirming = {"code": App(begun["secret"]).code()}
        assert (await ask(door, "POST", "/v1/me/second-factor/confirm", headers, confirming))[0] == 204
        account = await wayan(door)
        opened = sealer(settings_for, sealing_key=fresh).open(await self.held(door), f"totp:{account.id}")
        assert opened == begun["secret"]

    @pytest.mark.parametrize(("another", "afterwards"), [(True, 401), (False, 503)])
    async def test_without_the_key_recovery_codes_still_open(
        self, door: Door, settings_for: SettingsFor, monkeypatch: pytest.MonkeyPatch, another: bool, afterwards: int
    ) -> None:
        _, codes = await set_up(door, await door.bearer())
        given = {"sealing_key": key()} if another else {}
        monkeypatch.setattr(door.gateway.context.second_factors, "_sealer", sealer(settings_for, **given))
        assert (await show(door, await ticket(door), codes[0]))[0] == 200
        assert (await show(door, await ticket(door), codes[0]))[0] == afterwards

    async def test_a_key_that_does_not_fit_is_told_to_the_log(
        self,
        door: Door,
        settings_for: SettingsFor,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        app, _ = await set_up(door, await door.bearer())
        monkeypatch.setattr(door.gateway.context.second_factors, "_sealer", sealer(settings_for, sealing_key=key()))
        with caplog.at_level(logging.WARNING, "gateway.auth.second_factors"):
            assert (await show(door, await ticket(door), app.code()))[0] == 401
        account, sealed = await wayan(door), await self.held(door)
        [told] = [one.getMessage() for one in caplog.records if one.name == "gateway.auth.second_factors"]
        assert f"account {account.id} cannot be opened" in told
        assert sealed not in told


class TestRemove:
    """POST /v1/me/second-factor/remove, DELETE /v1/accounts/{id}/second-factor."""

    @staticmethod
    async def remove(door: Door, headers: dict[str, str], code: str, password: str = PASSWORD) -> tuple[int, Any]:
        body = {"password": password, "code": code}
        status, said = await ask(door, "POST", "/v1/me/second-factor/remove", headers, body)
        return status, said.get("code")

    async def test_password_and_code_remove_it(self, door: Door) -> None:
        headers = await door.bearer()
        app, _ = await set_up(door, headers)
        assert await self.remove(door, headers, "000000") == (403, "code_wrong")
        assert await self.remove(door, headers, app.code(), OTHER) == (403, "password_wrong")
        assert await self.remove(door, headers, app.code()) == (204, None)
        assert (await door.sign_in())[0] == 200

    async def test_who_has_none_cannot_remove_it(self, door: Door) -> None:
        assert await self.remove(door, await door.bearer(), "123456") == (409, "no_second_factor")

    async def test_a_short_password_does_not_stand_alone(self, door: Door) -> None:
        headers = await door.bearer()
        app, _ = await set_up(door, headers)
        short = {"old_password": PASSWORD, "new_password": "jeruk nipis"}
        assert (await ask(door, "PUT", "/v1/me/password", headers, short))[0] == 204
        assert await self.remove(door, headers, app.code(), "jeruk nipis") == (422, "password_too_short")

    async def test_an_administrator_takes_a_lost_one_away(self, door: Door) -> None:
        headers = await door.bearer()
        await set_up(door, headers)
        boss, account = await administrator(door), await wayan(door)
        assert (await ask(door, "DELETE", f"/v1/accounts/{account.id}/second-factor", boss))[0] == 204
        assert (await ask(door, "GET", "/v1/me", headers))[0] == 401
        assert (await door.sign_in())[0] == 200

    async def test_then_a_short_password_must_be_changed(self, door: Door) -> None:
        headers = await door.bearer()
        await set_up(door, headers)
        short = {"old_password": PASSWORD, "new_password": "jeruk nipis"}
        await ask(door, "PUT", "/v1/me/password", headers, short)
        boss, account = await administrator(door), await wayan(door)
        await ask(door, "DELETE", f"/v1/accounts/{account.id}/second-factor", boss)
        assert (await door.sign_in(password="jeruk nipis"))[1]["code"] == "password_change_required"

    async def test_nobody_resets_their_own_this_way(self, door: Door) -> None:
        boss = await administrator(door)
        account = await door.gateway.context.accounts.named("boss")
        assert account
        status, said = await ask(door, "DELETE", f"/v1/accounts/{account.id}/second-factor", boss)
        assert (status, said["code"]) == (409, "own_account")

    async def test_others_may_not(self, door: Door) -> None:
        await door.account("made")
        account = await wayan(door)
        path = f"/v1/accounts/{account.id}/second-factor"
        assert (await ask(door, "DELETE", path, await door.bearer("made")))[0] == 403
        assert (await ask(door, "DELETE", path))[0] == 401


class TestDemanded:
    """LONTAR_GATEWAY_REQUIRE_SECOND_FACTOR_FOR."""

    async def test_who_must_have_one_sets_it_up_before_coming_in(self, open_door: OpenDoor) -> None:
        async with open_door(sealing_key=key(), require_second_factor_for="regency_admin") as door:
            await door.account("boss", roles=("regency_admin",))
            status, said = await door.sign_in("boss")
            assert (status, said["code"]) == (401, "second_factor_set_up_required")
            status, begun = await ask(door, "POST", "/v1/auth/second-factor/set-up", body={"ticket": said["ticket"]})
            assert status == 200
            app = App(begun["secret"])
            assert (await show(door, said["ticket"], "000000"))[1]["code"] == "code_wrong"
            status, body = await show(door, said["ticket"], app.code())
            assert status == 200
            assert (await show(door, await ticket(door, "boss"), app.code(1)))[0] == 200
            headers = {"Authorization": f"Bearer {body['access_token']}"}
            _, standing = await ask(door, "GET", "/v1/me/second-factor", headers)
            assert standing["demanded"]
            removing = {"password": PASSWORD, "code": begun["recovery_codes"][0]}
            status, said = await ask(door, "POST", "/v1/me/second-factor/remove", headers, removing)
            assert (status, said["code"]) == (409, "second_factor_demanded")

    async def test_others_come_in_as_before(self, open_door: OpenDoor) -> None:
        async with open_door(sealing_key=key(), require_second_factor_for="regency_admin") as door:
            await door.account()
            assert (await door.sign_in())[0] == 200

    async def test_everyone_can_be_asked_for_one(self, open_door: OpenDoor) -> None:
        async with open_door(sealing_key=key(), require_second_factor_for="everyone") as door:
            await door.account()
            assert (await door.sign_in())[1]["code"] == "second_factor_set_up_required"

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"require_second_factor_for": "regency-admin", "sealing_key": key()}, "there is no role regency-admin"),
            ({"require_second_factor_for": "regency_admin"}, "needs sealing_key"),
        ],
    )
    async def test_what_nobody_could_do_stops_the_start(
        self, open_door: OpenDoor, given: dict[str, str], said: str
    ) -> None:
        with pytest.raises(ValueError, match=said):
            async with open_door(**given):
                pass

    async def test_a_ticket_for_a_code_sets_nothing_up(self, door: Door) -> None:
        await set_up(door, await door.bearer())
        body = {"ticket": await ticket(door)}
        assert (await ask(door, "POST", "/v1/auth/second-factor/set-up", body=body))[0] == 401
