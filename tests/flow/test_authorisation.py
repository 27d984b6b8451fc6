"""Every operation of the public API, asked by everybody there is: who may, who may not, to whom nothing is there (K6).

The table says it by rule, for each role in the offices that a village's letters pass and in others; an operation that
no rule speaks of fails. Those who are refused here say the very same as those who are not.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.flow.cast import Cast
from tests.flow.isolation.both import Both
from tests.flow.isolation.deed import Deed
from tests.flow.isolation.deeds import DEEDS
from tests.flow.isolation.expected import ADMINISTRATION
from tests.flow.isolation.village import SEKARTAJI
from tests.flow.isolation.world import World
from tests.flow.rights.asked import FINAL, at_the_gateway, by_itself, deed_of, elsewhere, question
from tests.flow.rights.company import Company, assemble
from tests.flow.rights.rules import ACTS, AT_THE_GATEWAY, BY_ITSELF, IN, KEEPERS, READS, Rule
from tests.flow.rights.walking import AUTHORISED_ONLY, Cell, ask_everybody
from tests.house import House

pytestmark = [pytest.mark.flow, pytest.mark.slow, pytest.mark.timeout(480)]
COSTLY = frozenset(
    {
        "print_receipt",
        "print_book",
        "print_dispatches",
        "print_disposition_sheet",
        "print_separator_sheets",
        "export_book",
        "export_dispatches",
        "export_classifications",
        "figure_report",
        "export_organisation",
        "stream_notifications",
    }
)
"""Answers that are typeset, or made into a workbook, or have no end."""
CHANGES = ADMINISTRATION - set(AT_THE_GATEWAY)
"""Of the regency's own, in the services."""
STREAMS = frozenset({"stream_notifications"})


@pytest.fixture(scope="module")
async def company(house: House, cast: Cast, both: Both) -> AsyncIterator[Company]:
    """Everybody, after the villages' letters have gone their ways."""
    people = await assemble(house, cast)
    yield people
    await people.admin.close()


@pytest.fixture(scope="module")
def world(both: Both) -> World:
    """The village whose things are asked for."""
    return both.worlds[SEKARTAJI]


def told(wrong: list[list[Cell]]) -> str:
    """What to read where the table does not hold."""
    return "\n".join(str(one) for cells in wrong for one in cells)


def harmless(cell: Cell) -> bool:
    """Whether the administrator was let in, and nothing came of it."""
    return cell.answer.status in {404, *AUTHORISED_ONLY}


class TestTheTable:
    async def test_K6_every_operation_has_exactly_one_rule_and_every_rule_an_operation(self, both: Both) -> None:
        tables = [
            {row.partition("#")[0] for row in READS},
            set(ACTS),
            set(BY_ITSELF),
            set(AT_THE_GATEWAY),
            set(CHANGES),
        ]
        ruled = [name for table in tables for name in table]
        assert len(ruled) == len(set(ruled)), "an operation has two rules"
        assert set(both.operations) - set(ruled) == set(), "operations nobody has said who may use"
        assert set(ruled) - set(both.operations) == set(), "rules of operations there are not"
        assert {deed.operation for deed in DEEDS} == set(ACTS)


class TestReading:
    async def test_K6_everybody_sees_what_the_table_says_and_nothing_else(
        self, company: Company, both: Both, world: World
    ) -> None:
        async def walk(row: str, rule: Rule) -> list[Cell]:
            operation = both.operations[row.partition("#")[0]]
            request = question(row, operation, world)
            at_most = 1 if operation.id in COSTLY else None
            cells = await ask_everybody(company, row, rule, request, at_most=at_most)
            return [one for one in cells if not one.holds(rule, writing=False)]

        rows = {row: rule for row, rule in READS.items() if row not in STREAMS}
        assert told(await asyncio.gather(*(walk(row, rule) for row, rule in rows.items()))) == ""


class TestActing:
    async def test_K6_whoever_may_not_is_refused_with_the_same_words_as_whoever_may(
        self, company: Company, both: Both, world: World
    ) -> None:
        async def walk(deed: Deed) -> list[Cell]:
            rule = ACTS[deed.operation]
            cells = await ask_everybody(company, deed.operation, rule, deed_of(both, deed, world), at_most=0)
            return [one for one in cells if not one.holds(rule, writing=True)]

        assert told(await asyncio.gather(*(walk(deed) for deed in DEEDS))) == ""

    async def test_K6_the_regencys_own_is_changed_by_its_administrator_alone(
        self, company: Company, both: Both, world: World
    ) -> None:
        async def walk(name: str) -> list[Cell]:
            cells = await ask_everybody(company, name, KEEPERS, elsewhere(both.operations[name]))
            return [one for one in cells if not (harmless(one) if one.expected == IN else one.holds(KEEPERS))]

        assert told(await asyncio.gather(*(walk(name) for name in sorted(CHANGES)))) == ""

    async def test_K6_what_has_a_request_of_its_own_is_open_to_whom_the_table_says(
        self, company: Company, both: Both, world: World
    ) -> None:
        async def walk(name: str, rule: Rule) -> list[Cell]:
            at_most = 0 if name in FINAL else None
            cells = await ask_everybody(company, name, rule, by_itself(both.operations[name], world), at_most=at_most)
            return [one for one in cells if not one.holds(rule, writing=True)]

        assert told(await asyncio.gather(*(walk(name, rule) for name, rule in BY_ITSELF.items()))) == ""

    async def test_K6_what_the_gateway_answers_itself_is_for_whom_the_table_says(
        self, company: Company, both: Both
    ) -> None:
        async def walk(name: str, rule: Rule) -> list[Cell]:
            operation = both.operations[name]
            at_most = 0 if name in FINAL else None
            cells = await ask_everybody(company, name, rule, at_the_gateway(operation), at_most=at_most)
            writing, nowhere = operation.method != "GET", bool(operation.named)
            return [one for one in cells if not one.holds(rule, writing=writing, nowhere=nowhere)]

        assert told(await asyncio.gather(*(walk(name, rule) for name, rule in AT_THE_GATEWAY.items()))) == ""
