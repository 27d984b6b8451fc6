"""The two villages, and the words their letters are known by. Invariant: no word is in both, or anywhere else."""

from dataclasses import dataclass

from deploy.demo.client import Json
from deploy.demo.organisation import Seat, seat, unit_id


@dataclass(frozen=True)
class Village:
    """A village's operator, its unit and its words."""

    username: str
    unit: str
    subject: str
    secret: str
    scan: str
    said: str
    """What is said about its letters in the course of the work: instructions, answers, reasons, notes."""
    file: str
    sender: str
    number: str
    hour: int
    """When its occasions begin, so that they never meet another village's."""

    @property
    def words(self) -> tuple[str, ...]:
        """All of them."""
        return (self.subject, self.secret, self.scan, self.said, self.file, self.sender, self.number)

    @property
    def seat(self) -> Seat:
        """The operator's seat."""
        return seat(self.username)

    @property
    def unit_id(self) -> str:
        """The unit."""
        return unit_id(self.unit)

    @property
    def party(self) -> Json:
        """The village as an addressee."""
        return {"kind": "unit", "id": self.unit_id}


SEKARTAJI = Village(
    username="desa.sekartaji",
    unit="sekartaji",
    subject="krisantemum",
    secret="obeliskus",
    scan="zirkonium",
    said="flamboyan",
    file="bugenvil",
    sender="hortensia",
    number="krz",
    hour=2,
)
BATUNUNGGUL = Village(
    username="desa.batununggul",
    unit="batununggul",
    subject="palmarosa",
    secret="monolitika",
    scan="gelatinasi",
    said="cempakawilis",
    file="melatigambir",
    sender="sedapmalam",
    number="pqx",
    hour=5,
)
