"""What the record needs done by itself, and that it is done."""

import asyncio
import logging
from contextlib import AbstractAsyncContextManager

import pytest

from gateway.audit import keeping
from gateway.audit.quota import A_NETWORK
from gateway.audit.store import Audit
from gateway.main import Gateway, build
from gateway.settings import GatewaySettings
from services.chassis.run import Role, running
from tests.conftest import SettingsFor
from tests.duties import at_work
from tests.gateway.audit.conftest import Record
from tests.gateway.conftest import NAMES, NOWHERE, PASSWORD, private_pem
from tests.waiting import until, until_equal


def kept(record: Record) -> AbstractAsyncContextManager[None]:
    """The duties run for the length of the block."""
    return at_work(*keeping.duties(record.audit, record.database), *keeping.attendants(record.audit))


class TestKeeping:
    async def test_what_waits_is_linked_without_anybody_reading(self, record: Record) -> None:
        await record.note()
        async with kept(record):
            await until_equal(record.audit.head, lambda head: head[0] == 1)
        assert await record.audit.waiting() == 0

    async def test_what_was_held_back_is_told_when_the_process_leaves(self, record: Record) -> None:
        async with kept(record):
            await asyncio.sleep(0)
            for _ in range(A_NETWORK + 3):
                await record.note("sign_in.password", outcome="refused", actor=None)
        await record.audit.link_all()
        [told] = await record.audit.within("kind", "audit.suppressed", None, None)
        assert told.details["count"] == "3"

    async def test_the_last_hash_is_told_to_the_log(
        self, record: Record, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(keeping, "WINDOW_SECONDS", 0.05)
        await record.fill(2)
        seq, noted = await record.audit.head()

        with caplog.at_level(logging.INFO, "gateway.audit.keeping"):
            async with kept(record):
                await until(lambda: f"ends with {seq}:{noted}" in caplog.text)
        assert caplog.text.count(noted) == 1


@pytest.fixture
def gateway(settings_for: SettingsFor) -> Gateway:
    """A gateway that does not run yet."""
    upstreams = {f"upstream_{name}": NOWHERE for name in NAMES}
    given = {"signing_key": private_pem(), "admin_password": PASSWORD, "argon2_memory_kib": 64, **upstreams}
    return build(settings_for(GatewaySettings, "gateway", **given))


async def refused(audit: Audit, count: int) -> None:
    """Strangers who got nowhere."""
    for _ in range(count):
        await audit.record(
            "sign_in.password", outcome="refused", actor=None, subject="account:1", address="192.0.2.7", request_id=""
        )


class TestRoles:
    """Which process does what, where several share the gateway's work."""

    @pytest.mark.parametrize("role", ["serve", "all"])
    async def test_whoever_answers_tells_what_it_has_held_back(self, gateway: Gateway, role: Role) -> None:
        audit = gateway.context.audit
        async with running(gateway.service, role):
            await refused(audit, A_NETWORK + 3)
        await audit.link_all()
        [told] = await audit.within("kind", "audit.suppressed", None, None)
        assert told.details["count"] == "3"

    @pytest.mark.parametrize("role", ["work", "all"])
    async def test_a_worker_links(self, gateway: Gateway, role: Role) -> None:
        audit = gateway.context.audit
        await refused(audit, 2)
        async with running(gateway.service, role):
            await until_equal(audit.head, lambda head: head[0] >= 2)
