"""What the front desk (loket) is given, which answers the public and prints receipts. Invariant: made once, at the
composition root.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, cast
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from services.chassis.mongo import Database
from services.chassis.paper import Paper
from services.routing.office_settings import OfficeSettings
from services.routing.store.branches import Branches
from services.routing.store.check_words import CheckWords
from services.routing.store.letters import Letters
from services.routing.store.public_attempts import PublicAttempts
from services.routing.store.tracking_codes import TrackingCodes

STORES = (CheckWords, PublicAttempts)
"""Whose indexes have to be made."""
TEMPLATES = Path(__file__).parent / "templates" / "print"


@dataclass(frozen=True)
class FrontDesk:
    """Settings, the letters as far as the public may ask after them, and the printer."""

    settings: OfficeSettings
    zone: ZoneInfo
    letters: Letters
    branches: Branches
    codes: TrackingCodes
    check_words: CheckWords
    attempts: PublicAttempts
    paper: Paper

    @classmethod
    def lay(cls, settings: OfficeSettings, database: Database) -> "FrontDesk":
        """Build it on routing's database."""
        attempts = PublicAttempts(
            database,
            per_client=settings.public_tries_per_client,
            per_code=settings.public_tries_per_code,
            in_all=settings.public_tries_per_code_in_all,
        )
        return cls(
            settings=settings,
            zone=ZoneInfo(settings.timezone),
            letters=Letters(database),
            branches=Branches(database),
            codes=TrackingCodes(database),
            check_words=CheckWords(database),
            attempts=attempts,
            paper=Paper(TEMPLATES),
        )


async def front_desk(request: Request) -> FrontDesk:
    """FastAPI dependency: the front desk of the service's context."""
    return cast(FrontDesk, request.app.state.context.front_desk)


Desk = Annotated[FrontDesk, Depends(front_desk)]
