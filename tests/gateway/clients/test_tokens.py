"""Client credentials: an app's secret for a token, and what the token is good for."""

import asyncio
import base64
from datetime import datetime, timedelta
from urllib.parse import quote_plus

import pytest
from oauthlib.oauth2 import BackendApplicationClient, InvalidClientError, InvalidScopeError

from gateway.clients.app_tokens import PREFIX
from services.chassis.clock import now
from tests.gateway.clients.conftest import Office, bearer

PATH = "/v1/auth/client-token"


class TestGettingAToken:
    async def test_it_opens_what_the_app_was_given(self, office: Office) -> None:
        client = await office.client()
        secret = (await office.secret(client))["client_secret"]
        status, token = await office.token(client, secret)
        assert status == 200
        assert (token["token_type"], token["expires_in"]) == ("Bearer", 600)
        assert set(token["scope"].split()) == set(client["grants"])
        assert (await office.visit(token["access_token"]))[0] == 200

    async def test_it_may_ask_for_less(self, office: Office) -> None:
        client = await office.client()
        secret = (await office.secret(client))["client_secret"]
        _, token = await office.token(client, secret, scope="reports:read")
        assert token["scope"] == "reports:read"
        assert (await office.visit(token["access_token"], "/v1/storage/report"))[0] == 200
        assert (await office.visit(token["access_token"], "/v1/register"))[0] == 403

    @pytest.mark.parametrize("scope", ["organisation:write", "letters:read administration:write", "x"])
    async def test_it_may_not_ask_for_more(self, office: Office, scope: str) -> None:
        client = await office.client()
        secret = (await office.secret(client))["client_secret"]
        status, problem = await office.token(client, secret, scope=scope)
        assert (status, problem["error"]) == (400, "invalid_scope")

    async def test_name_and_secret_may_come_in_the_header(self, office: Office) -> None:
        client = await office.client()
        secret = (await office.secret(client))["client_secret"]
        basic = base64.b64encode(f"{quote_plus(client['id'])}:{quote_plus(secret)}".encode()).decode()
        headers = {"Authorization": f"Basic {basic}"}
        form = {"grant_type": "client_credentials"}
        async with office.door.http.post(PATH, data=form, headers=headers) as answer:
            assert answer.status == 200
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Pragma"] == "no-cache"

    async def test_a_client_library_for_oauth_understands_both_answers(self, office: Office) -> None:
        client = await office.client()
        secret = (await office.secret(client))["client_secret"]
        library = BackendApplicationClient(client["id"])
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        body = library.prepare_request_body(include_client_id=True, client_secret=secret, scope=["letters:read"])
        async with office.door.http.post(PATH, data=body, headers=headers) as answer:
            token = library.parse_request_body_response(await answer.text(), scope=["letters:read"])
        assert (await office.visit(token["access_token"]))[0] == 200
        for wrong, error in (({"client_secret": "x"}, InvalidClientError), ({"scope": ["x"]}, InvalidScopeError)):
            body = library.prepare_request_body(**{"include_client_id": True, "client_secret": secret, **wrong})
            async with office.door.http.post(PATH, data=body, headers=headers) as answer:
                with pytest.raises(error):
                    library.parse_request_body_response(await answer.text())


class TestWhatIsRefused:
    async def test_every_unknown_app_reads_the_same(self, office: Office) -> None:
        one, other = await office.client(), await office.client()
        secret = (await office.secret(one))["client_secret"]
        key = (await office.key(one))["key"]
        answers = [
            await office.token(client, shown)
            for client, shown in ((other, secret), (one, key), (one, secret[:-1] + "0"), (one, ""), (one, "x"))
        ]
        assert {(status, problem["error"]) for status, problem in answers} == {(401, "invalid_client")}
        assert len({problem["detail"] for _, problem in answers}) == 1

    async def test_an_app_that_is_switched_off_gets_none(self, office: Office) -> None:
        client = await office.client()
        secret = (await office.secret(client))["client_secret"]
        await office.change(client, active=False)
        assert (await office.token(client, secret))[0] == 401

    async def test_a_refusal_in_the_header_is_challenged(self, office: Office) -> None:
        for encoded in (base64.b64encode(b"a:b").decode(), base64.b64encode(b"ab").decode(), "!!!"):
            headers = {"Authorization": f"Basic {encoded}"}
            async with office.door.http.post(
                PATH, data={"grant_type": "client_credentials"}, headers=headers
            ) as answer:
                assert answer.status == 401
                assert answer.headers["WWW-Authenticate"].startswith("Basic ")

    @pytest.mark.parametrize(
        ("body", "media", "error"),
        [
            ("client_id=a", "application/x-www-form-urlencoded", "invalid_request"),
            ("grant_type=password", "application/x-www-form-urlencoded", "unsupported_grant_type"),
            ("grant_type=client_credentials", "application/json", "invalid_request"),
            ("grant_type=client_credentials&scope=a&scope=b", "application/x-www-form-urlencoded", "invalid_request"),
            ("grant_type=%ff%fe", "application/x-www-form-urlencoded", "invalid_request"),
            ("&".join(f"a{n}=1" for n in range(30)), "application/x-www-form-urlencoded", "invalid_request"),
        ],
    )
    async def test_what_cannot_be_read_is_told_as_oauth_tells_it(
        self, office: Office, body: str, media: str, error: str
    ) -> None:
        async with office.door.http.post(PATH, data=body, headers={"Content-Type": media}) as answer:
            problem = await answer.json()
            assert (answer.status, problem["error"]) == (400, error)
            assert answer.headers["Cache-Control"] == "no-store"
            assert problem["error_description"].isascii()

    async def test_two_ways_at_once_are_refused(self, office: Office) -> None:
        basic = {"Authorization": "Basic " + base64.b64encode(b"a:b").decode()}
        form = {"grant_type": "client_credentials", "client_secret": "b"}
        async with office.door.http.post(PATH, data=form, headers=basic) as answer:
            assert (answer.status, (await answer.json())["error"]) == (400, "invalid_request")

    async def test_the_record_tells_of_the_refusal_and_of_no_secret(self, office: Office) -> None:
        client = await office.client()
        await office.token(client, "rahasia-yang-salah")
        _, page = await office.ask("GET", "/v1/audit/identity?kind=client.token")
        assert [entry["outcome"] for entry in page["items"]] == ["refused"]
        assert "rahasia" not in str(page)


class TestOnlyTheGatewayTakesIt:
    async def test_a_service_refuses_it_with_and_without_its_prefix(self, office: Office) -> None:
        client = await office.client()
        _, token = await office.token(client, (await office.secret(client))["client_secret"])
        verifier = office.door.gateway.service.foundation.verifier
        for shown in (token["access_token"], token["access_token"].removeprefix(PREFIX)):
            with pytest.raises(Exception, match="token_invalid"):
                await verifier.verify(shown)

    async def test_without_its_prefix_the_gateway_refuses_it_too(self, office: Office) -> None:
        client = await office.client(grants=["reports:read"])
        _, token = await office.token(client, (await office.secret(client))["client_secret"])
        assert (await office.visit(token["access_token"].removeprefix(PREFIX)))[0] == 401

    async def test_a_persons_token_is_not_taken_for_an_apps(self, office: Office) -> None:
        persons = office.admin["Authorization"].removeprefix("Bearer ")
        status, problem = await office.visit(PREFIX + persons)
        assert (status, problem["code"]) == (401, "token_invalid")


class TestRenewingASecret:
    async def test_the_one_before_works_until_the_overlap_is_over(self, office: Office) -> None:
        client = await office.client()
        first = await office.secret(client)
        second = await office.secret(client, overlap_hours=2)
        for made in (first, second):
            assert (await office.token(client, made["client_secret"]))[0] == 200
        _, listed = await office.ask("GET", f"/v1/clients/{client['id']}/secrets")
        ends = [datetime.fromisoformat(one["expires_at"]) for one in listed["items"]]
        assert ends[1] - now() < timedelta(hours=2)
        assert ends[0] - now() > timedelta(days=364)

    async def test_without_an_overlap_it_ends_at_once(self, office: Office) -> None:
        client = await office.client()
        first = await office.secret(client)
        _, token = await office.token(client, first["client_secret"])
        await office.secret(client, overlap_hours=0)
        assert (await office.token(client, first["client_secret"]))[0] == 401
        assert (await office.visit(token["access_token"]))[0] == 401

    async def test_one_that_would_end_sooner_is_not_given_more_time(self, office: Office) -> None:
        client = await office.client()
        soon = now() + timedelta(minutes=5)
        first = await office.secret(client, expires_at=soon.isoformat())
        await office.secret(client, overlap_hours=100)
        _, listed = await office.ask("GET", f"/v1/clients/{client['id']}/secrets")
        assert listed["items"][1]["expires_at"] == first["expires_at"]

    async def test_revoking_it_ends_the_tokens_got_for_it(self, office: Office) -> None:
        client = await office.client()
        first, second = await office.secret(client), await office.secret(client)
        tokens = [(await office.token(client, one["client_secret"]))[1]["access_token"] for one in (first, second)]
        await office.ask("DELETE", f"/v1/clients/{client['id']}/secrets/{first['id']}")
        assert [(await office.visit(token))[0] for token in tokens] == [401, 200]

    async def test_two_at_once_leave_one_that_is_not_ending(self, office: Office) -> None:
        client = await office.client()
        made = await asyncio.gather(*(office.secret(client, overlap_hours=1) for _ in range(3)))
        answers = [await office.token(client, one["client_secret"]) for one in made]
        assert {status for status, _ in answers} == {200}


class TestUse:
    async def test_last_use_is_noted(self, office: Office) -> None:
        client = await office.client()
        secret = await office.secret(client)
        await office.token(client, secret["client_secret"])
        await office.door.gateway.context.apps.usage.flush()
        _, listed = await office.ask("GET", f"/v1/clients/{client['id']}/secrets")
        assert listed["items"][0]["last_used_at"] is not None

    async def test_a_token_in_a_browsers_address_is_nobodys(self, office: Office) -> None:
        client = await office.client()
        _, token = await office.token(client, (await office.secret(client))["client_secret"])
        async with office.door.http.get(f"/v1/register?access_token={token['access_token']}") as answer:
            assert answer.status == 401
        async with office.door.http.get("/v1/register", headers=bearer(token["access_token"])) as answer:
            assert answer.status == 200
