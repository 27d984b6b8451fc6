"""Routing rules: where letters of some kind go. Invariant: a rule hits when every condition it states holds; one that
hits a letter hits it however many further words the letter has. A secret letter is never widened by a rule alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.chassis.ids import EntityId
from services.contracts.vocabulary import Urgency
from services.routing.domain import letter_facts
from services.routing.domain.letter_facts import FIELDS, LetterFacts
from services.routing.domain.mention import Mention
from services.routing.domain.phrases import phrase

Mode = Literal["propose", "automatic"]
_PLACES_OF_WORDS: dict[letter_facts.Field, str] = {"subject": "perihal", "summary": "ringkasan", "text": "isi surat"}
_URGENCIES: dict[Urgency, str] = {"very_urgent": "sangat segera", "urgent": "segera", "normal": "biasa"}


def _said(text: str) -> str:
    if not phrase(text):
        raise ValueError("no word in it")
    return text


Phrase = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_said)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Code = Annotated[str, Field(pattern=r"^\d{3}(\.\d{1,4}){0,6}$", max_length=40)]


class Conditions(BaseModel):
    """What a letter must be; what is left out does not matter. Of a list, one entry is enough.

    ``words`` are words or phrases: ``words_needed`` says whether one or all of them must occur, in any of ``words_in``.
    A sender fits by its unit or by a word of its name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    kinds: tuple[Name, ...] = Field(default=(), max_length=50)
    classifications: tuple[Code, ...] = Field(default=(), max_length=50)
    sender_units: tuple[EntityId, ...] = Field(default=(), max_length=200)
    sender_words: tuple[Phrase, ...] = Field(default=(), max_length=50)
    words: tuple[Phrase, ...] = Field(default=(), max_length=50)
    words_needed: Literal["any", "all"] = "any"
    words_in: tuple[letter_facts.Field, ...] = Field(default=FIELDS, min_length=1, max_length=len(FIELDS))
    urgencies: tuple[Urgency, ...] = Field(default=(), max_length=3)

    @property
    def is_empty(self) -> bool:
        """Whether it would fit every letter."""
        stated = (self.kinds, self.classifications, self.sender_units, self.sender_words, self.words, self.urgencies)
        return not any(stated)

    @property
    def looks_at_text(self) -> bool:
        """Whether what the scans say can matter."""
        return bool(self.words) and "text" in self.words_in


class RoutingRule(BaseModel):
    """A rule. ``priority``: the lower, the sooner it is named."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    version: int = 1
    name: str
    conditions: Conditions
    destinations: tuple[Mention, ...]
    mode: Mode = "propose"
    active: bool = True
    priority: int = 100
    retired: bool = False

    @property
    def in_force(self) -> bool:
        """Whether it is looked at at all."""
        return self.active and not self.retired


@dataclass(frozen=True)
class Reason:
    """Why a rule hits a letter."""

    rule_id: str
    rule_name: str
    because: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """For people."""
        return f"Aturan '{self.rule_name}': {'; '.join(self.because)}"


def matches(rule: RoutingRule, facts: LetterFacts) -> Reason | None:
    """Why the rule hits the letter, or None where it does not."""
    because: list[str] = []
    for condition in (_kind, _classification, _sender, _words, _urgency):
        said = condition(rule.conditions, facts)
        if said is None:
            return None
        because += said
    return Reason(rule.id, rule.name, tuple(because)) if because else None


def by_priority(rules: Iterable[RoutingRule]) -> list[RoutingRule]:
    """The order in which rules are named."""
    return sorted(rules, key=lambda rule: (rule.priority, rule.name.casefold(), rule.id))


def acts_by_itself(rule: RoutingRule, facts: LetterFacts) -> bool:
    """Whether the rule may bring this letter somewhere without anybody's word: it hits, and the letter is no secret.

    Once the scans are read it acts only where they decide: what was known before them has had its effect, and people
    may have undone it.
    """
    if rule.mode != "automatic" or facts.is_secret or not matches(rule, facts):
        return False
    return facts.text is None or not matches(rule, facts.without_text())


Said = Sequence[str] | None
"""What a condition says for the letter; nothing where it is not stated, None where the letter does not fit."""


def _kind(wanted: Conditions, facts: LetterFacts) -> Said:
    if not wanted.kinds:
        return ()
    return (f"jenis {facts.kind}",) if facts.kind.casefold() in {one.casefold() for one in wanted.kinds} else None


def _classification(wanted: Conditions, facts: LetterFacts) -> Said:
    if not wanted.classifications:
        return ()
    code = facts.classification or ""
    fits = any(code == one or code.startswith(f"{one}.") for one in wanted.classifications)
    return (f"klasifikasi {code}",) if fits else None


def _sender(wanted: Conditions, facts: LetterFacts) -> Said:
    if not wanted.sender_units and not wanted.sender_words:
        return ()
    sender = facts.sender
    if sender is None:
        return None
    known = sender.kind == "unit" and sender.id in wanted.sender_units
    named = any(facts.sender_wording.has(one) for one in wanted.sender_words)
    return (f"pengirim {sender.name}",) if known or named else None


def _words(wanted: Conditions, facts: LetterFacts) -> Said:
    if not wanted.words:
        return ()
    looked_at = [(field, facts.wording[field]) for field in wanted.words_in if field in facts.wording]
    found = [(field, [one for one in wanted.words if wording.has(one)]) for field, wording in looked_at]
    said = {one for _, ones in found for one in ones}
    if not said or (wanted.words_needed == "all" and len(said) < len(set(wanted.words))):
        return None
    return [f"{_PLACES_OF_WORDS[field]} memuat {_quoted(ones)}" for field, ones in found if ones]


def _urgency(wanted: Conditions, facts: LetterFacts) -> Said:
    if not wanted.urgencies:
        return ()
    urgency = facts.urgency
    return (f"sifat {_URGENCIES[urgency]}",) if urgency is not None and urgency in wanted.urgencies else None


def _quoted(phrases: Iterable[str]) -> str:
    return ", ".join(f"'{one}'" for one in phrases)
