"""A gateway with an administrator of the regency, and apps made through its doors."""

import base64
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from gateway.auth.tokens import Subject
from services.chassis.ids import new_id
from services.contracts.routing import PositionChanged, UnitChanged
from tests.events import deliver
from tests.gateway.conftest import NAMES, Door, OpenDoor
from tests.gateway.upstream import Upstream

Json = dict[str, Any]
GRANTS = ["letters:read", "letters:write", "reports:read"]
CONTACT = {"name": "Ni Luh Ayu", "email": "ayu@pu.klungkungkab.go.id"}


def sealing_key() -> str:
    """A key that the gateway may seal with."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def bearer(text: str) -> dict[str, str]:
    """Headers of whoever shows this."""
    return {"Authorization": f"Bearer {text}"}


def person(door: Door, *roles: str) -> dict[str, str]:
    """Headers of somebody whose account has these roles."""
    return bearer(door.gateway.context.issuer.issue(Subject(new_id(), "Wayan Sudira", (), roles)))


@dataclass
class Office:
    """The administrator's side of a gateway; ``unit_id`` and ``position_id`` are known to it."""

    door: Door
    admin: dict[str, str]
    unit_id: str
    position_id: str

    @classmethod
    async def set_up(cls, door: Door) -> "Office":
        """With an administrator, one unit and one position in it."""
        office = cls(door, person(door, "regency_admin"), new_id(), new_id())
        unit = UnitChanged(unit_id=office.unit_id, name="Dinas Pekerjaan Umum", kind="agency")
        await deliver(door.gateway.service, unit)
        await office.place(office.position_id)
        return office

    async def place(self, position_id: str, *, active: bool = True, seq: int = 1) -> None:
        """Tell the gateway of a position in the unit."""
        position = PositionChanged(
            position_id=position_id,
            title="Pengadministrasi Umum",
            unit_id=self.unit_id,
            unit_name="Dinas Pekerjaan Umum",
            unit_kind="agency",
            role="registrar",
            active=active,
        )
        await deliver(self.door.gateway.service, position, seq=seq)

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Json]:
        """Status and answer of the administrator's request."""
        async with self.door.http.request(method, path, json=body, headers={**self.admin, **headers}) as answer:
            return answer.status, await answer.json() if answer.content_length else {}

    async def client(self, **changes: Any) -> Json:
        """An app, registered."""
        words = {
            "name": f"SIPJALAN {secrets.token_hex(4)}",
            "unit_id": self.unit_id,
            "contact": CONTACT,
            "position_ids": [self.position_id],
            "grants": GRANTS,
            **changes,
        }
        status, client = await self.ask("POST", "/v1/clients", words)
        assert status == 201, client
        return client

    async def key(self, client: Json, **changes: Any) -> Json:
        """A key of the app."""
        status, key = await self.ask("POST", f"/v1/clients/{client['id']}/keys", {"label": "server", **changes})
        assert status == 201, key
        return key

    async def secret(self, client: Json, **changes: Any) -> Json:
        """A client secret of the app."""
        status, made = await self.ask("POST", f"/v1/clients/{client['id']}/secrets", {"label": "server", **changes})
        assert status == 201, made
        return made

    async def change(self, client: Json, **changes: Any) -> Json:
        """The app after a change."""
        status, changed = await self.ask("PATCH", f"/v1/clients/{client['id']}", changes)
        assert status == 200, changed
        return changed

    async def visit(self, shown: str, path: str = "/v1/register", method: str = "GET") -> tuple[int, Json]:
        """Status and answer for whoever shows ``shown``."""
        async with self.door.http.request(method, path, headers=bearer(shown)) as answer:
            return answer.status, await answer.json()

    async def token(self, client: Json, secret: str, **fields: str) -> tuple[int, Json]:
        """Status and answer of the app's asking for a token."""
        form = {
            "grant_type": "client_credentials",
            "client_id": client["id"],
            "client_secret": secret,
            **fields,
        }
        async with self.door.http.post("/v1/auth/client-token", data=form) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def office(open_door: OpenDoor, upstream: Upstream) -> AsyncIterator[Office]:
    """A gateway with an administrator, before the recording upstream."""
    async with open_door(**dict.fromkeys(NAMES, upstream.url), sealing_key=sealing_key()) as door:
        yield await Office.set_up(door)
