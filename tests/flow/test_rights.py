"""Whoever may do an act besides the one who does it in the walk of the isolation: a secretary as the head, an archivist
as the registrar. Invariant: after everything else that looks at these worlds, for here things are done.
"""

from collections.abc import AsyncIterator

import pytest

from tests.flow.cast import Cast
from tests.flow.isolation.asking import ask
from tests.flow.isolation.both import Both
from tests.flow.isolation.deed import Deed
from tests.flow.isolation.deeds import DEEDS
from tests.flow.isolation.expected import OWNER
from tests.flow.isolation.village import SEKARTAJI
from tests.flow.rights.asked import deed_of
from tests.flow.rights.company import EVERYBODY, Company, assemble
from tests.flow.rights.rules import ACTS, IN
from tests.flow.rights.walking import REFUSALS
from tests.house import House

pytestmark = [pytest.mark.flow, pytest.mark.slow, pytest.mark.timeout(480)]


@pytest.fixture(scope="module")
async def company(house: House, cast: Cast, both: Both) -> AsyncIterator[Company]:
    """Everybody, after the villages' letters have gone their ways."""
    people = await assemble(house, cast)
    yield people
    await people.admin.close()


def others(deed: Deed) -> list[str]:
    """Everybody who may do it, but the one who does it elsewhere."""
    doer = SEKARTAJI.username if deed.by == OWNER else deed.by
    rule = ACTS[deed.operation]
    return [name for name, one in EVERYBODY.items() if rule.expected(name) == IN and one.username != doer]


class TestWhoeverMay:
    async def test_K6_is_let_in_with_the_words_others_are_refused_with(self, company: Company, both: Both) -> None:
        wrong, tried = [], 0
        for deed in DEEDS:
            for name in others(deed):
                answer = await ask(await company.client(name), deed_of(both, deed, both.worlds[SEKARTAJI]))
                tried += 1
                if answer.status in REFUSALS or answer.status >= 500:
                    wrong.append(f"{deed.operation}: {name} got {answer.status} {answer.body}")
        assert wrong == []
        assert tried > len(DEEDS) / 2, "hardly anything was tried"
