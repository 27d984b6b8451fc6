"""Routing as a whole."""

from services.chassis.service import Service
from services.contracts.subscriptions import SUBSCRIPTIONS


class TestSubscriptions:
    def test_it_consumes_what_the_contracts_say(self, routing: Service) -> None:
        assert {one.event for one in routing.subscriptions} == set(SUBSCRIPTIONS["routing"])

    def test_every_handler_has_a_name_of_its_own(self, routing: Service) -> None:
        names = [one.name for one in routing.subscriptions]
        assert len(set(names)) == len(names)


class TestDoors:
    def test_every_route_describes_itself(self, routing: Service) -> None:
        paths = routing.app.openapi()["paths"]
        for path, operations in paths.items():
            for operation in operations.values():
                assert operation["operationId"]
                assert operation["summary"]
                assert operation["tags"] == ["routing"], path
                assert ("401" in operation["responses"]) is not path.startswith("/v1/public/"), path
