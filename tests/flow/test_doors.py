"""Nobody gets in where they do not belong: at the gateway, and at a service reached directly."""

import aiohttp
import pytest

from deploy.demo.client import Json
from services.chassis.ids import new_id
from tests.house import SCAN, House, letter
from tests.people import principal
from tests.signing import TokenSigner

pytestmark = [pytest.mark.flow]
CLOSED = [
    ("intake", "/v1/register"),
    ("routing", "/v1/letters"),
    ("routing", "/v1/inbox"),
    ("disposition", "/v1/dispositions?box=given"),
    ("schedule", "/v1/schedule/requests"),
    ("notify", "/v1/notifications"),
]


def direct(house: House, service: str) -> str:
    """The service's own address, past the gateway."""
    return f"http://127.0.0.1:{house.stack.addresses.service_ports[service]}"


async def refusal(url: str, headers: dict[str, str] | None = None) -> tuple[int, Json]:
    """Status and problem document of a refused request."""
    async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as response:
        assert response.content_type == "application/problem+json"
        return response.status, await response.json()


class TestWithoutAToken:
    @pytest.mark.parametrize(("service", "path"), CLOSED)
    async def test_a_service_reached_directly_is_as_closed_as_the_gateway(
        self, house: House, service: str, path: str
    ) -> None:
        for base in (house.stack.base_url, direct(house, service)):
            status, problem = await refusal(base + path)
            assert (status, problem["code"]) == (401, "token_missing")


class TestWithAForgedToken:
    @pytest.mark.parametrize(("service", "path"), CLOSED)
    async def test_it_is_refused_everywhere(self, house: House, service: str, path: str) -> None:
        forged = TokenSigner().headers(principal())
        for base in (house.stack.base_url, direct(house, service)):
            status, problem = await refusal(base + path, forged)
            assert (status, problem["code"]) == (401, "token_invalid")

    async def test_identity_headers_of_the_client_count_for_nothing(self, house: House) -> None:
        headers = {"X-Lontar-Person": new_id(), "X-Forwarded-User": "bupati", "X-Remote-User": "bupati"}
        status, problem = await refusal(house.stack.base_url + "/v1/inbox", headers)
        assert (status, problem["code"]) == (401, "token_missing")


class TestK6VillagesAreIsolated:
    async def test_a_village_finds_no_trace_of_anothers_letter(self, house: House) -> None:
        async with house.person("desa.sekartaji") as sender, house.person("desa.batununggul") as stranger:
            sent = await sender.send_letter(letter(), [("surat.pdf", SCAN, "application/pdf")])
            await house.settled()
            base, file_id = f"/v1/letters/{sent['id']}", sent["files"][0]["file_id"]
            for path in (base, f"{base}/track", f"{base}/files/{file_id}", f"{base}/dispositions"):
                assert await sender.status_of(path) == 200, path
                assert await stranger.status_of(path) == 404, path
            for path in ("/v1/letters", "/v1/register", "/v1/inbox", "/v1/notifications"):
                page = await stranger.get(path)
                assert sent["id"] not in str(page), path


class TestThePublicPages:
    async def test_the_description_and_its_page_are_open(self, house: House) -> None:
        async with aiohttp.ClientSession(base_url=house.stack.base_url) as http:
            async with http.get("/v1/openapi.json") as response:
                description = await response.json()
            async with http.get("/docs") as page:
                assert page.status == 200
        assert description["openapi"].startswith("3.1")
        assert "/v1/letters" in description["paths"]
