"""Every operation answers as it is described, whatever is asked of it (H8).

Schemathesis makes the requests up from the merged OpenAPI document: the examples, values at and beyond every bound that
a schema names, and steps that follow from one another. The stack is one of its own, because what is made up changes the
organisation, numbers and calendars of everybody. What is asked is asked of things that are there, by a person with
every right, so that it gets as far as the acts themselves; a stranger is turned away everywhere.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from deploy.demo.seed import ensure_seeded
from deploy.embedded.stack import EmbeddedStack
from deploy.openapi.codes import codes, is_listed
from gateway.docs import DOCUMENT
from services.chassis.bus.parked import list_parked
from services.contracts.subscriptions import SUBSCRIPTIONS
from tests.flow.schema.places import places
from tests.flow.schema.running import Document, Found, run, without
from tests.flow.schema.world import World, build, holding_all, sign_up
from tests.house import House

pytestmark = [pytest.mark.flow, pytest.mark.slow, pytest.mark.timeout(1200)]
PACES = ("ORDINARY", "HEAVY", "PUBLIC", "SIGN_IN", "STREAM")
UNCOUNTED = {f"LONTAR_GATEWAY_{pace}_{part}": "99999" for pace in PACES for part in ("PER_SECOND", "BURST")}
"""That one may not ask too often is tried elsewhere; here it would hide everything else."""
ENDLESS = "stream_notifications"
ENDING = "sign_out_of_oidc"
OUTWARD = "try_client_webhook"
LEFT_OUT = frozenset({ENDLESS, ENDING, OUTWARD})
"""A stream does not end, a session that was ended asks nothing more, and nothing leaves this machine."""
HIDING = ("idempotency-key", "if-match")
"""A made up version is never the present one, and a made up key was used before."""


@dataclass(frozen=True)
class Scene:
    """The house, the things in it, and how it describes itself."""

    house: House
    world: World
    document: Document
    folder: Path

    async def token(self) -> str:
        """Of the person with every right, in a session of its own."""
        client = await holding_all(self.house.stack.base_url)
        await client.close()
        return client._token

    async def asked(self, name: str, document: Document, *arguments: str, **how: Any) -> Found:
        """What came of it all."""
        how["places"] = places(self.document, self.world)
        return await run(self.folder / name, self.house.stack.base_url, document, *arguments, **how)


@pytest.fixture(scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    """A stack of its own, with the demo regency and one thing of every kind."""
    folder = tmp_path_factory.mktemp("schema")
    async with EmbeddedStack(folder / "stack", extra_environment={"gateway": UNCOUNTED}) as stack:
        await stack.start_infrastructure()
        await stack.start_services()
        await stack.wait_ready()
        await ensure_seeded(stack.base_url, stack.admin_password, stack.layout.root)
        house = House(stack)
        async with house.admin() as admin:
            await sign_up(admin)
        client = await holding_all(stack.base_url)
        try:
            world = await build(client)
        finally:
            await client.close()
        yield Scene(house, world, orjson.loads(DOCUMENT.read_bytes()), folder)


def as_described(found: Found) -> None:
    """Nothing but what is written down was answered: no 5xx, no unknown status, no body of another form."""
    assert found.errors == [], found.told[-6000:]
    assert found.failures == [], found.told[:20000]
    known = codes()
    assert [code for code in found.codes if not is_listed(code, known)] == [], "codes the page of problems lacks"


class TestAsDescribed:
    """What a person with every right is answered."""

    async def test_H8_the_examples_and_what_is_like_them(self, scene: Scene) -> None:
        found = await scene.asked(
            "examples",
            without(scene.document, operations=LEFT_OUT),
            "--phases=examples",
            "--max-examples=1",
            token=await scene.token(),
        )
        as_described(found)
        assert found.tested == len(_operations(scene.document)) - len(LEFT_OUT)

    async def test_H8_values_at_and_beyond_every_bound(self, scene: Scene) -> None:
        described = without(scene.document, *HIDING, operations=LEFT_OUT)
        found = await scene.asked("bounds", described, "--phases=coverage", token=await scene.token(), thinned=True)
        as_described(found)
        operations = _operations(described)
        assert found.tested == len(operations)
        assert found.asked > 10 * len(operations), "too little was asked"
        never = operations - found.succeeded()
        assert len(never) < len(operations) / 3, f"it did not get as far as the acts of {sorted(never)}"

    async def test_H8_steps_that_follow_from_one_another(self, scene: Scene) -> None:
        described = without(scene.document, *HIDING, operations=LEFT_OUT)
        found = await scene.asked(
            "steps", described, "--phases=stateful", "--max-examples=60", token=await scene.token()
        )
        as_described(found)
        assert found.asked > 100, "no steps followed"

    async def test_H8_an_end_of_a_session(self, scene: Scene) -> None:
        ending = without(scene.document, operations=frozenset(_operations(scene.document) - {ENDING}))
        found = await scene.asked("ending", ending, "--phases=examples,coverage", token=await scene.token())
        as_described(found)
        assert ENDING in found.succeeded()


class TestStranger:
    """What somebody without a token is answered."""

    async def test_K6_is_turned_away_by_whatever_is_not_open_to_all(self, scene: Scene) -> None:
        found = await scene.asked("stranger", scene.document, "--phases=examples", "--max-examples=1")
        as_described(found)
        open_to_all = {
            one["operationId"]
            for item in scene.document["paths"].values()
            for one in item.values()
            if one.get("security") == []
        }
        let_in = {name: seen for name, seen in found.answers.items() if name not in open_to_all and set(seen) != {401}}
        assert let_in == {}
        assert set(found.answers) - open_to_all == _operations(scene.document) - open_to_all


class TestAfterwards:
    """What all that left behind."""

    async def test_no_event_of_it_was_too_much_for_its_readers(self, scene: Scene) -> None:
        await scene.house.settled()
        servers = scene.house.servers
        parked = [one for service in SUBSCRIPTIONS for one in await list_parked(servers.amqp_url, service)]
        assert parked == []


def _operations(document: Document) -> set[str]:
    return {one["operationId"] for item in document["paths"].values() for one in item.values()}
