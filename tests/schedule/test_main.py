"""The service as it is put together."""

from services.contracts.subscriptions import SUBSCRIPTIONS
from tests.schedule.court import Court


class TestBuild:
    async def test_consumes_what_the_contracts_say(self, court: Court) -> None:
        assert {one.event for one in court.service.subscriptions} == set(SUBSCRIPTIONS["schedule"])

    async def test_every_route_describes_itself_and_its_refusals(self, court: Court) -> None:
        document = court.service.app.openapi()
        operations = [operation for path in document["paths"].values() for operation in path.values()]
        assert len(operations) == 8
        for operation in operations:
            assert operation["summary"]
            assert operation["tags"] == ["schedule"]
            assert "application/problem+json" in operation["responses"]["401"]["content"]
