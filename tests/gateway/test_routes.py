"""The route table: every address of the public API leads to one service."""

import pytest

from gateway.routes import RouteTable

TABLE = RouteTable()


@pytest.mark.parametrize(
    ("path", "upstream"),
    [
        ("/v1/letters", "intake"),
        ("/v1/letters/7", "intake"),
        ("/v1/letters/7/files/8", "intake"),
        ("/v1/letters/7/track", "routing"),
        ("/v1/letters/7/track/more", "intake"),
        ("/v1/letters/7/dispositions", "disposition"),
        ("/v1/inbox", "routing"),
        ("/v1/branches/7/read", "routing"),
        ("/v1/units", "routing"),
        ("/v1/assignments/7/end", "routing"),
        ("/v1/dispositions/7/recipients/8/reply", "disposition"),
        ("/v1/instructions", "disposition"),
        ("/v1/schedule/requests/7/approve", "schedule"),
        ("/v1/notifications/stream", "notify"),
    ],
)
def test_the_way_of_an_address(path: str, upstream: str) -> None:
    route = TABLE.match(path.encode())
    assert route
    assert route.upstream == upstream


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/", "/v1/letters/", "/v2/letters", "/v1/lettersx", "/metrics", "/v1/auth/token", "/v1/me"]
)
def test_what_leads_to_no_service(path: str) -> None:
    assert TABLE.match(path.encode()) is None


def test_only_registering_a_letter_takes_scans() -> None:
    scan = TABLE.match(b"/v1/letters")
    other = TABLE.match(b"/v1/letters/7")
    assert scan
    assert other
    assert (scan.body, other.body) == ("scan", "document")
