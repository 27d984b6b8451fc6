"""From a document to what is written into the index. Invariant: a pure function of the document and the lexicon.

Every word of what people typed is kept, and of the scans' text the words until ``MOST_STEMS`` different stems are met:
some three pages, which hold what a letter is about. A word that is in all likelihood a slip of character recognition
or of a clerk's fingers is kept under the word that was meant, too.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from services.routing.domain.search_document import SearchDocument
from services.routing.domain.search_lexicon import Heard
from services.routing.domain.search_stems import stem
from services.routing.domain.search_words import Word, searched

MOST_STEMS = 400
PLACES_KEPT = 3
FIELDS = {"subject": 1, "number": 2, "sender": 4, "abstract": 8, "label": 16, "text": 32}
"""A bit for each field a stem occurs in."""
OFTEN = 64
"""Times how often the text has it: 0 is once, 1 twice, 2 up to five times, 3 more often."""
SLIP = 256
"""The bit of a stem that occurs only in words that were written otherwise."""
MASKS = 512
Meant = Callable[[str], str | None]


@dataclass
class Entry:
    """A stem in a letter: where it stands, as a mask, and the first places in its text."""

    mask: int = 0
    places: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Analysed:
    """What of a letter goes into the index, and how much of its text was looked at."""

    entries: dict[str, Entry]
    heard: Heard
    upto: int


MOST_LOOKED_UP = 600
"""Of how many different words of a letter is asked what they are slips for."""


def analysed(document: SearchDocument, meant_by: Meant) -> Analysed:
    """The entries of a document; ``meant_by`` says what a word is a slip for."""
    reading = _Reading(meant_by)
    for name, content in document.written:
        for word in searched(content):
            reading.note(word, FIELDS[name])
    reading.end_typed()
    upto = reading.read_text(document.text)
    return Analysed(reading.result(), reading.heard(), upto)


class _Reading:
    """One reading of a document."""

    def __init__(self, meant_by: Meant) -> None:
        self._meant_by = meant_by
        self._entries: dict[str, Entry] = {}
        self._slips: dict[str, Entry] = {}
        self._often: Counter[str] = Counter()
        self._meant: dict[str, str | None] = {}
        self._typed: set[str] = set()

    def note(self, word: Word, bit: int) -> str:
        """Keep a word that stands in a field; its stem."""
        found = stem(word.form)
        self._put(self._entries, found, word, bit)
        if word.form not in self._meant:
            self._meant[word.form] = self._meant_by(word.form) if len(self._meant) < MOST_LOOKED_UP else None
        meant = self._meant[word.form]
        if meant is not None:
            self._put(self._slips, stem(meant), word, bit)
        return found

    def end_typed(self) -> None:
        """What was noted so far was typed by people."""
        self._typed = set(self._meant)

    def read_text(self, text: str) -> int:
        """Note the words of scanned text; how far they go."""
        met: set[str] = set()
        end = 0
        for word in searched(text):
            met.add(self.note(word, FIELDS["text"]))
            end = word.end
            if len(met) >= MOST_STEMS:
                return end
        return len(text)

    def result(self) -> dict[str, Entry]:
        """Every stem; one that was only meant is marked so."""
        for found, entry in self._slips.items():
            if found not in self._entries:
                self._entries[found] = Entry(entry.mask | SLIP, entry.places)
        for found, often in self._often.items():
            self._entries[found].mask |= OFTEN * (0 if often < 2 else 1 if often == 2 else 2 if often < 6 else 3)
        return self._entries

    def heard(self) -> Heard:
        """Every word once, and whether it was typed."""
        return {form: (1, form in self._typed) for form in self._meant}

    def _put(self, entries: dict[str, Entry], found: str, word: Word, bit: int) -> None:
        entry = entries.setdefault(found, Entry())
        entry.mask |= bit
        if bit == FIELDS["text"]:
            if entries is self._entries:
                self._often[found] += 1
            if len(entry.places) < PLACES_KEPT:
                entry.places.append(word.start)
