"""The merged API description: complete, consistent, current, and served without anybody else's help."""

import re
from copy import deepcopy
from typing import Any

import pytest

from deploy.openapi.__main__ import main
from deploy.openapi.merge import merge, written
from deploy.openapi.sources import SERVICES, Document, documents
from gateway import docs
from tests.gateway.conftest import Door


def described(
    path: str,
    *,
    schemas: Document | None = None,
    operation: str = "get_it",
    tag: str = "routing",
    method: str = "get",
) -> Document:
    """A document with one operation that answers with schema A."""
    answer = {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}
    return {
        "openapi": "3.1.0",
        "paths": {path: {method: {"operationId": operation, "tags": [tag], "responses": {"200": answer}}}},
        "components": {"schemas": schemas or {"A": {"type": "object"}}},
    }


@pytest.fixture(scope="module")
def sources() -> dict[str, Document]:
    """What the programs say now."""
    return documents()


class TestMerge:
    """Several documents into one."""

    def test_equal_schemas_are_kept_once(self) -> None:
        merged = merge({"routing": described("/v1/units"), "intake": described("/v1/register", operation="other")})
        assert list(merged["components"]["schemas"]) == ["A", "Problem"]
        assert list(merged["paths"]) == ["/v1/register", "/v1/units"]

    def test_two_services_share_an_address_by_method(self) -> None:
        listed, made = described("/v1/letters"), described("/v1/letters", operation="other", method="post")
        for sources in ({"routing": listed, "intake": made}, {"intake": made, "routing": listed}):
            shared = merge(sources)["paths"]["/v1/letters"]
            assert list(shared) == ["get", "post"]
        with pytest.raises(
            ValueError, match="intake describes /v1/letters, but the gateway's routes lead it to routing"
        ):
            merge({"intake": listed})

    def test_different_schemas_of_one_name_get_their_services_name(self) -> None:
        one = described("/v1/units", schemas={"A": {"type": "string"}})
        other = described("/v1/register", operation="other")
        merged = merge({"routing": one, "intake": other})
        assert merged["components"]["schemas"]["RoutingA"] == {"type": "string"}
        assert merged["components"]["schemas"]["IntakeA"] == {"type": "object"}
        text = written(merged).decode()
        assert re.search(r'"/v1/units".*?"\$ref": "#/components/schemas/RoutingA"', text, re.DOTALL)
        assert "#/components/schemas/A" not in text.replace("schemas/AccountView", "")

    def test_whatever_speaks_of_a_differing_schema_differs_too(self) -> None:
        def with_inner(inner: Document) -> Document:
            outer = {"type": "array", "items": {"$ref": "#/components/schemas/B"}}
            return {"A": outer, "B": inner}

        one = described("/v1/units", schemas=with_inner({"type": "string"}))
        other = described("/v1/register", schemas=with_inner({"type": "integer"}), operation="other")
        merged = merge({"routing": one, "intake": other})["components"]["schemas"]
        assert merged["RoutingA"]["items"] == {"$ref": "#/components/schemas/RoutingB"}
        assert merged["IntakeA"]["items"] == {"$ref": "#/components/schemas/IntakeB"}
        assert set(merged) == {"RoutingA", "RoutingB", "IntakeA", "IntakeB", "Problem"}

    def test_the_order_of_the_sources_does_not_matter(self) -> None:
        one, other = described("/v1/units"), described("/v1/register", operation="other")
        forth = written(merge({"routing": one, "intake": other}))
        assert forth == written(merge({"intake": other, "routing": one}))

    @pytest.mark.parametrize(
        ("sources", "complaint"),
        [
            ({"intake": described("/v1/units")}, "lead it to routing"),
            ({"routing": described("/v1/nowhere")}, "lead it to gateway"),
            ({"routing": described("/v1/units"), "intake": described("/v1/register")}, "two operations are called"),
            ({"routing": described("/v1/units", tag="odd")}, "unknown tag"),
            ({"routing": described("/v1/units", schemas={"B": {}})}, "no such schema: A"),
        ],
    )
    def test_contradictions_are_refused(self, sources: dict[str, Document], complaint: str) -> None:
        with pytest.raises(ValueError, match=complaint):
            merge(sources)

    def test_the_frameworks_own_422_becomes_a_problem(self) -> None:
        document = described("/v1/units", schemas={"A": {}, "HTTPValidationError": {}, "ValidationError": {}})
        own = {"application/json": {"schema": {"$ref": "#/components/schemas/HTTPValidationError"}}}
        document["paths"]["/v1/units"]["get"]["responses"]["422"] = {"description": "x", "content": own}
        merged = merge({"routing": document})
        refusal = merged["paths"]["/v1/units"]["get"]["responses"]["422"]
        assert refusal == {"$ref": "#/components/responses/Problem422"}
        assert set(merged["components"]["schemas"]) == {"A", "Problem"}


class TestCommitted:
    """gateway/openapi.json."""

    def test_every_service_is_described(self, sources: dict[str, Document]) -> None:
        assert set(sources) == {*SERVICES, "gateway"}
        assert all(source["paths"] for source in sources.values())

    def test_it_is_what_a_build_would_write(self, sources: dict[str, Document]) -> None:
        current = docs.DOCUMENT.read_bytes() == written(merge(sources))
        assert current, "stale: run `python -m deploy.openapi build` and commit gateway/openapi.json"

    def test_it_needs_a_token_everywhere_but_to_sign_in_and_where_the_public_asks(
        self, sources: dict[str, Document]
    ) -> None:
        merged = merge(sources)
        assert merged["openapi"].startswith("3.1")
        assert merged["servers"] == [{"url": "/"}]
        assert merged["security"] == [{"bearer": []}]
        open_paths = {path for path, item in merged["paths"].items() for one in item.values() if "security" in one}
        public = {path for path in merged["paths"] if path.startswith("/v1/public/")}
        signing_in = {path for path in merged["paths"] if path.startswith("/v1/auth/")}
        assert {"/v1/auth/token", "/v1/auth/refresh", "/v1/auth/logout"} <= signing_in
        assert open_paths - public - signing_in <= {"/v1/status"}
        assert public | signing_in <= open_paths

    def test_every_reference_leads_somewhere(self, sources: dict[str, Document]) -> None:
        merged = merge(sources)
        for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', written(merged).decode())):
            node: Any = merged
            for part in reference.split("/"):
                node = node[part]
            assert node

    def test_check_tells_a_stale_file(
        self, sources: dict[str, Document], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "openapi.json"
        monkeypatch.setattr("deploy.openapi.__main__.documents", lambda: deepcopy(sources))
        monkeypatch.setattr("deploy.openapi.__main__.DOCUMENT", path)
        monkeypatch.setattr("deploy.openapi.__main__.PAGE", tmp_path / "problems.md")
        assert main(["check"]) == 1
        assert main(["build"]) == 0
        assert main(["check"]) == 0
        path.write_bytes(path.read_bytes().replace(b"Lontar", b"Other", 1))
        assert main(["check"]) == 1
        assert main(["nonsense"]) == 2


class TestServed:
    """What the gateway shows of it."""

    async def test_the_document_needs_no_token(self, door: Door) -> None:
        async with door.http.get("/v1/openapi.json") as answer:
            assert answer.status == 200
            assert (await answer.json())["info"]["title"] == "Lontar"

    async def test_the_page_loads_from_here_alone(self, door: Door) -> None:
        async with door.http.get("/docs") as answer:
            page = await answer.text()
            policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "http" not in policy
        sources = re.findall(r'(?:src|href)="([^"]+)"', page)
        assert sources
        assert "<script>" not in page
        for source in sources:
            assert source.startswith("/docs/")
            async with door.http.get(source) as answer:
                assert answer.status == 200
                assert await answer.read()

    async def test_the_bare_address_leads_to_the_page(self, door: Door) -> None:
        async with door.http.get("/", allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (302, "/docs")

    async def test_other_files_of_the_package_are_not_served(self, door: Door) -> None:
        for name in ("redoc.standalone.js", "..%2f__init__.py", "nothing"):
            async with door.http.get(f"/docs/{name}") as answer:
                assert answer.status == 404
