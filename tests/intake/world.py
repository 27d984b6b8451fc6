"""A village and an agency, an intake that knows both, and what a test asks of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from services.chassis.auth import Principal
from services.chassis.service import Service
from services.chassis.storage import ObjectStorage
from services.intake.context import Context
from tests.events import deliver, published
from tests.intake import scans
from tests.people import held, position_changed, principal, unit_changed
from tests.signing import TokenSigner

STATE = ("letters", "letter_access", "agenda_counters", "outbox", "idempotency_keys")
File = tuple[str, bytes]


@dataclass
class Answer:
    """A response, read."""

    status: int
    headers: Any
    body: Any

    @property
    def code(self) -> str:
        """The problem's code; only of a well-formed problem document."""
        assert self.headers["Content-Type"] == "application/problem+json", self.body
        assert self.body["status"] == self.status
        assert self.body["type"] == f"urn:lontar:problem:{self.body['code']}"
        assert self.body["detail"]
        text = json.dumps(self.body)
        assert "Traceback" not in text
        assert "services/" not in text
        return str(self.body["code"])


class World:
    """The service behind HTTP with the people who use it."""

    def __init__(self, service: Service, http: aiohttp.ClientSession, signer: TokenSigner) -> None:
        self.service = service
        self.http = http
        self.signer = signer
        self.context: Context = service.app.state.context
        self.storage: ObjectStorage = self.context.storage
        self.village = held("village_operator", unit_name="Desa Sekartaji", title="Operator Desa Sekartaji")
        self.agency = held("head")
        self.clerk = held("staff", unit_id=self.agency.unit_id, title="Staf Dinas PU")
        self.neighbour = held("village_operator", unit_name="Desa Batumadeg", title="Operator Desa Batumadeg")
        self.operator = principal(self.village, name="Ni Luh Sari")
        self.head = principal(self.agency)
        self._keys_before: set[str] = set()

    async def furnish(self) -> None:
        """Tell the service of the organisation."""
        for position, kind in ((self.village, "village"), (self.agency, "agency"), (self.neighbour, "village")):
            await deliver(self.service, unit_changed(position.unit_id, position.unit_name, kind))
            await deliver(self.service, position_changed(position, unit_kind=kind))
        await deliver(self.service, position_changed(self.clerk))
        self._keys_before = await self.all_keys()

    def letter(self, **changes: Any) -> dict[str, Any]:
        """A letter from the village to the agency; a change to None leaves the field out."""
        said = {
            "direction": "incoming",
            "kind": "Surat Dinas",
            "category": "request",
            "urgency": "urgent",
            "confidentiality": "ordinary",
            "subject": "Permohonan peminjaman alat berat",
            "addressees": [{"kind": "unit", "id": self.agency.unit_id}],
        } | changes
        return {name: value for name, value in said.items() if value is not None}

    def headers(self, person: Principal | None = None, key: str | None = None, **claims: Any) -> dict[str, str]:
        """Authorization, and an idempotency key where given."""
        made = self.signer.headers(person or self.operator, **claims)
        return made | ({"Idempotency-Key": key} if key else {})

    async def register(
        self,
        letter: Any = None,
        files: Sequence[File] | None = None,
        *,
        person: Principal | None = None,
        key: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """POST /v1/letters."""
        form = aiohttp.FormData(default_to_multipart=True)
        if letter is not False:
            said = self.letter() if letter is None else letter
            form.add_field("letter", aiohttp.BytesPayload(_json(said), content_type="application/json"))
        for name, content in [("surat.pdf", SMALL_PDF)] if files is None else files:
            form.add_field("files", content, filename=name, content_type="application/pdf")
        return await self.send(form, self.headers(person, key) if headers is None else headers)

    async def send(self, body: Any, headers: dict[str, str]) -> Answer:
        """POST /v1/letters with any body."""
        async with self.http.post("/v1/letters", data=body, headers=headers) as response:
            return Answer(response.status, response.headers, await response.json(content_type=None))

    async def registered(self, **rest: Any) -> dict[str, Any]:
        """Register, expecting success; the answer."""
        answer = await self.register(**rest)
        assert answer.status == 201, answer.body
        body: dict[str, Any] = answer.body
        return body

    async def get(self, path: str, person: Principal | None = None, **headers: str) -> Answer:
        """GET a JSON resource."""
        async with self.http.get(path, headers=self.headers(person) | headers) as response:
            return Answer(response.status, response.headers, await response.json(content_type=None))

    async def act(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        person: Principal | None = None,
        key: str | None = None,
        seen: int | None = None,
        **claims: Any,
    ) -> Answer:
        """Any request with a JSON body; ``seen`` is the version the client has seen."""
        headers = self.headers(person, key, **claims) | ({} if seen is None else {"If-Match": f'"{seen}"'})
        async with self.http.request(method, path, json=body, headers=headers) as response:
            return Answer(response.status, response.headers, await response.json(content_type=None))

    async def download(self, path: str, person: Principal | None = None, **headers: str) -> Answer:
        """GET bytes."""
        sent = self.headers(person) | {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.get(path, headers=sent) as response:
            return Answer(response.status, response.headers, await response.read())

    async def all_keys(self) -> set[str]:
        """Every key in the bucket."""
        return {stored.key async for stored in self.storage.keys("letters/")}

    async def new_keys(self) -> set[str]:
        """Keys put since the test began."""
        return await self.all_keys() - self._keys_before

    async def rows(self, collection: str) -> list[dict[str, Any]]:
        """A collection, whole."""
        return await self.service.foundation.database[collection].find({}).to_list(None)

    async def assert_nothing_left(self) -> None:
        """No scan, no row and no event of a refused registration."""
        assert await self.new_keys() == set()
        assert {name: await self.rows(name) for name in STATE} == {name: [] for name in STATE}
        assert await published(self.service) == []


def _json(said: Any) -> bytes:
    if isinstance(said, bytes):
        return said
    return (said if isinstance(said, str) else json.dumps(said)).encode()


SMALL_PDF = scans.pdf(1, pixels=(120, 160))
