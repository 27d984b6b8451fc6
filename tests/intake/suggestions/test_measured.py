"""How right suggestions are on letters no rule was written on, recognised by Tesseract; see ``docs/suggestions.md``.

The floors lie a little below what was measured, so that a change that makes a field worse is seen.
"""

import pytest

from tests.intake.suggestions.corpus.kept import KEPT, read
from tests.intake.suggestions.corpus.make import SETS, carried_samples
from tests.intake.suggestions.measuring import Report, measured

FLOORS: dict[str, dict[str, tuple[float, float]]] = {
    "known": {
        "letter_number": (0.95, 0.95),
        "letter_date": (0.97, 0.97),
        "sender": (0.98, 0.98),
        "subject": (0.94, 0.93),
        "kind": (0.98, 0.97),
        "urgency": (0.97, 0.88),
        "confidentiality": (0.97, 0.85),
        "addressees": (0.98, 0.95),
        "occasion_place": (0.96, 0.9),
        "occasion_starts_at": (0.96, 0.9),
        "occasion_ends_at": (0.96, 0.8),
    },
    "unseen": {
        "letter_number": (0.93, 0.91),
        "letter_date": (0.98, 0.94),
        "sender": (0.95, 0.94),
        "subject": (0.97, 0.95),
        "kind": (0.98, 0.96),
        "urgency": (0.97, 0.97),
        "confidentiality": (0.97, 0.97),
        "addressees": (0.98, 0.95),
        "occasion_place": (0.95, 0.9),
        "occasion_starts_at": (0.97, 0.93),
        "occasion_ends_at": (0.97, 0.97),
    },
    "fresh": {
        "letter_number": (0.98, 0.98),
        "letter_date": (0.98, 0.95),
        "sender": (0.88, 0.88),
        "subject": (0.86, 0.7),
        "kind": (0.98, 0.8),
        "addressees": (0.98, 0.82),
        "occasion_place": (0.95, 0.95),
        "occasion_starts_at": (0.95, 0.95),
    },
}
"""By set and field: precision and recall. Of ``fresh`` there are 30 letters: rarer fields say nothing there."""
CARRIED = {"known": 0.96, "unseen": 0.92, "fresh": 0.91}
"""By set: the precision and recall of any field where letters carry their text, so that nothing is misread."""


@pytest.fixture(scope="module", params=sorted(FLOORS))
def figures(request: pytest.FixtureRequest) -> tuple[str, Report]:
    """A set's figures."""
    return request.param, measured(read(KEPT / f"{request.param}.jsonl.gz"))


class TestKeptLetters:
    def test_every_field_is_at_least_as_right_as_it_was(self, figures: tuple[str, Report]) -> None:
        name, report = figures
        short = {
            field: (round(found.precision, 3), round(found.recall, 3), floor)
            for field, floor in FLOORS[name].items()
            for found in [report.fields[field]]
            if found.precision < floor[0] or found.recall < floor[1]
        }
        assert short == {}

    def test_confident_suggestions_are_nearly_always_right(self, figures: tuple[str, Report]) -> None:
        _, report = figures
        sure = report.of_confidence(0.9, 1.0)
        assert sure.precision >= 0.97
        assert sure.made > 100

    def test_every_field_is_asked_for_often_enough_to_tell(self, figures: tuple[str, Report]) -> None:
        name, report = figures
        assert {field for field in FLOORS[name] if report.fields[field].wanted < 8} == set()


class TestLettersThatCarryTheirText:
    @pytest.mark.parametrize("name", sorted(CARRIED))
    def test_nothing_but_the_layout_is_in_the_way(self, name: str) -> None:
        report = measured(carried_samples(SETS[name], 60))
        short = {
            field: (round(found.precision, 3), round(found.recall, 3))
            for field, found in report.fields.items()
            if min(found.precision, found.recall) < CARRIED[name]
        }
        assert short == {}
