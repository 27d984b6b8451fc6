"""The door of every service: limits, errors, request ids, health, metrics and spans, over real HTTP."""

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any
from urllib.parse import urlsplit

import aiohttp
import orjson
import pytest
from fastapi import APIRouter, FastAPI, Query, Request
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import BaseModel, ConfigDict
from pymongo.errors import AutoReconnect, OperationFailure, ServerSelectionTimeoutError
from starlette.responses import StreamingResponse

from services.chassis.auth import Caller, TokenVerifier, require
from services.chassis.errors import PROBLEM_JSON, conflict, forbidden, not_found
from services.chassis.health import Health
from services.chassis.http import create_app
from services.chassis.ids import EntityId
from services.chassis.mongo import DuplicateKeyError
from services.chassis.outbox import StreamVersionTaken
from services.chassis.run import serving
from services.chassis.storage import StorageUnavailable
from tests.people import principal
from tests.signing import TokenSigner

LIMIT = 64 * 1024
SECRET = "hunter2 is in this message"


class Parcel(BaseModel):
    model_config = ConfigDict(extra="forbid")

    parcel_id: EntityId
    weight: int


class Shop:
    """An app with a route for every way a request can go."""

    def __init__(self, signer: TokenSigner) -> None:
        self.health = Health()
        self.error: Exception = RuntimeError(SECRET)
        self.read = 0
        self.called = 0
        verifier = TokenVerifier(signer.keys, issuer="lontar", audience="lontar")
        self.app: FastAPI = create_app(
            service="shop",
            title="Shop",
            health=self.health,
            verifier=verifier,
            routers=[self._router()],
            max_body_bytes=LIMIT,
        )

    def _router(self) -> APIRouter:
        router = APIRouter()

        @router.post("/raw")
        async def raw(request: Request) -> dict[str, int]:
            self.called += 1
            async for chunk in request.stream():
                self.read += len(chunk)
            return {"read": self.read}

        @router.post("/parcels")
        async def parcels(parcel: Parcel) -> Parcel:
            self.called += 1
            return parcel

        @router.get("/parcels/{parcel_id}")
        async def parcel(parcel_id: EntityId, limit: Annotated[int, Query(ge=1)] = 1) -> dict[str, str]:
            return {"parcel_id": parcel_id}

        @router.get("/fail")
        async def fail() -> None:
            raise self.error

        @router.get("/break")
        async def break_off() -> StreamingResponse:
            return StreamingResponse(self._broken_body())

        @router.get("/me")
        async def me(caller: Caller) -> dict[str, str]:
            return {"name": caller.name}

        @router.get("/scoped", dependencies=[])
        async def scoped(caller: Annotated[Any, require_write]) -> dict[str, str]:
            return {"name": caller.name}

        return router

    async def _broken_body(self) -> AsyncIterator[bytes]:
        yield b"the first half"
        raise self.error


def _depends(scope: str) -> Any:
    from fastapi import Depends

    return Depends(require(scope))


require_write = _depends("letters:register")


@pytest.fixture
def shop(signer: TokenSigner) -> Shop:
    return Shop(signer)


@pytest.fixture
async def http(shop: Shop) -> AsyncIterator[aiohttp.ClientSession]:
    async with visiting(shop) as session:
        yield session


@asynccontextmanager
async def visiting(shop: Shop) -> AsyncIterator[aiohttp.ClientSession]:
    async with (
        serving(shop.app, "127.0.0.1", 0) as url,
        aiohttp.ClientSession(base_url=url, timeout=aiohttp.ClientTimeout(total=60)) as session,
    ):
        yield session


async def problem(response: aiohttp.ClientResponse, status: int) -> dict[str, Any]:
    """The problem document of a refusal, after checking what every refusal keeps to."""
    assert response.status == status, await response.text()
    assert response.headers["Content-Type"] == PROBLEM_JSON
    document: dict[str, Any] = orjson.loads(await response.read())
    assert document["status"] == status
    assert document["type"] == f"urn:lontar:problem:{document['code']}"
    assert document["detail"].endswith(".")
    assert document["instance"] == f"urn:lontar:request:{response.headers['X-Request-ID']}"
    text = str(document)
    assert "Traceback" not in text
    assert SECRET not in text
    return document


async def spoken(http: aiohttp.ClientSession, request: bytes) -> bytes:
    """What the server says to raw bytes, up to when it falls silent or hangs up."""
    assert http._base_url is not None
    address = urlsplit(str(http._base_url))
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(request)
    answer = b""
    try:
        async with asyncio.timeout(3):
            while part := await reader.read(65536):
                answer += part
                if b"\r\n\r\n" in answer and answer.endswith(b"}"):
                    break
    except (TimeoutError, ConnectionError):
        pass
    writer.close()
    return answer


async def endless(chunk: bytes = b"x" * 16384) -> AsyncIterator[bytes]:
    for _ in range(1280):
        yield chunk


class TestBodyLimit:
    async def test_a_body_at_the_limit_is_taken(self, shop: Shop, http: aiohttp.ClientSession) -> None:
        async with http.post("/raw", data=b"x" * LIMIT) as response:
            assert (response.status, await response.json()) == (200, {"read": LIMIT})

    async def test_an_announced_length_over_the_limit_is_refused_before_anything_is_read(
        self, shop: Shop, http: aiohttp.ClientSession
    ) -> None:
        answer = await spoken(http, b"POST /raw HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b"connection: close" in answer.lower()
        assert shop.called == 0

    async def test_a_client_that_waits_to_be_told_to_go_on_never_sends_the_body(
        self, shop: Shop, http: aiohttp.ClientSession
    ) -> None:
        answer = await spoken(
            http, b"POST /raw HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\nExpect: 100-continue\r\n\r\n"
        )
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b"100 Continue" not in answer

    async def test_the_refusal_is_a_problem_document_that_names_the_limit(self, http: aiohttp.ClientSession) -> None:
        async with http.post("/raw", data=b"x" * (LIMIT + 1)) as response:
            document = await problem(response, 413)
        assert document["code"] == "body_too_large"
        assert document["detail"] == "Kiriman terlalu besar. Batasnya 64 KB."

    async def test_a_body_of_unknown_length_is_cut_off_in_the_middle(
        self, shop: Shop, http: aiohttp.ClientSession
    ) -> None:
        async with http.post("/raw", data=endless()) as response:
            await problem(response, 413)
        assert shop.read <= LIMIT

    async def test_a_json_body_of_unknown_length_is_cut_off_in_the_middle(
        self, shop: Shop, http: aiohttp.ClientSession
    ) -> None:
        headers = {"Content-Type": "application/json"}
        async with http.post("/parcels", data=endless(), headers=headers) as response:
            await problem(response, 413)
        assert shop.called == 0

    @pytest.mark.parametrize("announced", [True, False])
    async def test_a_client_that_keeps_sending_still_hears_why_it_was_refused(
        self, http: aiohttp.ClientSession, announced: bool
    ) -> None:
        for _ in range(5):
            body = b"x" * 20_000_000 if announced else endless()
            async with http.post("/raw", data=body) as response:
                await problem(response, 413)

    async def test_a_client_that_reads_only_after_sending_all_hears_it_too(
        self, shop: Shop, http: aiohttp.ClientSession
    ) -> None:
        address = urlsplit(str(http._base_url))
        length = 3_000_000

        def converse() -> bytes:
            with socket.create_connection((address.hostname, address.port), timeout=30) as client:
                client.sendall(b"POST /raw HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % length)
                for _ in range(length // 100_000):
                    client.sendall(b"x" * 100_000)
                return client.recv(100)

        assert (await asyncio.to_thread(converse)).startswith(b"HTTP/1.1 413 ")

    async def test_a_client_that_sends_for_ever_is_hung_up_on(
        self, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("services.chassis.lingering.LINGER_SECONDS", 0.3)
        address = urlsplit(str(http._base_url))
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(b"POST /raw HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")

        async def keep_sending() -> None:
            while True:
                writer.write(b"x" * 1000)
                await writer.drain()
                await asyncio.sleep(0.01)

        with pytest.raises(ConnectionError):
            await asyncio.wait_for(keep_sending(), 30)

    async def test_a_client_that_pours_is_not_read_without_end(
        self, shop: Shop, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As fast as it can for the whole time: little more gets through than the bound and what the sockets hold."""
        monkeypatch.setattr("services.chassis.lingering.LINGER_SECONDS", 0.5)
        address = urlsplit(str(http._base_url))

        def pour() -> tuple[bytes, int]:
            sent = 0
            with socket.create_connection((address.hostname, address.port), timeout=30) as client:
                client.sendall(b"POST /raw HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n")
                answer = client.recv(100)
                with contextlib.suppress(ConnectionError):
                    while True:
                        sent += client.send(b"x" * 100_000)
            return answer, sent

        answer, sent = await asyncio.to_thread(pour)
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert sent < 32 * 1024 * 1024

    @pytest.mark.parametrize("bound", [0, 1024 * 1024])
    async def test_a_client_that_listens_while_it_sends_hears_it_past_the_bound(
        self, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch, bound: int
    ) -> None:
        monkeypatch.setattr("services.chassis.lingering.LINGER_BYTES", bound)
        monkeypatch.setattr("services.chassis.lingering.LINGER_SECONDS", 0.5)
        async with http.post("/raw", data=b"x" * 60_000_000) as response:
            await problem(response, 413)

    @pytest.mark.parametrize("length", [b"-1", b"abc", b"\xb2", b"9" * 5000])
    async def test_a_length_that_is_no_number_breaks_nothing(self, http: aiohttp.ClientSession, length: bytes) -> None:
        answer = await spoken(http, b"POST /raw HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + b"\r\n\r\n")
        assert b" 500 " not in answer


class TestErrors:
    async def test_an_unhandled_error_is_500_and_tells_nothing(self, http: aiohttp.ClientSession) -> None:
        async with http.get("/fail") as response:
            assert (await problem(response, 500))["code"] == "internal"

    async def test_a_refusal_carries_its_status_code_and_state(self, shop: Shop, http: aiohttp.ClientSession) -> None:
        shop.error = conflict("already_sent", "Paket sudah dikirim.", state={"version": 3})
        async with http.get("/fail") as response:
            document = await problem(response, 409)
        assert (document["code"], document["state"]) == ("already_sent", {"version": 3})

    @pytest.mark.parametrize(
        ("error", "status"),
        [
            (not_found("Surat"), 404),
            (forbidden(), 403),
            (StreamVersionTaken("parcel/a"), 409),
            (DuplicateKeyError("E11000 duplicate key " + SECRET), 500),
            (OperationFailure(SECRET), 500),
            (BaseExceptionGroup("several", [ValueError(SECRET)]), 500),
        ],
        ids=lambda value: type(value).__name__,
    )
    async def test_each_error_has_its_answer(
        self, shop: Shop, http: aiohttp.ClientSession, error: Exception, status: int
    ) -> None:
        shop.error = error
        async with http.get("/fail") as response:
            await problem(response, status)

    @pytest.mark.parametrize(
        "error",
        [
            AutoReconnect(SECRET),
            ServerSelectionTimeoutError(SECRET),
            OperationFailure("no", 189),
            StorageUnavailable(SECRET),
        ],
        ids=lambda error: type(error).__name__,
    )
    async def test_an_absent_neighbour_is_503_with_retry_after(
        self, shop: Shop, http: aiohttp.ClientSession, error: Exception
    ) -> None:
        shop.error = error
        async with http.get("/fail") as response:
            assert (await problem(response, 503))["code"] == "unavailable"
            assert int(response.headers["Retry-After"]) > 0

    async def test_state_that_is_no_json_by_itself_is_still_told(self, shop: Shop, http: aiohttp.ClientSession) -> None:
        shop.error = conflict("odd", "Ada yang aneh.", state={"tags": {"one"}})
        async with http.get("/fail") as response:
            await problem(response, 409)

    async def test_an_unknown_address_is_404(self, http: aiohttp.ClientSession) -> None:
        async with http.get("/nowhere") as response:
            await problem(response, 404)

    async def test_a_method_that_is_not_offered_is_405(self, http: aiohttp.ClientSession) -> None:
        async with http.delete("/parcels") as response:
            await problem(response, 405)
            assert "POST" in response.headers["Allow"]

    async def test_an_error_after_the_answer_began_cuts_the_connection(
        self, shop: Shop, http: aiohttp.ClientSession
    ) -> None:
        async with http.get("/break") as response:
            assert response.status == 200
            with pytest.raises(aiohttp.ClientPayloadError):
                await response.read()

    async def test_a_client_that_hangs_up_in_the_middle_breaks_nothing(
        self, shop: Shop, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
    ) -> None:
        address = urlsplit(str(http._base_url))
        _, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(b"POST /raw HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf")
        await asyncio.sleep(0.1)
        writer.transport.abort()
        await asyncio.sleep(0.1)
        assert [record for record in caplog.records if record.levelname == "ERROR"] == []
        async with http.get("/healthz") as response:
            assert response.status == 200


class TestValidation:
    async def test_names_every_field_that_is_wrong(self, http: aiohttp.ClientSession) -> None:
        async with http.post("/parcels", json={"parcel_id": "x", "colour": "red"}) as response:
            document = await problem(response, 422)
        assert document["code"] == "validation_failed"
        assert {one["field"] for one in document["errors"]} == {"body.parcel_id", "body.weight", "body.colour"}
        assert document["detail"] == "Isian belum lengkap atau keliru: colour, parcel_id, weight."

    async def test_an_id_in_the_path_that_is_no_id_is_named(self, http: aiohttp.ClientSession) -> None:
        async with http.get("/parcels/x", params={"limit": 0}) as response:
            document = await problem(response, 422)
        assert {one["field"] for one in document["errors"]} == {"path.parcel_id", "query.limit"}

    @pytest.mark.parametrize(
        "body",
        [
            b"{",
            b"",
            b"null",
            b"[]",
            b"\xff\xfe",
            b'{"\\ud800": 1}',
            b'{"parcel_id": "\\ud800", "weight": 1}',
            b"[" * 20000,
        ],
        ids=["cut", "empty", "null", "list", "no-utf8", "surrogate-name", "surrogate-value", "deep"],
    )
    async def test_a_body_that_cannot_be_read_is_the_clients_fault(
        self, http: aiohttp.ClientSession, body: bytes
    ) -> None:
        headers = {"Content-Type": "application/json"}
        async with http.post("/parcels", data=body, headers=headers) as response:
            assert response.status in (400, 422)
            await problem(response, response.status)


class TestRequestId:
    async def test_is_made_where_none_came(self, http: aiohttp.ClientSession) -> None:
        async with http.get("/healthz") as first, http.get("/healthz") as second:
            assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]

    async def test_is_kept_where_one_came(self, http: aiohttp.ClientSession) -> None:
        async with http.get("/fail", headers={"X-Request-ID": "abc-1"}) as response:
            assert (await problem(response, 500))["instance"] == "urn:lontar:request:abc-1"

    @pytest.mark.parametrize("sent", [b"a b<script>", b"\xe9", b"a" * 500])
    async def test_is_replaced_where_it_is_nonsense(self, http: aiohttp.ClientSession, sent: bytes) -> None:
        answer = await spoken(http, b"GET /nowhere HTTP/1.1\r\nHost: x\r\nX-Request-ID: " + sent + b"\r\n\r\n")
        found = re.search(rb"x-request-id: (\S+)\r\n", answer, re.IGNORECASE)
        assert found
        assert re.fullmatch(rb"[0-9a-f-]{36}", found[1])


class TestCaller:
    async def test_without_a_token_is_asked_to_sign_in(self, http: aiohttp.ClientSession) -> None:
        async with http.get("/me") as response:
            assert (await problem(response, 401))["code"] == "token_missing"
            assert "Bearer" in response.headers["WWW-Authenticate"]

    async def test_is_who_the_token_says(self, http: aiohttp.ClientSession, signer: TokenSigner) -> None:
        headers = signer.headers(principal(name="Nyoman")) | {"X-Principal": "admin", "X-User": "admin"}
        async with http.get("/me", headers=headers) as response:
            assert await response.json() == {"name": "Nyoman"}

    async def test_without_the_scope_is_refused(self, http: aiohttp.ClientSession, signer: TokenSigner) -> None:
        async with http.get("/scoped", headers=signer.headers(principal(), scope="letters:read")) as response:
            assert (await problem(response, 403))["code"] == "forbidden"

    async def test_with_the_scope_is_let_in(self, http: aiohttp.ClientSession, signer: TokenSigner) -> None:
        async with http.get("/scoped", headers=signer.headers(principal())) as response:
            assert response.status == 200


class TestReadiness:
    async def test_is_told_apart_from_being_alive(self, shop: Shop, http: aiohttp.ClientSession) -> None:
        shop.health.expect("consumer")
        async with http.get("/healthz") as alive, http.get("/readyz") as ready:
            assert (alive.status, ready.status) == (200, 503)
            assert await ready.json() == {"parts": {"consumer": False}}

    async def test_comes_when_every_part_has_reported(self, shop: Shop, http: aiohttp.ClientSession) -> None:
        shop.health.expect("consumer")
        shop.health.report("consumer", True)
        async with http.get("/readyz") as ready:
            assert ready.status == 200

    async def test_goes_when_a_probe_fails_in_any_way(self, shop: Shop, http: aiohttp.ClientSession) -> None:
        async def probe() -> bool:
            raise RuntimeError(SECRET)

        shop.health.probe("database", probe)
        async with http.get("/readyz") as ready:
            assert ready.status == 503
            assert await ready.json() == {"parts": {"database": False}}


class TestMetrics:
    async def test_count_by_the_route_and_not_by_the_address(self, http: aiohttp.ClientSession) -> None:
        for _ in range(3):
            async with http.get("/parcels/0197f0a0-0000-7000-8000-000000000001") as response:
                assert response.status == 200
        text = await metrics(http)
        counted = (
            'lontar_http_request_seconds_count{method="GET",route="/parcels/{parcel_id}",service="shop",status="200"}'
        )
        assert counted in text
        assert "0197f0a0" not in text

    async def test_count_what_no_route_wanted_under_one_name(self, http: aiohttp.ClientSession) -> None:
        for path in ("/a", "/b"):
            async with http.get(path):
                pass
        assert 'route="unmatched",service="shop",status="404"' in await metrics(http)

    async def test_count_an_answer_that_broke_off(self, http: aiohttp.ClientSession) -> None:
        async with http.get("/break") as response:
            with pytest.raises(aiohttp.ClientPayloadError):
                await response.read()
        assert 'route="/break",service="shop"' in await metrics(http)


async def metrics(http: aiohttp.ClientSession) -> str:
    async with http.get("/metrics") as response:
        return await response.text()


class TestTrace:
    async def test_continues_the_trace_of_the_caller(
        self, http: aiohttp.ClientSession, spans: InMemorySpanExporter
    ) -> None:
        traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        async with http.get("/fail", headers={"traceparent": traceparent}):
            pass
        [span] = spans.get_finished_spans()
        assert span.name == "GET /fail"
        assert span.context is not None
        assert f"{span.context.trace_id:032x}" == "0af7651916cd43dd8448eb211c80319c"
        assert span.attributes is not None
        assert span.attributes["http.response.status_code"] == 500

    async def test_survives_a_traceparent_that_is_nonsense(
        self, http: aiohttp.ClientSession, spans: InMemorySpanExporter
    ) -> None:
        async with http.get("/healthz", headers={"traceparent": "nonsense"}) as response:
            assert response.status == 200
        assert len(spans.get_finished_spans()) == 1
