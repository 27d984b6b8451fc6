"""What the gateway adds to the description of an operation."""

from datetime import UTC, datetime

from deploy.openapi.gateways_own import at_the_gateway
from gateway.deprecation import Deprecated
from gateway.routes import Route

OPERATION = {"operationId": "get_it", "responses": {"200": {"description": "ok"}, "404": {"description": "own"}}}


class TestStatuses:
    """Refusals no service knows of."""

    def test_who_is_not_signed_in_or_too_often_here_is_told(self) -> None:
        described = at_the_gateway(Route("/v1/units", "routing", "organisation"), OPERATION)
        assert list(described["responses"]) == ["200", "401", "403", "404", "429", "503", "504"]
        assert "security" not in described

    def test_an_open_address_of_the_gateways_own_refuses_nobody(self) -> None:
        described = at_the_gateway(Route("/v1/status", "gateway", "public", open=True), OPERATION)
        assert list(described["responses"]) == ["200", "404", "429", "503"]
        assert described["security"] == []

    def test_what_is_sent_may_be_too_much_or_unreadable(self) -> None:
        described = at_the_gateway(Route("/v1/units", "routing", "organisation"), {**OPERATION, "requestBody": {}})
        assert {"400", "413"} <= set(described["responses"])

    def test_what_the_service_says_itself_is_kept(self) -> None:
        described = at_the_gateway(Route("/v1/units", "routing", "organisation"), OPERATION)
        assert described["responses"]["404"]["description"] == "own"


class TestDeprecated:
    """An operation on its way out."""

    def test_H7_it_is_marked_with_its_dates(self) -> None:
        leaving = Deprecated(datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 9, 30, tzinfo=UTC))
        described = at_the_gateway(Route("/v1/units", "routing", "organisation", deprecated=leaving), OPERATION)
        assert described["deprecated"] is True
        assert {"Deprecation", "Sunset"} <= set(described["responses"]["200"]["headers"])

    def test_others_are_not(self) -> None:
        described = at_the_gateway(Route("/v1/units", "routing", "organisation"), OPERATION)
        assert "deprecated" not in described
        assert "Sunset" not in described["responses"]["200"]["headers"]
