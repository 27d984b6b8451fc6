"""A service that does nothing but keep a projection, on a real database."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeAlias

import pytest

from services.chassis.bus.consumer import Dispatcher
from services.chassis.bus.envelope import Envelope
from services.chassis.bus.outcome import Outcome
from services.chassis.mongo import Database, ensure_indexes
from services.chassis.service import Foundation
from services.chassis.settings import Settings
from services.projections import calendar, letter_access, letter_branches, officials, organisation
from services.projections.calendar import Calendar
from services.projections.letter_access import LetterAccess
from services.projections.letter_branches import LetterBranches
from services.projections.officials import Officials
from services.projections.organisation import Organisation
from services.projections.working_days import OfficeHours
from tests.conftest import SettingsFor
from tests.leaving import drop
from tests.projections.calendars import MAKASSAR

Deliver: TypeAlias = Callable[[Envelope], Awaitable[Outcome]]
PROJECTIONS = (organisation, letter_access, letter_branches, officials, calendar)


@pytest.fixture
async def foundation(settings_for: SettingsFor) -> AsyncIterator[Foundation]:
    """A foundation with the projections' indexes."""
    laid = Foundation.lay(settings_for(Settings, "projections"))
    indexes = {name: models for one in PROJECTIONS for name, models in one.INDEXES.items()}
    await ensure_indexes(laid.database, indexes)
    yield laid
    await drop(laid.database)
    laid.database.client.close()


@pytest.fixture
def database(foundation: Foundation) -> Database:
    """Its database."""
    return foundation.database


@pytest.fixture
def known(database: Database) -> Organisation:
    """The organisation as the service knows it."""
    return Organisation(database)


@pytest.fixture
def access(database: Database) -> LetterAccess:
    """Who may read which letter, as the service knows it."""
    return LetterAccess(database)


@pytest.fixture
def branches(database: Database) -> LetterBranches:
    """The ways each letter goes, as the service knows them."""
    return LetterBranches(database)


@pytest.fixture(name="officials")
def known_officials(database: Database) -> Officials:
    """Who holds which position and who is away, as the service knows it."""
    return Officials(database)


@pytest.fixture
def days(database: Database) -> Calendar:
    """The working calendar, as the service knows it."""
    return Calendar(database, OfficeHours(MAKASSAR))


@pytest.fixture
def deliver(
    foundation: Foundation,
    known: Organisation,
    access: LetterAccess,
    branches: LetterBranches,
    officials: Officials,
    days: Calendar,
) -> Deliver:
    """Hand an envelope to the projections' handlers, as the consumer would."""
    kept = (known, access, branches, officials, days)
    subscriptions = [row for one in kept for row in one.subscriptions()]
    return Dispatcher("projections", subscriptions, foundation.uow).dispatch
