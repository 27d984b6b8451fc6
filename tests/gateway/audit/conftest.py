"""A record on a database of its own."""

from typing import Any

import pytest

from gateway.audit.entries import AuditActor
from gateway.audit.store import Audit
from gateway.settings import GatewaySettings
from services.chassis.mongo import connect, ensure_indexes
from services.chassis.uow import MongoUnitOfWork
from tests.conftest import SettingsFor
from tests.gateway.conftest import NAMES, NOWHERE, private_pem

ADA = AuditActor(kind="person", id="0198aaaa-0000-7000-8000-000000000001", name="Ada", session_id="s-1")
BUDI = AuditActor(kind="person", id="0198aaaa-0000-7000-8000-000000000002", name="Budi")


class Record:
    """The record, and short ways to fill it."""

    def __init__(self, settings: GatewaySettings) -> None:
        self.database = connect(settings.mongo_url.get_secret_value(), settings.mongo_database)
        self.uow = MongoUnitOfWork(self.database)
        self.audit = Audit(self.database, self.uow)

    def again(self) -> Audit:
        """The same record as another process has it."""
        return Audit(self.database, MongoUnitOfWork(self.database))

    async def note(self, kind: str = "account.created", **given: Any) -> None:
        """Record something."""
        usual = {
            "outcome": "done",
            "actor": ADA,
            "subject": "account:1",
            "address": "192.0.2.7",
            "request_id": "r-1",
        }
        await self.audit.record(kind, **{**usual, **given})

    async def fill(self, count: int) -> None:
        """``count`` entries, linked."""
        for place in range(count):
            await self.note(details={"place": str(place)})
        await self.audit.link_all()


@pytest.fixture
async def record(settings_for: SettingsFor) -> Record:
    """An empty record."""
    upstreams = {f"upstream_{name}": NOWHERE for name in NAMES}
    made = Record(settings_for(GatewaySettings, "gateway", signing_key=private_pem(), **upstreams))
    await ensure_indexes(made.database, Audit.INDEXES)
    return made
