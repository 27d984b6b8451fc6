"""API keys: how they read, what they open, and when they open nothing any more."""

import asyncio
import time
from datetime import timedelta

import pytest
from pymongo.errors import AutoReconnect

from gateway.clients.key_text import digest_of, make_key, read_key
from gateway.clients.strangers import RULE
from services.chassis.clock import now
from services.chassis.ids import new_id
from tests.gateway.clients.conftest import Office, bearer, sealing_key
from tests.gateway.conftest import NAMES, OpenDoor, private_pem
from tests.gateway.upstream import Upstream

LOOKED_FOR_SECONDS = 30
"""So long a look at a database that is away takes here."""


class TestHowAKeyReads:
    def test_it_says_what_it_is_and_whose(self) -> None:
        identifier = new_id()
        made = make_key("key", "live", identifier)
        assert made.text.startswith("lontar_live_")
        assert read_key(made.text) == ("key", identifier)
        assert (made.digest, made.hint) == (digest_of(made.text), made.text[-4:])

    def test_a_secret_is_not_taken_for_a_key(self) -> None:
        assert (read_key(make_key("secret", "demo", new_id()).text) or ("", ""))[0] == "secret"

    def test_a_typing_error_is_seen_without_asking_the_database(self) -> None:
        text = make_key("key", "live", new_id()).text
        for place in (len("lontar_live_"), 50, len(text) - 1):
            wrong = text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :]
            assert read_key(wrong) is None

    @pytest.mark.parametrize("text", ["", "lontar_", "lontar_live_x_y", "lontar_live_\u00e9", "x" * 10_000])
    def test_what_is_no_key_is_none(self, text: str) -> None:
        assert read_key(text) is None


class TestMaking:
    async def test_it_is_shown_once_and_kept_as_a_hash(self, office: Office) -> None:
        client = await office.client()
        made = await office.key(client)
        _, listed = await office.ask("GET", f"/v1/clients/{client['id']}/keys")
        assert listed["items"] == [{name: value for name, value in made.items() if name != "key"}]
        database = office.door.gateway.service.foundation.database
        for name in await database.list_collection_names():
            assert made["key"][-40:] not in str(await database[name].find({}).to_list(None)), name

    async def test_a_repeat_makes_no_second_one_and_shows_nothing(self, office: Office) -> None:
        client = await office.client()
        path, body = f"/v1/clients/{client['id']}/keys", {"label": "server"}
        first = (await office.ask("POST", path, body, **{"Idempotency-Key": "satu"}))[1]
        again = (await office.ask("POST", path, body, **{"Idempotency-Key": "satu"}))[1]
        assert again == {**first, "key": None}
        assert len((await office.ask("GET", path))[1]["items"]) == 1

    async def test_a_repeat_is_known_though_its_app_and_the_time_have_gone_on(self, office: Office) -> None:
        client = await office.client()
        path, once = f"/v1/clients/{client['id']}/keys", {"Idempotency-Key": "satu"}
        soon = now() + timedelta(seconds=4)
        body = {"label": "server", "grants": ["letters:read"], "expires_at": soon.isoformat()}
        status, first = await office.ask("POST", path, body, **once)
        assert status == 201
        await office.change(client, grants=["reports:read"])
        await asyncio.sleep((soon - now()).total_seconds() + 0.1)
        assert (await office.ask("POST", path, body))[1]["code"] == "grants_beyond_client"
        assert await office.ask("POST", path, body, **once) == (201, {**first, "key": None})

    async def test_no_cache_may_keep_the_answer(self, office: Office) -> None:
        client = await office.client()
        for part in ("keys", "secrets"):
            url = f"/v1/clients/{client['id']}/{part}"
            async with office.door.http.post(url, json={"label": "server"}, headers=office.admin) as answer:
                assert answer.headers["Cache-Control"] == "no-store"

    async def test_it_lives_a_year_at_most(self, office: Office) -> None:
        client = await office.client()
        path = f"/v1/clients/{client['id']}/keys"
        for days in (-1, 0, 366):
            wanted = {"label": "server", "expires_at": (now() + timedelta(days=days)).isoformat()}
            status, problem = await office.ask("POST", path, wanted)
            assert (status, problem["code"]) == (422, "bad_expiry"), days

    async def test_it_gets_no_more_than_its_app_has(self, office: Office) -> None:
        client = await office.client(grants=["letters:read"])
        wanted = {"label": "server", "grants": ["letters:read", "letters:write"]}
        status, problem = await office.ask("POST", f"/v1/clients/{client['id']}/keys", wanted)
        assert (status, problem["code"], problem["grants"]) == (422, "grants_beyond_client", ["letters:write"])


class TestWhatItOpens:
    async def test_the_service_sees_the_app_and_never_the_key(self, office: Office, upstream: Upstream) -> None:
        client = await office.client(name="SIPJALAN")
        key = (await office.key(client))["key"]
        assert (await office.visit(key))[0] == 200
        [shown] = upstream.seen[-1].values("authorization")
        assert key not in shown
        principal = await office.door.gateway.service.foundation.verifier.verify(shown.removeprefix("Bearer "))
        assert (principal.person_id, principal.client_id) == (client["id"], client["id"])
        assert principal.name == "Aplikasi SIPJALAN"
        assert principal.position_ids == [office.position_id]
        assert principal.scopes == {"letters:read", "letters:register"}

    async def test_what_it_was_not_given_is_refused(self, office: Office) -> None:
        client = await office.client(grants=["letters:read", "reports:read"])
        key = (await office.key(client, grants=["letters:read"]))["key"]
        assert (await office.visit(key, "/v1/register"))[0] == 200
        for method, path in (
            ("POST", "/v1/letters"),
            ("GET", "/v1/storage/report"),
            ("GET", "/v1/dispositions"),
            ("GET", "/v1/accounts"),
            ("GET", "/v1/me"),
        ):
            status, problem = await office.visit(key, path, method)
            assert (status, problem["code"]) == (403, "scope_missing"), path

    async def test_writing_letters_lends_nothing_to_read_them_by(self, office: Office, upstream: Upstream) -> None:
        key = (await office.key(await office.client(grants=["letters:write", "reports:read"])))["key"]
        assert (await office.visit(key, "/v1/books"))[0] == 200
        [shown] = upstream.seen[-1].values("authorization")
        principal = await office.door.gateway.service.foundation.verifier.verify(shown.removeprefix("Bearer "))
        assert principal.scopes == {"letters:register"}, "books want letters:read (services/intake/api/books.py)"

    async def test_an_app_that_keeps_the_organisation_is_told_so(self, office: Office, upstream: Upstream) -> None:
        key = (await office.key(await office.client(grants=["organisation:write"], position_ids=[])))["key"]
        await office.visit(key, "/v1/absences", "POST")
        [shown] = upstream.seen[-1].values("authorization")
        principal = await office.door.gateway.service.foundation.verifier.verify(shown.removeprefix("Bearer "))
        assert principal.scopes == {"organisation:write"}
        assert principal.roles == frozenset()

    async def test_a_position_that_is_closed_is_no_longer_held(self, open_door: OpenDoor, upstream: Upstream) -> None:
        settings = {"sealing_key": sealing_key(), "client_memory_seconds": 0.001}
        async with open_door(**dict.fromkeys(NAMES, upstream.url), **settings) as door:
            office = await Office.set_up(door)
            key = (await office.key(await office.client()))["key"]
            await office.place(office.position_id, active=False, seq=2)
            await office.visit(key)
            [shown] = upstream.seen[-1].values("authorization")
            principal = await door.gateway.service.foundation.verifier.verify(shown.removeprefix("Bearer "))
            assert principal.positions == ()

    async def test_services_meet_the_same_internal_token_again(self, office: Office, upstream: Upstream) -> None:
        key = (await office.key(await office.client()))["key"]
        for _ in range(3):
            await office.visit(key)
        assert len({tuple(seen.values("authorization")) for seen in upstream.seen[-3:]}) == 1

    async def test_many_at_once_ask_the_database_once(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        key = (await office.key(await office.client()))["key"]
        credentials = office.door.gateway.context.apps.credentials
        asked, get = 0, credentials.get

        async def counted(*given: object) -> object:
            nonlocal asked
            asked += 1
            return await get(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(credentials, "get", counted)
        answers = await asyncio.gather(*(office.visit(key) for _ in range(20)))
        assert {status for status, _ in answers} == {200}
        assert asked == 1


class TestWhatOpensNothing:
    async def test_every_refusal_reads_the_same(self, office: Office) -> None:
        client = await office.client()
        revoked = await office.key(client)
        await office.ask("DELETE", f"/v1/clients/{client['id']}/keys/{revoked['id']}")
        other = make_key("key", "live", (await office.key(client))["id"]).text
        unknown = make_key("key", "live", new_id()).text
        secret = (await office.secret(client))["client_secret"]
        for shown in (revoked["key"], other, unknown, "lontar_live_nonsense", f"lontar_{secret}"):
            status, problem = await office.visit(shown)
            assert (status, problem["code"]) == (401, "key_invalid"), shown

    async def test_a_secret_is_no_key(self, office: Office) -> None:
        secret = (await office.secret(await office.client()))["client_secret"]
        status, problem = await office.visit(secret)
        assert (status, problem["code"]) == (401, "token_invalid")

    async def test_it_ends_when_its_time_is_over(self, office: Office) -> None:
        client = await office.client()
        key = await office.key(client, expires_at=(now() + timedelta(seconds=2)).isoformat())
        while now() < now().fromisoformat(key["expires_at"]):
            await asyncio.sleep(0.05)
        assert (await office.visit(key["key"]))[0] == 401
        _, listed = await office.ask("GET", f"/v1/clients/{client['id']}/keys")
        assert listed["items"][0]["state"] == "expired"

    async def test_revoking_twice_is_revoking(self, office: Office) -> None:
        client = await office.client()
        path = f"/v1/clients/{client['id']}/keys/{(await office.key(client))['id']}"
        assert [(await office.ask("DELETE", path))[0] for _ in range(2)] == [204, 204]

    async def test_another_apps_key_is_not_there(self, office: Office) -> None:
        one, other = await office.client(), await office.client()
        key = await office.key(one)
        status, _ = await office.ask("DELETE", f"/v1/clients/{other['id']}/keys/{key['id']}")
        assert status == 404
        assert (await office.visit(key["key"]))[0] == 200


class TestAFloodOfUnknownKeys:
    async def test_it_is_held_off_and_hinders_no_app_that_is_known(self, office: Office) -> None:
        key = (await office.key(await office.client()))["key"]
        assert (await office.visit(key))[0] == 200
        answers = [await office.visit(make_key("key", "live", new_id()).text) for _ in range(80)]
        assert {status for status, _ in answers} == {401, 429}
        assert answers[-1][1]["code"] == "too_many_attempts"
        assert (await office.visit(key))[0] == 200

    async def test_many_at_once_are_no_more_than_one_after_the_other(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        credentials = office.door.gateway.context.apps.credentials
        looked: list[str] = []

        async def slowly(credential_id: str, *_: object) -> None:
            looked.append(credential_id)
            await asyncio.sleep(1)

        monkeypatch.setattr(credentials, "get", slowly)
        keys = [make_key("key", "live", new_id()).text for _ in range(100)]
        began = time.monotonic()
        answers = await asyncio.gather(*(office.visit(key) for key in keys))
        taken = time.monotonic() - began
        assert {status for status, _ in answers} == {401, 429}
        assert len(looked) <= RULE.burst + RULE.per_second * max(taken, 5)

    async def test_an_app_that_comes_a_hundred_times_at_once_is_charged_nothing(self, office: Office) -> None:
        keys = [(await office.key(await office.client()))["key"] for _ in range(2)]
        for key in keys:
            answers = await asyncio.gather(*(office.visit(key) for _ in range(100)))
            assert {answer.get("code") for _, answer in answers} <= {None, "too_many_at_once"}

    async def test_while_nobody_can_tell_a_key_is_charged_nothing(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def away(*_: object) -> None:
            raise AutoReconnect

        monkeypatch.setattr(office.door.gateway.context.apps.credentials, "get", away)
        answers = [await office.visit(make_key("key", "live", new_id()).text) for _ in range(80)]
        assert {status for status, _ in answers} == {503}

    async def test_a_key_that_was_revoked_does_not_count(self, office: Office) -> None:
        client = await office.client()
        revoked = await office.key(client)
        await office.ask("DELETE", f"/v1/clients/{client['id']}/keys/{revoked['id']}")
        answers = [await office.visit(revoked["key"]) for _ in range(80)]
        assert {status for status, _ in answers} == {401}


class TestH9SwitchedOffOneByOne:
    async def test_an_app_that_is_switched_off_is_refused_with_its_next_request(self, office: Office) -> None:
        off, on = await office.client(), await office.client()
        keys = [(await office.key(one))["key"] for one in (off, on)]
        assert [(await office.visit(key))[0] for key in keys] == [200, 200]
        await office.change(off, active=False)
        assert [(await office.visit(key))[0] for key in keys] == [401, 200]
        await office.change(off, active=True)
        assert (await office.visit(keys[0]))[0] == 200

    async def test_a_key_that_is_revoked_leaves_the_apps_others(self, office: Office) -> None:
        client = await office.client()
        keys = [await office.key(client) for _ in range(2)]
        assert [(await office.visit(key["key"]))[0] for key in keys] == [200, 200]
        await office.ask("DELETE", f"/v1/clients/{client['id']}/keys/{keys[0]['id']}")
        assert [(await office.visit(key["key"]))[0] for key in keys] == [401, 200]

    async def test_another_gateway_follows_within_its_memory(self, open_door: OpenDoor, upstream: Upstream) -> None:
        shared = {"signing_key": private_pem(), "sealing_key": sealing_key(), **dict.fromkeys(NAMES, upstream.url)}
        async with open_door(**shared) as here:
            database = here.gateway.service.foundation.settings.mongo_database
            async with open_door(**shared, mongo_database=database, client_memory_seconds=0.2) as there:
                office = await Office.set_up(here)
                client = await office.client()
                key = (await office.key(client))["key"]
                async with there.http.get("/v1/register", headers=bearer(key)) as answer:
                    assert answer.status == 200
                await office.change(client, active=False)
                async with asyncio.timeout(20):
                    while True:
                        async with there.http.get("/v1/register", headers=bearer(key)) as answer:
                            if answer.status == 401:
                                return
                        await asyncio.sleep(0.05)

    async def test_a_grant_that_is_taken_away_is_gone_from_its_keys(self, office: Office) -> None:
        client = await office.client(grants=["letters:read", "reports:read"])
        key = (await office.key(client, grants=["reports:read"]))["key"]
        assert (await office.visit(key, "/v1/storage/report"))[0] == 200
        await office.change(client, grants=["letters:read"])
        assert (await office.visit(key, "/v1/storage/report"))[0] == 403


class TestItsPace:
    async def test_an_app_is_held_to_its_own(self, office: Office) -> None:
        slow, quick = await office.client(per_second=0.01, burst=2), await office.client()
        keys = [(await office.key(one))["key"] for one in (slow, quick)]
        assert [(await office.visit(keys[0]))[0] for _ in range(3)] == [200, 200, 429]
        assert (await office.visit(keys[1]))[0] == 200

    async def test_two_keys_of_one_app_share_it(self, office: Office) -> None:
        client = await office.client(per_second=0.01, burst=2)
        keys = [(await office.key(client))["key"] for _ in range(2)]
        assert [(await office.visit(key))[0] for key in (*keys, keys[0])] == [200, 200, 429]


class TestWhileTheDatabaseIsAway:
    async def test_an_app_that_came_lately_goes_on(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        key = (await office.key(await office.client()))["key"]
        assert (await office.visit(key))[0] == 200
        apps, found_away = office.door.gateway.context.apps, asyncio.Event()

        async def away(*_: object) -> None:
            await asyncio.wait_for(found_away.wait(), LOOKED_FOR_SECONDS)
            raise AutoReconnect

        monkeypatch.setattr(apps.credentials, "get", away)
        monkeypatch.setattr(apps.standings, "_seconds", 0.0)
        began = time.monotonic()
        for _ in range(2):
            answers = await asyncio.gather(*(office.visit(key) for _ in range(20)))
            assert {status for status, _ in answers} == {200}
        assert time.monotonic() - began < LOOKED_FOR_SECONDS / 2
        found_away.set()
        stranger = make_key("key", "live", new_id()).text
        assert (await office.visit(stranger))[0] == 503
