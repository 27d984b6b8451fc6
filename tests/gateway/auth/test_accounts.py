"""Administering accounts."""

import asyncio
from datetime import date
from typing import Any

import pytest

from gateway.audit.store import Audit
from gateway.auth.accounts import COLLECTION
from gateway.auth.first_account import PasswordRefused, ensure_first_account
from services.chassis.ids import new_id
from tests.events import deliver
from tests.gateway.auth.asking import Headers, administrator, ask
from tests.gateway.conftest import PASSWORD, Door, OpenDoor
from tests.gateway.test_sign_in import assignment

NEW = {"username": "Kadek.PU", "password": "sepeda-biru-di-pasar", "person_id": new_id(), "name": "Kadek"}


async def made(door: Door, headers: Headers, **given: Any) -> dict[str, Any]:
    """A new account."""
    status, body = await ask(door, "POST", "/v1/accounts", headers, {**NEW, **given})
    assert status == 201, body
    return body


def shown(created: dict[str, Any]) -> dict[str, Any]:
    """What is shown of a new account later on: warnings are for whoever makes it."""
    return {name: value for name, value in created.items() if name != "warnings"}


async def recorded(door: Door, kind: str) -> list[dict[str, Any]]:
    """What the record holds of this kind, linked or not."""
    database = door.gateway.service.foundation.database
    rows = await database[Audit.WAITING].find({"kind": kind}).to_list(None)
    return rows + await database[Audit.ENTRIES].find({"kind": kind}).to_list(None)


class TestCreate:
    """POST /v1/accounts."""

    async def test_K6_an_administrator_creates_accounts(self, door: Door) -> None:
        headers = await administrator(door)
        created = await made(door, headers)
        assert created["username"] == "kadek.pu"
        assert created["person_id"] == NEW["person_id"]
        assert (created["has_password"], created["last_signed_in_at"], created["version"]) == (True, None, 1)
        assert NEW["password"] not in str(created)
        assert (await door.sign_in("kadek.pu", str(NEW["password"])))[0] == 200
        (entry,) = await recorded(door, "account.created")
        assert entry["subject"] == f"account:{created['id']}"
        assert NEW["password"] not in str(entry)

    async def test_others_may_not(self, door: Door) -> None:
        assert (await ask(door, "POST", "/v1/accounts", await door.bearer(), NEW))[0] == 403
        assert (await ask(door, "POST", "/v1/accounts", None, NEW))[0] == 401

    async def test_a_taken_username_is_a_conflict(self, door: Door) -> None:
        headers = await administrator(door)
        status, said = await ask(door, "POST", "/v1/accounts", headers, {**NEW, "username": "WAYAN"})
        assert (status, said["code"]) == (409, "username_taken")

    async def test_the_same_key_creates_one_account(self, door: Door) -> None:
        headers = {**await administrator(door), "Idempotency-Key": "account-7"}
        assert (await made(door, headers))["id"] == (await made(door, headers))["id"]

    async def test_a_repeat_is_known_though_its_password_would_be_refused_by_now(
        self, door: Door, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        boss = await administrator(door)
        headers = {**boss, "Idempotency-Key": "account-8"}
        first = await made(door, headers)

        async def known(*_: Any) -> list[str]:
            return ["sepeda", "biru", "pasar"]

        monkeypatch.setattr("gateway.auth.set_password.known_of", known)
        status, said = await ask(door, "POST", "/v1/accounts", boss, {**NEW, "username": "kadek2"})
        assert (status, said["code"]) == (422, "password_like_name")
        assert await made(door, headers) == first

    @pytest.mark.parametrize(
        ("password", "code"),
        [
            ("pendek", "password_too_short"),
            ("aaaaaaaaaaaaaaaa", "password_guessable"),
            ("Indonesia-17081945", "password_guessable"),
            ("kadek-suardana-2025", "password_like_name"),
        ],
    )
    async def test_weak_passwords_are_refused(self, door: Door, password: str, code: str) -> None:
        headers, named = await administrator(door), {"name": "I Kadek Suardana"}
        status, said = await ask(door, "POST", "/v1/accounts", headers, {**NEW, **named, "password": password})
        assert (status, said["code"]) == (422, code)

    async def test_a_person_nobody_has_told_of_is_warned_of(self, door: Door) -> None:
        headers = await administrator(door)
        [warning] = (await made(door, headers))["warnings"]
        assert warning.startswith("Pegawai ini belum pernah tercatat memegang jabatan.")

    async def test_of_a_person_with_a_position_nothing_is_said(self, door: Door) -> None:
        headers, person_id = await administrator(door), new_id()
        await deliver(door.gateway.service, assignment(person_id, ends_on=date(2024, 6, 1)))
        assert (await made(door, headers, person_id=person_id))["warnings"] == []

    async def test_a_second_account_of_a_person_is_warned_of_and_told_the_same_again(self, door: Door) -> None:
        headers, person_id = {**await administrator(door), "Idempotency-Key": "second-account"}, new_id()
        await deliver(door.gateway.service, assignment(person_id))
        await door.account("kadek.lama", person_id=person_id)
        created = await made(door, headers, person_id=person_id)
        assert created["warnings"] == ["Pegawai ini sudah punya akun: kadek.lama."]
        assert await made(door, headers, person_id=person_id) == created

    async def test_a_wrong_role_is_told_with_the_right_ones(self, door: Door) -> None:
        headers = await administrator(door)
        status, said = await ask(door, "POST", "/v1/accounts", headers, {**NEW, "roles": ["admin"]})
        assert (status, said["errors"][0]["field"]) == (422, "body.roles.0")
        assert said["errors"][0]["message"] == (
            "bukan salah satu pilihan yang tersedia: regency_admin, unit_admin, archivist, auditor"
        )

    async def test_without_a_password_nobody_signs_in_with_one(self, door: Door) -> None:
        headers = await administrator(door)
        body = {name: value for name, value in NEW.items() if name != "password"}
        status, created = await ask(door, "POST", "/v1/accounts", headers, body)
        assert (status, created["has_password"]) == (201, False)
        assert (await door.sign_in("kadek.pu", "apa pun yang diketik"))[1]["code"] == "sign_in_failed"

    async def test_a_password_told_to_somebody_can_be_made_to_be_changed(self, door: Door) -> None:
        await made(door, await administrator(door), must_change_password=True)
        assert (await door.sign_in("kadek.pu", str(NEW["password"])))[1]["code"] == "password_change_required"


class TestList:
    """GET /v1/accounts and /v1/accounts/{id}."""

    @staticmethod
    async def found(door: Door, headers: Headers, query: str) -> list[str]:
        status, page = await ask(door, "GET", f"/v1/accounts?{query}", headers)
        assert status == 200, page
        return [item["username"] for item in page["items"]]

    async def test_H13_who_has_never_signed_in_is_listed(self, door: Door) -> None:
        headers = await administrator(door)
        await made(door, headers)
        assert await self.found(door, headers, "signed_in=false") == ["kadek.pu", "wayan"]
        assert await self.found(door, headers, "signed_in=true") == ["boss"]
        await door.sign_in()
        assert await self.found(door, headers, "signed_in=false") == ["kadek.pu"]

    async def test_words_of_name_and_username_find_it(self, door: Door) -> None:
        headers = await administrator(door)
        await made(door, headers, name="I Kadek Suardana (PU)")
        for query in ("q=suard", "q=KADEK%20pu", "q=k.pu", "q=%28PU%29"):
            assert await self.found(door, headers, query) == ["kadek.pu"]
        assert await self.found(door, headers, "q=.*") == []
        assert await self.found(door, headers, "q=sudira") == ["boss", "wayan"]

    @pytest.mark.parametrize(
        "q", ["%00", "&~#@!%22'<>,:;=`%25-_", "(((", "[a", "%5C", "%F0%9F%90%98", "a%0Ab", "%7B2%7D+%5E$|"]
    )
    async def test_whatever_is_typed_is_only_text(self, door: Door, q: str) -> None:
        assert set(await self.found(door, await administrator(door), f"q={q}")) <= {"boss", "wayan"}

    async def test_roles_and_whether_they_are_on_narrow_it(self, door: Door) -> None:
        headers = await administrator(door)
        created = await made(door, headers, roles=["auditor"])
        await ask(door, "PATCH", f"/v1/accounts/{created['id']}", headers, {"active": False})
        assert await self.found(door, headers, "role=auditor") == ["kadek.pu"]
        assert await self.found(door, headers, "active=false") == ["kadek.pu"]
        assert await self.found(door, headers, "active=true&role=auditor") == []

    async def test_pages_follow_one_another(self, door: Door) -> None:
        headers = await administrator(door)
        await made(door, headers)
        _, first = await ask(door, "GET", "/v1/accounts?limit=2", headers)
        assert [item["username"] for item in first["items"]] == ["kadek.pu", "boss"]
        _, second = await ask(door, "GET", f"/v1/accounts?limit=2&cursor={first['next']}", headers)
        assert [item["username"] for item in second["items"]] == ["wayan"]
        assert second["next"] is None

    async def test_one_is_read_with_its_tag_and_never_its_hash(self, door: Door) -> None:
        headers = await administrator(door)
        created = await made(door, headers)
        async with door.http.get(f"/v1/accounts/{created['id']}", headers=headers) as answer:
            assert answer.headers["ETag"] == '"1"'
            assert await answer.json() == shown(created)
            assert "argon2" not in await answer.text()

    async def test_others_see_nothing(self, door: Door) -> None:
        for path in ("", f"/{new_id()}"):
            assert (await ask(door, "GET", f"/v1/accounts{path}", await door.bearer()))[0] == 403
            assert (await ask(door, "GET", f"/v1/accounts{path}"))[0] == 401

    async def test_one_that_is_not_there_is_a_404(self, door: Door) -> None:
        assert (await ask(door, "GET", f"/v1/accounts/{new_id()}", await administrator(door)))[0] == 404


class TestChange:
    """PATCH /v1/accounts/{id}."""

    @staticmethod
    async def change(
        door: Door, headers: Headers, account: dict[str, Any], body: Any, seen: str | None = None
    ) -> tuple[int, dict[str, Any]]:
        given = {**headers, "If-Match": seen} if seen else headers
        return await ask(door, "PATCH", f"/v1/accounts/{account['id']}", given, body)

    async def test_name_and_roles_change(self, door: Door) -> None:
        headers = await administrator(door)
        created = await made(door, headers)
        status, changed = await self.change(door, headers, created, {"name": "Kadek S.", "roles": ["auditor"]}, '"1"')
        assert status == 200
        assert (changed["name"], changed["roles"], changed["version"]) == ("Kadek S.", ["auditor"], 2)
        (entry,) = await recorded(door, "account.changed")
        assert entry["details"] == {"name": "Kadek S.", "roles": "auditor", "roles_before": ""}

    async def test_a_change_on_an_unseen_state_is_refused(self, door: Door) -> None:
        headers = await administrator(door)
        created = await made(door, headers)
        await self.change(door, headers, created, {"name": "Kadek S."}, '"1"')
        status, said = await self.change(door, headers, created, {"name": "Kadek T."}, '"1"')
        assert (status, said["code"]) == (412, "changed_meanwhile")

    async def test_asking_for_what_is_so_changes_nothing(self, door: Door) -> None:
        headers = await administrator(door)
        created = await made(door, headers)
        status, same = await self.change(door, headers, created, {"name": "Kadek", "roles": [], "active": True})
        assert (status, same) == (200, shown(created))

    async def test_whoever_is_switched_off_is_out_at_once(self, door: Door) -> None:
        boss = await administrator(door)
        account = await door.gateway.context.accounts.named("wayan")
        assert account
        _, tokens = await door.sign_in()
        mine = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert (await ask(door, "GET", "/v1/me", mine))[0] == 200
        assert (await self.change(door, boss, {"id": account.id}, {"active": False}))[0] == 200
        assert (await ask(door, "GET", "/v1/me", mine))[0] == 401
        refreshing = {"refresh_token": tokens["refresh_token"]}
        assert (await ask(door, "POST", "/v1/auth/refresh", body=refreshing))[0] == 401
        assert (await door.sign_in())[0] == 401

    async def test_switched_on_again_they_come_in_with_the_same_password(self, door: Door) -> None:
        boss = await administrator(door)
        account = await door.gateway.context.accounts.named("wayan")
        assert account
        for active in (False, True):
            await self.change(door, boss, {"id": account.id}, {"active": active})
        assert (await door.sign_in())[0] == 200
        assert len(await recorded(door, "account.deactivated")) == len(await recorded(door, "account.reactivated")) == 1

    async def test_whoever_loses_a_role_is_signed_out(self, door: Door) -> None:
        boss = await administrator(door)
        await door.account("second", roles=("regency_admin", "auditor"))
        theirs = await door.bearer("second")
        account = await door.gateway.context.accounts.named("second")
        assert account
        assert (await ask(door, "GET", "/v1/accounts", theirs))[0] == 200
        await self.change(door, boss, {"id": account.id}, {"roles": ["auditor"]})
        assert (await ask(door, "GET", "/v1/accounts", theirs))[0] == 401
        assert (await ask(door, "GET", "/v1/accounts", await door.bearer("second")))[0] == 403

    @pytest.mark.parametrize("body", [{"active": False}, {"roles": []}])
    async def test_the_last_administrator_stays(self, door: Door, body: Any) -> None:
        boss = await administrator(door)
        account = await door.gateway.context.accounts.named("boss")
        assert account
        status, said = await self.change(door, boss, {"id": account.id}, body)
        assert (status, said["code"]) == (409, "last_administrator")

    async def test_of_two_that_put_each_other_out_one_stays(self, door: Door) -> None:
        first, second = await administrator(door), await administrator(door, "boss2")
        ids = [await door.gateway.context.accounts.named(name) for name in ("boss2", "boss")]
        pairs = zip((first, second), ids, strict=True)
        acts = [self.change(door, headers, {"id": one.id}, {"active": False}) for headers, one in pairs if one]
        statuses = sorted(status for status, _ in await asyncio.gather(*acts))
        assert statuses in ([200, 401], [200, 409])
        rows = door.gateway.service.foundation.database[COLLECTION]
        assert await rows.count_documents({"roles": "regency_admin", "active": True}) == 1

    async def test_others_may_not(self, door: Door) -> None:
        account = await door.gateway.context.accounts.named("wayan")
        assert account
        body = {"roles": ["regency_admin"]}
        assert (await self.change(door, await door.bearer(), {"id": account.id}, body))[0] == 403
        assert (await self.change(door, {}, {"id": account.id}, body))[0] == 401

    async def test_password_and_username_are_not_changed_here(self, door: Door) -> None:
        headers = await administrator(door)
        created = await made(door, headers)
        for body in ({"username": "lain"}, {"password": PASSWORD}, {"password_hash": "x"}):
            assert (await self.change(door, headers, created, body))[0] == 422


class TestOneTimePassword:
    """POST /v1/accounts/{id}/one-time-password and /v1/auth/new-password."""

    @staticmethod
    async def one_time(door: Door, headers: Headers, username: str = "wayan") -> tuple[int, dict[str, Any]]:
        account = await door.gateway.context.accounts.named(username)
        assert account
        return await ask(door, "POST", f"/v1/accounts/{account.id}/one-time-password", headers)

    @staticmethod
    async def choose(door: Door, ticket: str, password: str) -> tuple[int, dict[str, Any]]:
        return await ask(door, "POST", "/v1/auth/new-password", body={"ticket": ticket, "new_password": password})

    async def test_it_opens_the_choice_of_another_and_nothing_else(self, door: Door) -> None:
        mine = await door.bearer()
        status, given = await self.one_time(door, await administrator(door))
        assert status == 200
        assert (await ask(door, "GET", "/v1/me", mine))[0] == 401
        assert (await door.sign_in())[1]["code"] == "sign_in_failed"
        status, said = await door.sign_in(password=given["password"])
        assert (status, said["code"]) == (401, "password_change_required")
        assert "access_token" not in said
        status, body = await self.choose(door, said["ticket"], "sepeda-biru-di-pasar")
        assert status == 200
        headers = {"Authorization": f"Bearer {body['access_token']}"}
        assert (await ask(door, "GET", "/v1/me", headers))[0] == 200
        assert (await door.sign_in(password="sepeda-biru-di-pasar"))[0] == 200
        assert (await door.sign_in(password=given["password"]))[0] == 401

    async def test_a_weak_choice_may_be_mended_with_the_same_ticket(self, door: Door) -> None:
        _, given = await self.one_time(door, await administrator(door))
        _, said = await door.sign_in(password=given["password"])
        assert (await self.choose(door, said["ticket"], "pendek"))[1]["code"] == "password_too_short"
        assert (await self.choose(door, said["ticket"], given["password"]))[1]["code"] == "password_unchanged"
        assert (await self.choose(door, said["ticket"], "sepeda-biru-di-pasar"))[0] == 200
        assert (await self.choose(door, said["ticket"], "perahu-hijau-di-danau"))[1]["code"] == "ticket_invalid"

    async def test_it_runs_out(self, open_door: OpenDoor) -> None:
        async with open_door(one_time_password_hours=1e-6) as door:
            await door.account()
            _, given = await self.one_time(door, await administrator(door))
            assert (await door.sign_in(password=given["password"]))[1]["code"] == "sign_in_failed"

    async def test_it_is_shown_once_and_never_kept(self, door: Door) -> None:
        boss = await administrator(door)
        _, given = await self.one_time(door, boss)
        rows = await door.gateway.service.foundation.database[COLLECTION].find({}).to_list(None)
        assert given["password"] not in str(rows)
        assert given["password"] not in str(await recorded(door, "password.one_time_made"))
        _, again = await self.one_time(door, boss)
        assert again["password"] != given["password"]

    async def test_nobody_makes_one_for_themselves(self, door: Door) -> None:
        status, said = await self.one_time(door, await administrator(door), "boss")
        assert (status, said["code"]) == (409, "own_account")

    async def test_others_may_not(self, door: Door) -> None:
        assert (await self.one_time(door, await door.bearer()))[0] == 403
        assert (await self.one_time(door, {}))[0] == 401


class TestFirstAccount:
    """The account `admin`, made at the first start."""

    async def test_it_is_created_once_and_may_administer(self, open_door: OpenDoor) -> None:
        async with open_door(admin_password=PASSWORD) as door:
            for _ in range(2):
                await ensure_first_account(door.gateway.context)
            _, body = await ask(door, "GET", "/v1/me", await door.bearer("admin"))
            assert body["roles"] == ["regency_admin"]
            assert "organisation:write" in body["scopes"]
            assert await door.gateway.service.foundation.database[COLLECTION].count_documents({}) == 1

    async def test_where_accounts_exist_none_is_made(self, open_door: OpenDoor) -> None:
        async with open_door(admin_password=PASSWORD) as door:
            await door.account()
            await ensure_first_account(door.gateway.context)
            assert (await door.sign_in("admin"))[0] == 401

    async def test_a_weak_password_stops_the_start(self, open_door: OpenDoor) -> None:
        async with open_door(admin_password="admin") as door:
            with pytest.raises(PasswordRefused, match="LONTAR_GATEWAY_ADMIN_PASSWORD: password_too_short"):
                await ensure_first_account(door.gateway.context)
