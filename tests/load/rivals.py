"""Other ways of learning where letters go, over the very vectors the system uses, to choose between them by figures."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import ComplementNB, MultinomialNB

from services.routing.domain.fitting import Example, Guess
from services.routing.domain.learning import Learned, vector
from services.routing.domain.mention import Mention

RIVALS: dict[str, Any] = {
    "complement naive Bayes": ComplementNB(alpha=0.3),
    "multinomial naive Bayes": MultinomialNB(alpha=0.1),
    "multinomial logistic, L2": LogisticRegression(C=5, max_iter=300),
    "logistic for each place, L2": OneVsRestClassifier(LogisticRegression(C=3, solver="liblinear")),
}


class Rival:
    """One of them, taught with a row for each place a letter went to."""

    def __init__(self, name: str, learned: Learned) -> None:
        self._model = RIVALS[name]
        self._learned = learned
        self._places = [one.mention for one in learned.places]

    def teach(self, examples: Sequence[Example]) -> None:
        """Learn from these letters."""
        if isinstance(self._model, OneVsRestClassifier):
            went = [[place in one.places for place in self._places] for one in examples]
            self._model.fit(self._matrix(examples), np.array(went))
            return
        number = {place: index for index, place in enumerate(self._places)}
        pairs = [(one, number[place]) for one in examples for place in one.places if place in number]
        self._model.fit(self._matrix([one for one, _ in pairs]), np.array([label for _, label in pairs]))

    @property
    def weights(self) -> int:
        """How many numbers it must keep."""
        model = self._model
        if isinstance(model, OneVsRestClassifier):
            return sum(int(np.count_nonzero(one.coef_)) for one in model.estimators_)
        found = model.coef_ if isinstance(model, LogisticRegression) else model.feature_log_prob_
        return int(np.count_nonzero(found))

    def guesses(self) -> Guess:
        """What it suggests."""

        def guess(letter: Example) -> list[tuple[float, Mention]]:
            rated = self._model.predict_proba(self._matrix([letter]))[0]
            found = [(float(sure), place) for sure, place in zip(rated, self._places, strict=True)]
            return sorted(found, key=lambda one: -one[0])

        return guess

    def _matrix(self, examples: Sequence[Example]) -> csr_matrix:
        rows: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        for row, one in enumerate(examples):
            given = vector(one.traits, self._learned)
            rows += [row] * len(given)
            columns += given.keys()
            values += given.values()
        return csr_matrix((values, (rows, columns)), shape=(len(examples), len(self._learned.rarity)))
