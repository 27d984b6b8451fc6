"""The page the QR of a lembar disposisi leads to."""

import re

from gateway.verification_page import START
from tests.gateway.conftest import Door
from tests.gateway.upstream import Upstream


class TestPage:
    async def test_everybody_may_open_it_and_nothing_comes_from_elsewhere(self, door: Door) -> None:
        async with door.http.get("/verifikasi") as answer:
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
        [path] = re.findall(r'"(/v1/[^"]+)"', START)
        async with door.http.post(path, json={"code": "7K3M4-Q2XDB-9FJR0-5TVW1"}) as answer:
            assert answer.status == 200
        assert upstream.seen[-1].path == "/v1/public/dispositions/verify"
        assert "innerHTML" not in START

    def test_a_file_is_looked_at_here_and_never_sent(self) -> None:
        [sent] = re.findall(r"request\.send\((.+)\);", START)
        assert set(re.findall(r"\b\w+(?=:)", sent)) == {"code", "sha256"}
        assert "FormData" not in START
