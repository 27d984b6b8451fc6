"""The page a receipt's QR leads to."""

import re

from gateway.tracking_page import START
from tests.gateway.conftest import Door
from tests.gateway.upstream import Upstream


class TestPage:
    async def test_everybody_may_open_it_and_nothing_comes_from_elsewhere(self, door: Door) -> None:
        async with door.http.get("/lacak") as answer:
            page, headers = await answer.text(), answer.headers
        assert answer.status == 200
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "no-referrer"
        for source in re.findall(r'(?:src|href)="([^"]+)"', page):
            if not source.startswith("data:"):
                async with door.http.get(source) as asset:
                    assert asset.status == 200, source
        assert not re.search(r"<script>|\son\w+=|\sstyle=", page)

    async def test_it_asks_where_the_public_may_and_writes_answers_as_text(
        self, door: Door, upstream: Upstream
    ) -> None:
        [path] = re.findall(r'"(/v1/[^"]+/)"', START)
        async with door.http.post(f"{path}7K3M-Q2XD-9FJR", json={"check_word": "kata"}) as answer:
            assert answer.status == 200
        assert upstream.seen[-1].path == "/v1/public/track/7K3M-Q2XD-9FJR"
        assert "innerHTML" not in START
