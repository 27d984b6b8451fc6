"""The demo regency as data. Invariant: ids are derived from names, so seeding again finds what it made before.

People are invented; the places are Klungkung's, because the story it tells (a village across the strait, a boat away
from every office) is theirs.
"""

from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5


def demo_id(*path: str) -> str:
    """The fixed id of a thing of the demo."""
    return str(uuid5(NAMESPACE_URL, "lontar-demo/" + "/".join(path)))


@dataclass(frozen=True)
class Unit:
    """A unit, with its parent's key."""

    key: str
    name: str
    kind: str
    parent: str | None = None

    @property
    def id(self) -> str:
        """Its fixed id."""
        return demo_id("unit", self.key)


@dataclass(frozen=True)
class Seat:
    """A position with the person who holds it; ``username`` is their account."""

    username: str
    person: str
    title: str
    unit: str
    role: str
    superior: str | None = None
    capacity: str = "definitive"
    legal_basis: str | None = None

    @property
    def position_id(self) -> str:
        """The position's fixed id."""
        return demo_id("position", self.username)

    @property
    def person_id(self) -> str:
        """The person's fixed id."""
        return demo_id("person", self.username)

    @property
    def assignment_id(self) -> str:
        """The assignment's fixed id."""
        return demo_id("assignment", self.username)


UNITS = (
    Unit("pimpinan", "Bupati Klungkung", "leadership"),
    Unit("setda", "Sekretariat Daerah", "secretariat", "pimpinan"),
    Unit("dinas-pu", "Dinas Pekerjaan Umum", "agency", "setda"),
    Unit("bina-marga", "Bidang Bina Marga", "subdivision", "dinas-pu"),
    Unit("dinkes", "Dinas Kesehatan", "agency", "setda"),
    Unit("nusa-penida", "Kecamatan Nusa Penida", "district", "setda"),
    Unit("sekartaji", "Desa Sekartaji", "village", "nusa-penida"),
    Unit("batununggul", "Desa Batununggul", "village", "nusa-penida"),
)

SEATS = (
    Seat("bupati", "I Nyoman Arta", "Bupati Klungkung", "pimpinan", "leader"),
    Seat("sespri", "Ni Luh Sari", "Sekretaris Pribadi Bupati", "pimpinan", "personal_secretary", "bupati"),
    Seat("ajudan", "I Gede Bagus", "Ajudan Bupati", "pimpinan", "aide", "bupati"),
    Seat("sekda", "I Made Wira", "Sekretaris Daerah", "setda", "head", "bupati"),
    Seat(
        "kadis.pu",
        "Ni Made Ratih",
        "Kepala Dinas Pekerjaan Umum",
        "dinas-pu",
        "head",
        "sekda",
        capacity="plt",
        legal_basis="SK Bupati 821/45/2026 tanggal 2 Januari 2026",
    ),
    Seat("tu.pu", "I Wayan Puja", "Agendaris Dinas Pekerjaan Umum", "dinas-pu", "registrar", "kadis.pu"),
    Seat("sekdis.pu", "I Komang Yasa", "Sekretaris Dinas Pekerjaan Umum", "dinas-pu", "secretary", "kadis.pu"),
    Seat("kabid.bm", "I Ketut Darma", "Kepala Bidang Bina Marga", "bina-marga", "head", "kadis.pu"),
    Seat("kadis.kes", "Ni Putu Ayu", "Kepala Dinas Kesehatan", "dinkes", "head", "sekda"),
    Seat("camat.np", "I Wayan Suka", "Camat Nusa Penida", "nusa-penida", "head", "sekda"),
    Seat("desa.sekartaji", "Ni Kadek Rai", "Operator Desa Sekartaji", "sekartaji", "village_operator", "camat.np"),
    Seat("desa.batununggul", "I Putu Eka", "Operator Desa Batununggul", "batununggul", "village_operator", "camat.np"),
)


def unit_id(key: str) -> str:
    """The fixed id of a unit."""
    return demo_id("unit", key)


def seat(username: str) -> Seat:
    """The seat of an account."""
    return next(one for one in SEATS if one.username == username)
