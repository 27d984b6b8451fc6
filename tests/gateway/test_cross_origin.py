"""Which pages of other origins may ask."""

import pytest

from gateway.cross_origin import CrossOrigin
from services.chassis.errors import ServiceError

PORTAL = b"https://portal.example.go.id"


class TestOrigins:
    @pytest.mark.parametrize(
        "origins",
        [
            "*",
            "null",
            "https://*.example.go.id",
            "portal.example.go.id",
            "https://portal.example.go.id/",
            "ftp://a.example",
        ],
    )
    def test_one_that_is_none_is_refused_at_the_start(self, origins: str) -> None:
        with pytest.raises(ValueError, match="no origin"):
            CrossOrigin(origins, credentials=False)


class TestPreflight:
    def test_an_allowed_page_is_told_how_it_may_ask(self) -> None:
        told = dict(CrossOrigin(PORTAL.decode(), credentials=False).preflight(PORTAL))
        assert b"PATCH" in told[b"access-control-allow-methods"]
        assert b"Idempotency-Key" in told[b"access-control-allow-headers"]
        assert b"*" not in b"".join(told.values())

    @pytest.mark.parametrize("origin", [b"https://evil.example", b"null", b"https://portal.example.go.id:8443", b""])
    def test_another_is_refused(self, origin: bytes) -> None:
        with pytest.raises(ServiceError) as caught:
            CrossOrigin(PORTAL.decode(), credentials=False).preflight(origin)
        assert (caught.value.status, caught.value.code) == (403, "origin_refused")


class TestFields:
    def test_name_the_page_itself_and_never_all(self) -> None:
        told = dict(CrossOrigin(PORTAL.decode(), credentials=True).fields(PORTAL))
        assert told[b"access-control-allow-origin"] == PORTAL
        assert told[b"access-control-allow-credentials"] == b"true"
        assert b"ETag" in told[b"access-control-expose-headers"]

    def test_without_cookies_unless_that_is_set(self) -> None:
        told = dict(CrossOrigin(PORTAL.decode(), credentials=False).fields(PORTAL))
        assert b"access-control-allow-credentials" not in told

    @pytest.mark.parametrize("origin", [b"https://evil.example", None])
    def test_say_nothing_to_another_but_that_it_depends(self, origin: bytes | None) -> None:
        assert CrossOrigin(PORTAL.decode(), credentials=True).fields(origin) == [(b"vary", b"Origin")]

    def test_are_none_where_no_page_is_allowed(self) -> None:
        assert CrossOrigin("", credentials=True).fields(PORTAL) == []
