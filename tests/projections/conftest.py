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
from services.projections import letter_access, letter_branches, organisation
from services.projections.letter_access import LetterAccess
from services.projections.letter_branches import LetterBranches
from services.projections.organisation import Organisation
from tests.conftest import SettingsFor

Deliver: TypeAlias = Callable[[Envelope], Awaitable[Outcome]]


@pytest.fixture
async def foundation(settings_for: SettingsFor) -> AsyncIterator[Foundation]:
    """A foundation with the projections' indexes."""
    laid = Foundation.lay(settings_for(Settings, "projections"))
    await ensure_indexes(laid.database, organisation.INDEXES | letter_access.INDEXES | letter_branches.INDEXES)
    yield laid
    await laid.database.client.drop_database(laid.database.name)
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


@pytest.fixture
def deliver(foundation: Foundation, known: Organisation, access: LetterAccess, branches: LetterBranches) -> Deliver:
    """Hand an envelope to the projections' handlers, as the consumer would."""
    subscriptions = (*known.subscriptions(), *access.subscriptions(), *branches.subscriptions())
    return Dispatcher("projections", subscriptions, foundation.uow).dispatch
