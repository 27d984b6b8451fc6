"""The service as it is put together."""

from services.contracts.subscriptions import SUBSCRIPTIONS
from tests.disposition.world import World


class TestBuild:
    async def test_consumes_what_the_contracts_say(self, world: World) -> None:
        assert {one.event for one in world.service.subscriptions} == set(SUBSCRIPTIONS["disposition"])

    async def test_every_route_describes_itself_and_its_refusals(self, world: World) -> None:
        document = world.service.app.openapi()
        operations = [(path, one) for path, item in document["paths"].items() for one in item.values()]
        assert operations
        for path, operation in operations:
            assert operation["summary"]
            assert operation["tags"] == ["disposition"]
            refusal = "429" if path.startswith("/v1/public/") else "401"
            assert "application/problem+json" in operation["responses"][refusal]["content"]
