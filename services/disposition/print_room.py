"""What printing and verifying sheets are given. Invariant: made once, at the composition root."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from services.chassis.limits import EXPIRY, Limits
from services.chassis.mongo import Database, IndexModel
from services.chassis.paper import Paper
from services.disposition.sheet_settings import SheetSettings
from services.disposition.store.letter_particulars import LetterParticulars
from services.disposition.store.seals import Seals
from services.disposition.store.sheet_forms import SheetForms

TEMPLATES = Path(__file__).parent / "templates" / "print"
ATTEMPTS = "public_attempts"
INDEXES: dict[str, Sequence[IndexModel]] = {
    **LetterParticulars.INDEXES,
    **Seals.INDEXES,
    **SheetForms.INDEXES,
    ATTEMPTS: [EXPIRY],
}
PAGE = "/verifikasi"


@dataclass(frozen=True)
class PrintRoom:
    """Form, seals, the letters' own particulars, the printer, and how often strangers may ask."""

    regency: str
    address: str
    forms: SheetForms
    seals: Seals
    particulars: LetterParticulars
    clients: Limits
    paper: Paper

    @classmethod
    def lay(cls, settings: SheetSettings, database: Database) -> "PrintRoom":
        """Build it on disposition's database."""
        return cls(
            regency=settings.regency_name,
            address=settings.public_url.rstrip("/") + PAGE,
            forms=SheetForms(database),
            seals=Seals(database),
            particulars=LetterParticulars(database),
            clients=Limits(database, ATTEMPTS, settings.public_tries_per_client),
            paper=Paper(TEMPLATES),
        )
