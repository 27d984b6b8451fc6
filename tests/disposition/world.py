"""People, positions and a letter to test disposition with."""

from typing import Any

import aiohttp
from multidict import CIMultiDictProxy

from services.chassis.auth import HeldPosition, Principal
from services.chassis.bus.outcome import Done
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.service import Service
from services.contracts.routing import Branch, LetterDelivered
from services.contracts.vocabulary import Access, Confidentiality, Party
from tests.events import deliver
from tests.people import held, position_changed, principal
from tests.signing import TokenSigner

Json = dict[str, Any]


class World:
    """Dinas PU: head, secretary, registrar, a division head with two officers. Beside it, another unit."""

    def __init__(self, service: Service, http: aiohttp.ClientSession, signer: TokenSigner) -> None:
        self.service = service
        self.http = http
        self.signer = signer
        self.unit_id = new_id()
        self.head = self._post("head", "Kepala Dinas PU")
        self.secretary = self._post("secretary", "Sekretaris Dinas PU")
        self.registrar = self._post("registrar", "Agendaris Dinas PU")
        self.division_head = self._post("officer", "Kepala Bidang Alat Berat")
        self.officers = [self._post("officer", f"Staf Alat Berat {number}") for number in (1, 2)]
        self.stranger = held("head", title="Kepala Dinas Pendidikan", unit_name="Dinas Pendidikan")
        self.letter = self.a_letter()

    def _post(self, role: str, title: str) -> HeldPosition:
        return held(role, unit_id=self.unit_id, title=title)

    async def furnish(self) -> None:
        """Tell the service of the organisation and the letter."""
        head, division_head = self.head.position_id, self.division_head.position_id
        below_head = [self.secretary, self.registrar, self.division_head]
        for position in (self.head, self.stranger):
            await self.tell(position_changed(position))
        for position in below_head:
            await self.tell(position_changed(position, head))
        for position in self.officers:
            await self.tell(position_changed(position, division_head, head))
        await self.tell(self.letter)

    async def tell(self, event: Any, seq: int = 1) -> None:
        """Deliver an event, which must be taken."""
        assert await deliver(self.service, event, seq) == Done()

    def a_letter(self, confidentiality: Confidentiality = "ordinary", **changes: Any) -> LetterDelivered:
        """A letter from a village, delivered to Dinas PU."""
        branch = Branch(
            branch_id=new_id(),
            role="addressee",
            unit_id=self.unit_id,
            unit_name="Dinas Pekerjaan Umum",
            holders=(self.head.position_id, self.registrar.position_id),
        )
        fields: Json = {
            "letter_id": new_id(),
            "agenda_number": 1,
            "year": 2026,
            "tracking_code": "SKTJ-0001",
            "subject": "Permohonan peminjaman alat berat",
            "kind": "Surat Permohonan",
            "category": "request",
            "urgency": "normal",
            "sender": Party(kind="external", name="Desa Sekartaji"),
            "branches": (branch,),
            "access": Access(confidentiality=confidentiality, units=(self.unit_id,)),
            "access_version": 1,
            "registered_at": now(),
            "delivered_at": now(),
        }
        return LetterDelivered(**(fields | changes))

    async def get(self, who: HeldPosition | Principal, path: str) -> tuple[int, Json]:
        """The status and the answer."""
        async with self.http.get(path, headers=self._headers(who)) as response:
            return response.status, await response.json()

    async def post(
        self, who: HeldPosition | Principal, path: str, body: Json | None = None, key: str | None = None, **claims: Any
    ) -> tuple[int, Json]:
        """The status and the answer."""
        headers = self._headers(who, **claims) | ({"Idempotency-Key": key} if key else {})
        async with self.http.post(path, json=body, headers=headers) as response:
            return response.status, await response.json()

    async def call(
        self,
        who: HeldPosition | Principal,
        method: str,
        path: str,
        body: Json | None = None,
        headers: dict[str, str] | None = None,
        **claims: Any,
    ) -> tuple[int, Json, CIMultiDictProxy[str]]:
        """The status, the answer and its headers."""
        sent = self._headers(who, **claims) | (headers or {})
        async with self.http.request(method, path, json=body, headers=sent) as response:
            return response.status, await response.json(), response.headers

    async def dispose(
        self, who: HeldPosition | Principal, *recipients: Json, key: str | None = None, **more: Any
    ) -> tuple[int, Json]:
        """Issue a disposition about the letter, or about ``letter_id``."""
        letter_id = more.pop("letter_id", self.letter.letter_id)
        return await self.post(
            who, f"/v1/letters/{letter_id}/dispositions", {"recipients": list(recipients), **more}, key
        )

    async def disposed(self, who: HeldPosition | Principal, *recipients: Json, **more: Any) -> Json:
        """The same, which must succeed."""
        status, answer = await self.dispose(who, *recipients, **more)
        assert status == 201, answer
        return answer

    async def act(
        self,
        who: HeldPosition | Principal,
        disposition: Json,
        what: str,
        body: Json | None = None,
        recipient: int = 0,
        key: str | None = None,
    ) -> tuple[int, Json]:
        """Act as the numbered recipient."""
        recipient_id = disposition["recipients"][recipient]["recipient_id"]
        return await self.post(who, f"/v1/dispositions/{disposition['id']}/recipients/{recipient_id}/{what}", body, key)

    def _headers(self, who: HeldPosition | Principal, **claims: Any) -> dict[str, str]:
        person = who if isinstance(who, Principal) else principal(who, name=f"Pemegang {who.title}")
        return self.signer.headers(person, **claims)


def to(position: HeldPosition, *codes: str, **more: Any) -> Json:
    """A recipient as the request names it."""
    return {"position_id": position.position_id, "instructions": list(codes or ("tindaklanjuti",)), **more}
