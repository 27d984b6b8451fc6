"""The events as the gateway shows them: to everybody, from here alone."""

import re

from tests.gateway.conftest import Door


class TestDocument:
    """``/v1/asyncapi.json``."""

    async def test_H7_it_needs_no_token(self, door: Door) -> None:
        async with door.http.get("/v1/asyncapi.json") as answer:
            assert answer.status == 200
            described = await answer.json()
        assert described["asyncapi"].startswith("3.")
        assert "routing_letter_delivered_v1" in described["channels"]


class TestPage:
    """``/docs/events``."""

    async def test_it_loads_from_here_alone(self, door: Door) -> None:
        async with door.http.get("/docs/events") as answer:
            assert answer.status == 200
            page = await answer.text()
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "<script>" not in page
        for source in re.findall(r'(?:src|href)="(/[^"]+)"', page):
            async with door.http.get(source) as answer:
                assert answer.status == 200, source
                assert await answer.read()

    async def test_it_puts_texts_in_as_text(self, door: Door) -> None:
        async with door.http.get("/docs/events/start.js") as answer:
            script = await answer.text()
        assert "/v1/asyncapi.json" in script
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script)
