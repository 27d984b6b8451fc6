"""People, positions and an invitation to test schedule with."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp

from services.chassis.auth import HeldPosition, Principal
from services.chassis.bus.outcome import Done
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.service import Service
from services.contracts.disposition import DispositionIssued, Effect, Instruction, Recipient, RecipientAdded
from services.contracts.routing import LetterDelivered
from services.contracts.vocabulary import Access, Confidentiality, Occasion, Party
from tests.events import deliver
from tests.people import actor, held, position_changed, principal
from tests.signing import TokenSigner

Json = dict[str, Any]
NINE = datetime(2026, 11, 3, 1, tzinfo=UTC)
"""Nine in the morning in Klungkung."""

INSTRUCTIONS: dict[Effect, Instruction] = {
    "schedule_request": Instruction(code="jadwalkan", label="Jadwalkan / agendakan", effect="schedule_request"),
    "agenda_and_report": Instruction(code="wakili", label="Wakili dan laporkan", effect="agenda_and_report"),
    "agenda": Instruction(code="hadir_bersama", label="Dampingi", effect="agenda"),
    "completion": Instruction(code="tindaklanjuti", label="Tindak lanjuti", effect="completion"),
}


def hours(start: float, length: float = 2) -> Json:
    """Times from ``start`` hours after nine, as a request names them."""
    begins = NINE + timedelta(hours=start)
    return {"starts_at": begins.isoformat(), "ends_at": (begins + timedelta(hours=length)).isoformat()}


class Court:
    """The bupati with personal secretary, agenda staff and aide; the sekda under them; a head of an agency who asks."""

    def __init__(self, service: Service, http: aiohttp.ClientSession, signer: TokenSigner) -> None:
        self.service, self.http, self.signer = service, http, signer
        self.unit_id = new_id()
        self.leader = self._post("leader", "Bupati Klungkung")
        self.secretary = self._post("personal_secretary", "Sekretaris Pribadi Bupati")
        self.agenda = self._post("agenda_staff", "Staf Agenda")
        self.aide = self._post("aide", "Ajudan Bupati")
        self.deputy = held("head", title="Wakil Bupati Klungkung", unit_name="Wakil Bupati")
        self.sekda = held("head", title="Sekretaris Daerah", unit_name="Sekretariat Daerah")
        self.head = held("head", title="Kepala Dinas PU")
        self.outsider = held("head", title="Kepala Dinas Pendidikan", unit_name="Dinas Pendidikan")
        self.letter = self.a_letter()

    def _post(self, role: str, title: str) -> HeldPosition:
        return held(role, unit_id=self.unit_id, title=title, unit_name="Bupati Klungkung")

    async def furnish(self) -> None:
        """Tell the service of the organisation and the letter."""
        top = self.leader.position_id
        await self.tell(position_changed(self.leader, unit_kind="leadership"))
        await self.tell(position_changed(self.deputy, unit_kind="leadership"))
        for one in (self.secretary, self.agenda, self.aide):
            await self.tell(position_changed(one, top, unit_kind="leadership"))
        await self.tell(position_changed(self.sekda, top, unit_kind="secretariat"))
        await self.tell(position_changed(self.head, self.sekda.position_id, top))
        await self.tell(position_changed(self.outsider))
        await self.tell(self.letter)

    async def tell(self, event: Any, seq: int = 1) -> None:
        """Deliver an event, which must be taken."""
        assert await deliver(self.service, event, seq) == Done()

    def a_letter(self, confidentiality: Confidentiality = "ordinary", **changes: Any) -> LetterDelivered:
        """An invitation to the bupati, which also Dinas PU has."""
        occasion = Occasion(
            title="Peresmian Embung", place="Desa Sekartaji", starts_at=NINE, ends_at=NINE.replace(hour=4)
        )
        fields: Json = {
            "letter_id": new_id(),
            "agenda_number": 1,
            "year": 2026,
            "tracking_code": "SKTJ-0002",
            "subject": "Undangan peresmian embung",
            "kind": "Surat Undangan",
            "category": "invitation",
            "urgency": "normal",
            "sender": Party(kind="external", name="Desa Sekartaji"),
            "occasion": occasion,
            "branches": (),
            "access": Access(confidentiality=confidentiality, units=(self.unit_id, self.head.unit_id)),
            "access_version": 1,
            "registered_at": now(),
            "delivered_at": now(),
        }
        return LetterDelivered(**(fields | changes))

    def disposition(
        self,
        issuer: HeldPosition,
        effect: Effect = "schedule_request",
        letter_id: str | None = None,
        to: HeldPosition | None = None,
    ) -> DispositionIssued:
        """What ``issuer`` instructed the personal secretary, or ``to``, about the letter."""
        return DispositionIssued(
            disposition_id=new_id(),
            letter_id=letter_id or self.letter.letter_id,
            letter_subject=self.letter.subject,
            issuer=actor(principal(issuer), issuer),
            recipients=(self.instructed(to or self.secretary, effect),),
            issued_at=now(),
        )

    def added(
        self, given: DispositionIssued, issuer: HeldPosition, effect: Effect, to: HeldPosition | None = None
    ) -> RecipientAdded:
        """Another recipient of what was given."""
        return RecipientAdded(
            disposition_id=given.disposition_id,
            letter_id=given.letter_id,
            letter_subject=given.letter_subject,
            recipients=(self.instructed(to or self.secretary, effect),),
            actor=actor(principal(issuer), issuer),
            at=now(),
        )

    def instructed(self, to: HeldPosition, effect: Effect) -> Recipient:
        """A recipient with one instruction."""
        return Recipient(
            recipient_id=new_id(),
            position_id=to.position_id,
            position_title=to.title,
            unit_id=to.unit_id,
            unit_name=to.unit_name,
            responsible=True,
            instructions=(INSTRUCTIONS[effect],),
        )

    async def get(self, who: HeldPosition | Principal, path: str, **query: str) -> tuple[int, Json]:
        """The status and the answer."""
        url = f"{path}?{urlencode(query)}" if query else path
        async with self.http.get(url, headers=self._headers(who)) as response:
            return response.status, await response.json()

    async def post(
        self, who: HeldPosition | Principal, path: str, body: Json | None = None, key: str | None = None, **claims: Any
    ) -> tuple[int, Json]:
        """The status and the answer."""
        headers = self._headers(who, **claims) | ({"Idempotency-Key": key} if key else {})
        async with self.http.post(path, json=body, headers=headers) as response:
            return response.status, await response.json()

    def wish(self, start: float = 0, length: float = 2, **more: Any) -> Json:
        """A request for the bupati's time."""
        return {
            "leader_position_id": self.leader.position_id,
            "type": "audience",
            "title": "Audiensi alat berat",
            **hours(start, length),
            **more,
        }

    async def submitted(self, start: float = 0, length: float = 2, **more: Any) -> Json:
        """A request of the agency's head, which must be taken."""
        status, answer = await self.post(self.head, "/v1/schedule/requests", self.wish(start, length, **more))
        assert status == 201, answer
        return answer

    async def approve(
        self, request: Json, who: HeldPosition | Principal | None = None, key: str | None = None, **order: Any
    ) -> tuple[int, Json]:
        """Approve as the personal secretary, or as somebody else."""
        return await self.post(
            who or self.secretary, f"/v1/schedule/requests/{request['id']}/approve", order or None, key
        )

    async def booked(self, start: float = 0, length: float = 2, **more: Any) -> Json:
        """An event in the bupati's calendar."""
        status, answer = await self.approve(await self.submitted(start, length, **more))
        assert status == 201, answer
        event: Json = answer["event"]
        return event

    async def calendar(self, who: HeldPosition, start: float = -24, length: float = 72) -> tuple[int, Json]:
        """The bupati's calendar."""
        when = hours(start, length)
        return await self.get(
            who,
            "/v1/schedule/events",
            leader=self.leader.position_id,
            start=when["starts_at"],
            end=when["ends_at"],
        )

    def _headers(self, who: HeldPosition | Principal, **claims: Any) -> dict[str, str]:
        person = who if isinstance(who, Principal) else principal(who, name=f"Pemegang {who.title}")
        return self.signer.headers(person, **claims)
