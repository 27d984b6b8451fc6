"""How right suggestions are, field by field. Precision: of those made, the right ones. Recall: of those to make."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rapidfuzz.distance import Levenshtein

from services.intake.domain.suggestions.directory import Directory
from services.intake.domain.suggestions.read_letter import read_letter
from services.intake.domain.suggestions.spelling import folded
from services.intake.domain.suggestions.suggested import Named, Suggested, Suggestions
from tests.intake.suggestions.corpus.kept import Sample
from tests.intake.suggestions.corpus.places import heads, units
from tests.intake.suggestions.corpus.truth import Truth

ZONE = ZoneInfo("Asia/Makassar")
NEARLY = 0.95
"""Running text (subject, place, an outsider's name) is right if so much of it is, without case and punctuation."""


@dataclass
class Score:
    """Of one field: how many suggestions were made, how many were right, and how many there were to make."""

    made: int = 0
    right: int = 0
    wanted: int = 0

    @property
    def precision(self) -> float:
        """Of those made, the right ones."""
        return self.right / self.made if self.made else 1.0

    @property
    def recall(self) -> float:
        """Of those to make, the right ones."""
        return self.right / self.wanted if self.wanted else 1.0

    def add(self, wanted: bool, made: bool, right: bool) -> None:
        """Count one."""
        self.made += made
        self.wanted += wanted
        self.right += right


@dataclass(frozen=True)
class Judged:
    """One suggestion, or one that is missing."""

    sample: Sample
    field: str
    wanted: Any
    made: Suggested[Any] | None
    right: bool


@dataclass
class Report:
    """All of a set."""

    fields: dict[str, Score] = field(default_factory=dict)
    judged: list[Judged] = field(default_factory=list)

    def of_confidence(self, least: float, most: float) -> Score:
        """Of the suggestions whose confidence is within these, how many are right."""
        made = [one for one in self.judged if one.made and least <= one.made.confidence < most]
        return Score(len(made), sum(one.right for one in made), len(made))


def _near(wanted: str, made: str) -> bool:
    return Levenshtein.normalized_similarity(folded(wanted), folded(made)) >= NEARLY


def _number(wanted: str, made: str) -> bool:
    return "".join(wanted.split()) == "".join(made.split())


def _sender(wanted: str, made: Named) -> bool:
    return made.unit_id == wanted if made.unit_id else _near(wanted, made.name)


def _instant(wanted: str, made: datetime) -> bool:
    return datetime.fromisoformat(wanted) == made


FIELDS: dict[str, tuple[Callable[[Truth], Any], Callable[[Any, Any], bool]]] = {
    "letter_number": (lambda truth: truth.letter_number, _number),
    "letter_date": (lambda truth: truth.letter_date, lambda wanted, made: wanted == made.isoformat()),
    "sender": (lambda truth: truth.sender_unit or truth.sender_name, _sender),
    "subject": (lambda truth: truth.subject, _near),
    "kind": (lambda truth: truth.kind, lambda wanted, made: wanted == made),
    "urgency": (lambda truth: truth.urgency, lambda wanted, made: wanted == made),
    "confidentiality": (lambda truth: truth.confidentiality, lambda wanted, made: wanted == made),
    "occasion_place": (lambda truth: truth.place, _near),
    "occasion_starts_at": (lambda truth: truth.starts_at, _instant),
    "occasion_ends_at": (lambda truth: truth.ends_at, _instant),
}


def directory() -> Directory:
    """The invented regency's units."""
    return Directory(units(), heads())


def measured(samples: Iterable[Sample]) -> Report:
    """What is suggested for these letters, judged."""
    report, known = Report(), directory()
    for sample in samples:
        for one in judged(sample, read_letter(sample.pages, known, ZONE)):
            report.judged.append(one)
            score = report.fields.setdefault(one.field, Score())
            score.add(one.wanted is not None, one.made is not None, one.right)
    return report


def judged(sample: Sample, made: Suggestions) -> Iterator[Judged]:
    """Every field of one letter."""
    for name, (truth, equal) in FIELDS.items():
        wanted, suggested = truth(sample.truth), getattr(made, name)
        right = wanted is not None and suggested is not None and equal(wanted, suggested.value)
        yield Judged(sample, name, wanted, suggested, right)
    wanted_units = list(sample.truth.addressees)
    for one in made.addressees:
        right = one.value.unit_id in wanted_units
        if right:
            wanted_units.remove(one.value.unit_id or "")
        yield Judged(sample, "addressees", one.value.unit_id if right else None, one, right)
    for missing in wanted_units:
        yield Judged(sample, "addressees", missing, None, False)
