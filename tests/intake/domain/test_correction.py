"""Corrections: what can be said, and what is told of it."""

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from services.contracts.intake import LetterCorrected
from services.contracts.vocabulary import Confidentiality
from services.intake.domain.correction import ALWAYS_FILLED, CORRECTABLE, CorrectionSaid, stricter

TOLD_BESIDE = {"letter_id", "changes", "reason", "corrected_by", "at"}


class TestCorrectionSaid:
    """What is handed in."""

    def test_what_can_be_corrected_is_what_is_told(self) -> None:
        assert frozenset(LetterCorrected.model_fields) - TOLD_BESIDE == CORRECTABLE

    @pytest.mark.parametrize("name", sorted(ALWAYS_FILLED))
    def test_what_a_letter_always_says_cannot_be_emptied(self, name: str) -> None:
        with pytest.raises(ValidationError, match=name):
            CorrectionSaid.model_validate({"reason": "Keliru", name: None})

    @pytest.mark.parametrize("name", sorted(CORRECTABLE - ALWAYS_FILLED))
    def test_the_others_can(self, name: str) -> None:
        assert CorrectionSaid.model_validate({"reason": "Keliru", name: None}).facts() == {name: None}

    @pytest.mark.parametrize("said", [{}, {"as_position": None}])
    def test_something_is_named(self, said: dict[str, Any]) -> None:
        with pytest.raises(ValidationError, match="nothing is named"):
            CorrectionSaid.model_validate({"reason": "Keliru", **said})


class TestStricter:
    """The more confidential of two."""

    def test_follows_the_published_order(self) -> None:
        levels: tuple[Confidentiality, ...] = get_args(Confidentiality)
        assert levels[0] == "top_secret"
        for at, level in enumerate(levels):
            for below in levels[at:]:
                assert stricter(level, below) == stricter(below, level) == level
