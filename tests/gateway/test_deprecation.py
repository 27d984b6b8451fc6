"""Addresses on their way out say so in every answer, with dates far enough apart."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

import pytest

from gateway.deprecation import SHORTEST, Deprecated
from gateway.routes import Route, RouteTable
from tests.gateway.conftest import Door

SINCE = datetime(2026, 1, 5, tzinfo=UTC)
SUNSET = datetime(2026, 9, 30, 15, 59, 59, tzinfo=UTC)


class TestDates:
    """When an address may leave."""

    def test_half_a_year_is_the_least(self) -> None:
        Deprecated(SINCE, SINCE + SHORTEST)
        with pytest.raises(ValueError, match="180 days"):
            Deprecated(SINCE, SINCE + SHORTEST - timedelta(seconds=1))

    def test_dates_are_in_utc(self) -> None:
        local = SINCE.astimezone(timezone(timedelta(hours=8)))
        with pytest.raises(ValueError, match="UTC"):
            Deprecated(local, SUNSET)


class TestAnswers:
    """What a client of such an address is told."""

    async def test_H7_a_client_learns_since_when_until_when_and_where_to_go(
        self, door: Door, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        leaving = Deprecated(SINCE, SUNSET, "/v2/units")
        row = Route("/v1/units/**", "routing", "organisation", deprecated=leaving)
        headers = await door.bearer()
        monkeypatch.setattr(RouteTable, "match", lambda *_: row)
        async with door.http.get("/v1/units", headers=headers) as answer:
            assert answer.status == 200
            told = answer.headers
        assert told["Deprecation"] == f"@{int(SINCE.timestamp())}"
        assert parsedate_to_datetime(told["Sunset"]) == SUNSET
        assert told["Link"] == '</v2/units>; rel="successor-version"'

    async def test_other_addresses_say_nothing_of_the_kind(self, door: Door) -> None:
        headers = await door.bearer()
        async with door.http.get("/v1/units", headers=headers) as answer:
            assert answer.status == 200
            assert not {"Deprecation", "Sunset", "Link"} & set(answer.headers)
