"""Signing in, refreshing, signing out, and who one is then."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from gateway.auth.accounts import COLLECTION as ACCOUNTS
from services.chassis.bus.outcome import Done
from services.chassis.errors import ServiceError
from services.chassis.ids import new_id
from services.contracts.routing import AssignmentChanged
from services.contracts.vocabulary import Capacity
from tests.events import deliver
from tests.gateway.conftest import PASSWORD, Door


def assignment(
    person_id: str, role: str = "head", capacity: Capacity = "definitive", **given: Any
) -> AssignmentChanged:
    """An assignment in force today."""
    return AssignmentChanged(
        **{
            "assignment_id": new_id(),
            "person_id": person_id,
            "person_name": "Wayan Sudira",
            "position_id": new_id(),
            "position_title": "Kepala Dinas PU",
            "unit_id": new_id(),
            "unit_name": "Dinas Pekerjaan Umum",
            "role": role,
            "capacity": capacity,
            "starts_on": date(2024, 1, 1),
            **given,
        }
    )


async def me(door: Door, username: str = "wayan") -> dict[str, Any]:
    """What /v1/me says after a fresh sign-in."""
    async with door.http.get("/v1/me", headers=await door.bearer(username)) as answer:
        assert answer.status == 200
        body: dict[str, Any] = await answer.json()
        return body


class TestSignIn:
    """POST /v1/auth/token."""

    async def test_name_and_password_get_tokens(self, door: Door) -> None:
        status, body = await door.sign_in("Wayan")
        assert status == 200
        assert set(body) == {"access_token", "token_type", "expires_in", "refresh_token", "refresh_expires_at"}
        assert body["token_type"] == "Bearer"
        assert body["expires_in"] == 600

    async def test_a_wrong_password_and_a_wrong_name_read_the_same(self, door: Door) -> None:
        wrong_password = await door.sign_in(password="salah-semuanya")
        wrong_name = await door.sign_in("nobody")
        assert wrong_password[0] == wrong_name[0] == 401
        for _, body in (wrong_password, wrong_name):
            body.pop("instance")
        assert wrong_password == wrong_name
        assert wrong_name[1]["code"] == "sign_in_failed"

    async def test_a_wrong_name_costs_the_work_of_a_password(self, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
        passwords = door.gateway.context.passwords
        looked_at: list[str] = []
        fits = passwords._fits

        def counting(stored: str, password: str) -> bool:
            looked_at.append(stored)
            return fits(stored, password)

        monkeypatch.setattr(passwords, "_fits", counting)
        await door.sign_in("nobody")
        assert len(looked_at) == 1
        assert looked_at[0].startswith("$argon2id$")

    async def test_an_account_that_was_switched_off_is_refused(self, door: Door) -> None:
        rows = door.gateway.service.foundation.database[ACCOUNTS]
        await rows.update_one({"username": "wayan"}, {"$set": {"active": False}})
        assert (await door.sign_in())[0] == 401

    async def test_a_hash_of_other_costs_is_made_anew(self, door: Door) -> None:
        rows = door.gateway.service.foundation.database[ACCOUNTS]
        from argon2 import PasswordHasher

        old = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1).hash(PASSWORD)
        await rows.update_one({"username": "wayan"}, {"$set": {"password_hash": old}})
        assert (await door.sign_in())[0] == 200
        row = await rows.find_one({"username": "wayan"})
        assert row
        assert row["password_hash"] != old
        assert (await door.sign_in())[0] == 200

    async def test_tokens_may_not_be_cached(self, door: Door) -> None:
        credentials = {"username": "wayan", "password": PASSWORD}
        async with door.http.post("/v1/auth/token", json=credentials) as answer:
            assert answer.headers["Cache-Control"] == "no-store"

    async def test_missing_fields_are_a_422(self, door: Door) -> None:
        async with door.http.post("/v1/auth/token", json={"username": "wayan"}) as answer:
            assert answer.status == 422
            assert (await answer.json())["code"] == "validation_failed"

    async def test_a_form_of_a_browser_is_told_to_be_json(self, door: Door) -> None:
        async with door.http.post("/v1/auth/token", data={"username": "wayan", "password": PASSWORD}) as answer:
            assert answer.status == 422
            assert "Content-Type: application/json" in (await answer.json())["detail"]

    async def test_an_empty_password_is_one_that_is_missing(self, door: Door) -> None:
        async with door.http.post("/v1/auth/token", json={"username": "wayan", "password": ""}) as answer:
            said = await answer.json()
        assert said["detail"] == "Isian belum lengkap atau keliru: kata sandi."
        assert [one["message"] for one in said["errors"]] == ["wajib diisi"]


class TestForm:
    """What strangers send is short: reading it must cost less than sending it."""

    @pytest.mark.parametrize("path", ["/v1/auth/token", "/v1/auth/oidc/token", "/v1/public/dispositions/verify"])
    @pytest.mark.parametrize("announced", [True, False])
    async def test_what_is_longer_than_any_form_is_refused(self, door: Door, path: str, announced: bool) -> None:
        body = json.dumps({f"u{number}": 1 for number in range(5000)}).encode()

        async def pieces() -> AsyncIterator[bytes]:
            yield body

        headers = {"Content-Type": "application/json"}
        async with door.http.post(path, data=body if announced else pieces(), headers=headers) as answer:
            said = await answer.json()
        assert (answer.status, said["code"]) == (413, "body_too_large")
        assert said["detail"] == "Kiriman terlalu besar. Batasnya 16 KB."

    async def test_the_longest_form_is_taken(self, door: Door) -> None:
        longest = {"username": "u" * 64, "password": "\U0001f600" * 256}
        async with door.http.post("/v1/auth/token", json=longest) as answer:
            assert answer.status == 401

    async def test_a_form_of_nothing_but_mistakes_is_answered_in_few_words(self, door: Door) -> None:
        mistaken = {f"u{number}": 1 for number in range(1000)}
        async with door.http.post("/v1/auth/token", json=mistaken) as answer:
            assert (answer.status, len(await answer.read()) < 2000) == (422, True)


class TestThrottle:
    """Guessing is slowed down, and only the guesser."""

    async def test_after_five_failures_the_address_must_wait(self, door: Door) -> None:
        for _ in range(5):
            assert (await door.sign_in(password="salah"))[0] == 401
        credentials = {"username": "wayan", "password": PASSWORD}
        async with door.http.post("/v1/auth/token", json=credentials) as answer:
            assert answer.status == 429
            assert int(answer.headers["Retry-After"]) >= 1
            assert (await answer.json())["code"] == "too_many_attempts"

    async def test_naming_another_address_in_a_header_helps_nobody(self, door: Door) -> None:
        credentials, statuses = {"username": "wayan", "password": "salah"}, []
        for last in range(6):
            headers = {"X-Forwarded-For": f"203.0.113.{last}"}
            async with door.http.post("/v1/auth/token", json=credentials, headers=headers) as answer:
                statuses.append(answer.status)
        assert statuses == [401] * 5 + [429]

    async def test_guesses_made_all_at_once_do_not_slip_through(self, door: Door) -> None:
        answers = await asyncio.gather(*(door.sign_in(password="salah") for _ in range(12)))
        assert sorted(status for status, _ in answers) == [401] * 5 + [429] * 7

    async def test_the_owner_at_another_address_is_not_kept_out(self, door: Door) -> None:
        throttle = door.gateway.context.throttle
        for _ in range(5):
            await throttle.enter("wayan", "203.0.113.7")
        with pytest.raises(ServiceError, match="429"):
            await throttle.enter("WAYAN", "203.0.113.7")
        assert (await door.sign_in())[0] == 200

    async def test_every_address_of_one_ipv6_subscriber_counts_as_one(self, door: Door) -> None:
        throttle = door.gateway.context.throttle
        for last in range(5):
            await throttle.enter("wayan", f"2001:db8:0:1::{last:x}")
        with pytest.raises(ServiceError, match="429"):
            await throttle.enter("wayan", "2001:db8:0:1:ffff::1")
        await throttle.enter("wayan", "2001:db8:0:2::1")

    async def test_a_right_password_forgets_earlier_failures(self, door: Door) -> None:
        for _ in range(3):
            for _ in range(4):
                assert (await door.sign_in(password="salah"))[0] == 401
            assert (await door.sign_in())[0] == 200


class TestPositions:
    """Positions come from the gateway's own projection, routing need not be up."""

    async def test_P7_a_plt_holds_the_position_and_says_so(self, door: Door) -> None:
        account = await door.gateway.context.accounts.named("wayan")
        assert account
        own = assignment(account.person_id, "secretary", position_title="Sekretaris")
        acting = assignment(account.person_id, "head", capacity="plt")
        for event in (acting, own):
            assert await deliver(door.gateway.service, event) == Done()
        body = await me(door)
        assert [(held["role"], held["capacity"]) for held in body["positions"]] == [
            ("secretary", "definitive"),
            ("head", "plt"),
        ]
        assert set(body["scopes"]) == {
            "letters:read",
            "letters:register",
            "dispositions:write",
            "schedule:request",
        }

    async def test_a_cancelled_assignment_lends_no_position(self, door: Door) -> None:
        person = new_id()
        event = assignment(person)
        assignments = door.gateway.context.assignments
        await deliver(door.gateway.service, event)
        assert len(await assignments.held_by(person)) == 1
        await deliver(door.gateway.service, event.model_copy(update={"cancelled": True}), seq=2)
        assert await assignments.held_by(person) == []

    async def test_an_assignment_holds_from_its_first_through_its_last_day(self, door: Door) -> None:
        person = new_id()
        event = assignment(person, starts_on=date(2025, 3, 1), ends_on=date(2025, 3, 10))
        await deliver(door.gateway.service, event)
        assignments = door.gateway.context.assignments
        held = [bool(await assignments.held_by(person, date(2025, 3, day))) for day in (1, 10, 11)]
        assert held == [True, True, False]
        assert not await assignments.held_by(person, date(2025, 2, 28))

    async def test_a_stale_event_changes_nothing(self, door: Door) -> None:
        person = new_id()
        ended = assignment(person, ends_on=date(2024, 2, 1))
        earlier = ended.model_copy(update={"ends_on": None})
        await deliver(door.gateway.service, ended, seq=2)
        await deliver(door.gateway.service, earlier, seq=1)
        assert not await door.gateway.context.assignments.held_by(person)

    async def test_whoever_holds_nothing_may_read_only(self, door: Door) -> None:
        body = await me(door)
        assert body["positions"] == []
        assert body["scopes"] == ["letters:read"]
        assert body["name"] == "Wayan Sudira"

    @pytest.mark.parametrize("role", ["leader", "personal_secretary", "agenda_staff"])
    async def test_S3_those_who_keep_the_calendar_may_decide(self, door: Door, role: str) -> None:
        account = await door.gateway.context.accounts.named("wayan")
        assert account
        await deliver(door.gateway.service, assignment(account.person_id, role))
        assert "schedule:decide" in (await me(door))["scopes"]
