"""Somebody of every role, in the offices a letter passes and in others. Invariant: each is named once, by where they
sit and what they are; whoever the demo has no seat for is given one of their own.
"""

import asyncio
from dataclasses import dataclass

from deploy.demo.client import Client, Json
from deploy.demo.organisation import demo_id, seat, unit_id
from deploy.demo.seed import demo_password
from tests.flow.cast import Cast
from tests.flow.offices import IN_FORCE_SINCE, holds
from tests.house import House

NOBODY, ADMIN = "nobody", "regency.admin"
UNITS = {"pariwisata": "agency", "wabup": "leadership", "inspektorat": "agency"}
"""Offices that no letter of the villages comes to, by key."""


@dataclass(frozen=True)
class Member:
    """A person: ``name`` is ``<where>.<what>``; ``roles`` are the account's own, beside those of the position."""

    name: str
    username: str
    role: str | None = None
    unit: str | None = None
    superior: str | None = None
    roles: tuple[str, ...] = ()

    @property
    def person_id(self) -> str:
        """Whose account it is."""
        return demo_id("person", self.username)

    @property
    def position_id(self) -> str:
        """What they hold."""
        return demo_id("position", self.username)


SEATED = (
    Member("sending.village_operator", "desa.sekartaji", "village_operator"),
    Member("elsewhere.village_operator", "desa.batununggul", "village_operator"),
    Member("district.head", "camat.np", "head"),
    Member("here.head", "kadis.pu", "head"),
    Member("here.registrar", "tu.pu", "registrar"),
    Member("here.secretary", "sekdis.pu", "secretary"),
    Member("below.head", "kabid.bm", "head"),
    Member("beside.head", "kadis.kes", "head"),
    Member("above.head", "sekda", "head"),
    Member("regency.leader", "bupati", "leader"),
    Member("office.personal_secretary", "sespri", "personal_secretary"),
    Member("office.aide", "ajudan", "aide"),
)
"""Those of the demo. ``here`` is where the letters go, ``office`` is the leader's."""

JOINING = (
    Member("here.officer", "staf.pu", "officer", "dinas-pu", "tu.pu"),
    Member("here.archivist", "arsip.pu", "archivist", "dinas-pu", "tu.pu"),
    Member("here.unit_admin", "admin.pu", "unit_admin", "dinas-pu", "tu.pu"),
    Member("office.protocol", "protokol", "protocol", "pimpinan", "sespri"),
    Member("office.agenda_staff", "agenda", "agenda_staff", "pimpinan", "sespri"),
    Member("elsewhere.head", "kadis.par", "head", "pariwisata", "sekda"),
    Member("elsewhere.registrar", "tu.par", "registrar", "pariwisata", "kadis.par"),
    Member("elsewhere.secretary", "sekdis.par", "secretary", "pariwisata", "kadis.par"),
    Member("elsewhere.officer", "staf.par", "officer", "pariwisata", "kadis.par"),
    Member("elsewhere.archivist", "arsip.par", "archivist", "pariwisata", "kadis.par"),
    Member("elsewhere.unit_admin", "admin.par", "unit_admin", "pariwisata", "kadis.par"),
    Member("elsewhere.leader", "wabup", "leader", "wabup"),
    Member("elsewhere.personal_secretary", "sespri.wb", "personal_secretary", "wabup", "wabup"),
    Member("elsewhere.aide", "ajudan.wb", "aide", "wabup", "wabup"),
    Member("elsewhere.protocol", "protokol.wb", "protocol", "wabup", "wabup"),
    Member("elsewhere.agenda_staff", "agenda.wb", "agenda_staff", "wabup", "wabup"),
    Member("regency.auditor", "auditor", "auditor", "inspektorat", "bupati"),
    Member("account.auditor", "akun.auditor", roles=("auditor",)),
    Member("account.archivist", "akun.arsip", roles=("archivist",)),
    Member("account.unit_admin", "akun.admin", roles=("unit_admin",)),
)
"""Those who are given a seat here; the last have an account and no seat."""

ADMINISTRATOR = Member(ADMIN, "admin", roles=("regency_admin",))
EVERYBODY: dict[str, Member] = {one.name: one for one in (*SEATED, *JOINING, ADMINISTRATOR)}


@dataclass(frozen=True)
class Company:
    """All of them, signed in."""

    house: House
    cast: Cast
    admin: Client

    async def client(self, name: str) -> Client:
        """Their connection."""
        if name == ADMIN:
            return self.admin
        [client] = await self.cast(EVERYBODY[name].username)
        return client


async def assemble(house: House, cast: Cast) -> Company:
    """Seat those who have no seat yet; the caller closes the administrator's connection."""
    admin = await Client.open(house.stack.base_url, "admin")
    await admin.sign_in(house.stack.admin_password)
    if await admin.status_of(f"/v1/people/{JOINING[-1].person_id}") == 404:
        await _seat(house, admin)
    return Company(house, cast, admin)


async def _seat(house: House, admin: Client) -> None:
    for key, kind in UNITS.items():
        parent = None if kind == "leadership" else unit_id("setda")
        await admin.post("/v1/units", {"id": unit_id(key), "name": f"Unit {key}", "kind": kind, "parent_id": parent})
    for one in JOINING:
        await _join(admin, one, demo_password(house.stack.layout.root))
    await house.settled()
    await asyncio.gather(*(holds(house, one.username, one.position_id) for one in JOINING if one.role))


async def _join(admin: Client, one: Member, password: str) -> None:
    await admin.post("/v1/people", {"id": one.person_id, "name": f"Ni {one.username}"})
    if one.role and one.unit:
        about: Json = {"id": one.position_id, "title": f"Jabatan {one.username}", "role": one.role}
        superior = demo_id("position", one.superior) if one.superior else seat("bupati").position_id
        await admin.post("/v1/positions", {**about, "unit_id": unit_id(one.unit), "superior_id": superior})
        held = {"id": demo_id("assignment", one.username), "starts_on": IN_FORCE_SINCE}
        await admin.post("/v1/assignments", {**held, "person_id": one.person_id, "position_id": one.position_id})
    account = {"username": one.username, "name": f"Ni {one.username}", "person_id": one.person_id}
    await admin.post("/v1/accounts", {**account, "password": password, "roles": list(one.roles)})
