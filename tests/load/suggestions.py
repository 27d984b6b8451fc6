"""``python -m tests.load.suggestions``: how right, large and fast suggestions are, beside a baseline and rivals.

The letters are those of ``letter_corpus``; the last fifth of them is held out. What is printed holds for that invented
regency: it tells ways of learning apart and sizes from each other, and does not promise a real one the same shares.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from uuid import NAMESPACE_URL, uuid5

import orjson

from deploy.cli.console import say, table
from services.routing.domain.fitting import (
    HELD_OUT,
    Example,
    Guess,
    baseline_of,
    guesses_of,
    learned_from_letters,
    measure,
)
from services.routing.domain.learned_form import plain_places, plain_traits
from services.routing.domain.learning import Learned, Measured, Origin, traits_of
from services.routing.domain.letter_facts import LetterFacts
from services.routing.domain.mention import Mention
from services.routing.domain.suggestion import suggested
from tests.load.letter_corpus import Regency, Sent
from tests.load.rivals import RIVALS, Rival

THRESHOLD = 0.3
TIMED = 500
HEADS = ("way of learning", "top 1", "top 3", "suggested for", "right", "weights", "seconds")
Known = Callable[[Sent], LetterFacts]


def subject_alone(letter: Sent) -> LetterFacts:
    """What the system learns from."""
    return LetterFacts(
        kind=letter.kind,
        category=letter.category,  # type: ignore[arg-type]
        classification=letter.classification,
        subject=letter.subject,
    )


def with_summary(letter: Sent) -> LetterFacts:
    """What is known where a registrar summed the letter up."""
    return LetterFacts(**{**vars(subject_alone(letter)), "summary": letter.summary})


def with_scan(letter: Sent) -> LetterFacts:
    """What is known once the scan has been read."""
    return LetterFacts(**{**vars(with_summary(letter)), "text": letter.text})


def example(letter: Sent, known: Known = subject_alone) -> Example:
    """The letter as the learner sees it."""
    under = _id(letter.sender_under) if letter.sender_under else None
    places = [Mention(role="addressee", kind="unit", id=_id(one)) for one in letter.addressees]
    places += [Mention(role="copy", kind="unit", id=_id(one)) for one in letter.copies]
    return Example(traits_of(known(letter), Origin(letter.sender_kind, under)), tuple(places), letter.sender)


def compare(letters: Sequence[Sent], rivals: bool) -> Learned:
    """Print how right each way is; what the system's own way learned."""
    cut = int(len(letters) * (1 - HELD_OUT))
    earlier, later = [example(one) for one in letters[:cut]], [example(one) for one in letters[cut:]]
    baseline = baseline_of(earlier)
    started = time.perf_counter()
    learned = learned_from_letters(earlier)
    ours = time.perf_counter() - started
    weights = sum(len(one.weights) for one in learned.places)
    rows = [
        _row("most frequent of its kind", measure(later, baseline, baseline, THRESHOLD), None, None),
        _row("logistic for each place, L1", measure(later, guesses_of(learned), baseline, THRESHOLD), weights, ours),
    ]
    rows += [_rival(name, learned, earlier, later, baseline) for name in (RIVALS if rivals else ())]
    for name, known in (("ours, summary too", with_summary), ("ours, summary and scan", with_scan)):
        seen = [example(one, known) for one in letters[cut:]]
        rows.append(_row(name, measure(seen, guesses_of(learned), baseline, THRESHOLD), weights, None))
    table(f"{len(letters):,} letters, {len(later):,} held out", HEADS, rows)
    return learned


def report_size(learned: Learned, letters: Sequence[Sent]) -> None:
    """Print how large what was learned is, and how long a suggestion takes."""
    stored = len(orjson.dumps([plain_traits(learned), plain_places(learned)]))
    given = [example(one, with_scan).traits for one in letters[-TIMED:]]
    taken = [_milliseconds(lambda one=one: suggested(learned, one, THRESHOLD)) for one in given]  # type: ignore[misc]
    reading = [_milliseconds(lambda one=one: example(one, with_scan)) for one in letters[-TIMED:]]  # type: ignore[misc]
    say(f"{len(learned.rarity):,} words and traits, {len(learned.places)} places, {stored / 1024:,.0f} KB stored.")
    say(f"A suggestion: {statistics.median(taken):.2f} ms, its words found in {statistics.median(reading):.2f} ms.")


def _rival(
    name: str, learned: Learned, earlier: Sequence[Example], later: Sequence[Example], baseline: Guess
) -> tuple[str, ...]:
    rival = Rival(name, learned)
    started = time.perf_counter()
    rival.teach(earlier)
    seconds = time.perf_counter() - started
    return _row(name, measure(later, rival.guesses(), baseline, THRESHOLD), rival.weights, seconds)


def _row(name: str, found: Measured, weights: int | None, seconds: float | None) -> tuple[str, ...]:
    shares = (found.top1, found.top3, found.coverage, found.precision)
    size, taken = "" if weights is None else f"{weights:,}", "" if seconds is None else f"{seconds:.1f}"
    return (name, *(f"{share:.1%}" for share in shares), size, taken)


def _milliseconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def _id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"lontar-corpus/{name}"))


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, nargs="+", default=[600, 4000, 20000])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--no-rivals", action="store_true", help="the system's own way alone")
    given = parser.parse_args()
    for count in given.letters:
        letters = Regency(given.seed).letters(count)
        report_size(compare(letters, not given.no_rivals), letters)


if __name__ == "__main__":
    main()
