"""``python -m tests.intake.suggestions.measure``: make letters, recognise them, and tell how right suggestions are.

By default letters nobody has seen are made of every set; ``--kept`` measures those that lie in the repository, and
``--keep`` makes these anew.
"""

import argparse
import os
from collections.abc import Iterator, Sequence

from deploy.cli.console import say, table
from tests.intake.suggestions.corpus.kept import KEPT, Sample, read, write
from tests.intake.suggestions.corpus.make import SETS, carried_samples, samples
from tests.intake.suggestions.measuring import Report, measured

HEADS = ("field", "precision", "recall", "suggested", "right", "to be found")
CONFIDENCES = ((0.9, 1.0), (0.8, 0.9), (0.6, 0.8), (0.3, 0.6))
MEASURED = ("known", "unseen", "fresh")
"""The sets whose words no rule was written on."""
COUNTS = {"known": 100, "unseen": 100, "fresh": 30}
"""How many of each are kept."""


def show(name: str, report: Report, letters: Sequence[Sample]) -> None:
    """Print the figures of one set."""
    title = f"{name}: {len(letters)} letters, {len({one.layout for one in letters})} layouts"
    rows = [
        [field, f"{one.precision:.3f}", f"{one.recall:.3f}", str(one.made), str(one.right), str(one.wanted)]
        for field, one in report.fields.items()
    ]
    table(title, HEADS, rows)
    for least, most in CONFIDENCES:
        one = report.of_confidence(least, most)
        say(f"  confidence {least:.1f} to {most:.1f}: {one.made} suggestions, {one.precision:.1%} right")


def wrong(report: Report) -> None:
    """Print what was suggested wrongly or not at all."""
    for one in report.judged:
        if not one.right and (one.made is not None or one.wanted is not None):
            made = f"{one.made.value!r} ({one.made.confidence})" if one.made else "nothing"
            say(f"  {one.sample.name} {one.sample.layout} {one.sample.wear} {one.field}: {one.wanted!r}, not {made}")


def _letters(arguments: argparse.Namespace, name: str) -> Iterator[Sample]:
    if arguments.kept:
        return read(KEPT / f"{name}.jsonl.gz")
    if arguments.carried:
        return carried_samples(SETS[name], arguments.count)
    count = COUNTS[name] if arguments.keep else arguments.count
    return samples(SETS[name], count, workers=arguments.workers, edition="1" if arguments.keep else arguments.edition)


def main() -> None:
    """Measure the sets that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", action="append", choices=sorted(SETS), dest="sets")
    parser.add_argument("--count", type=int, default=40, help="letters of each set")
    parser.add_argument("--edition", default="2", help="other editions are other letters")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--kept", action="store_true", help="measure the letters that are kept")
    parser.add_argument("--keep", action="store_true", help="make the kept letters anew")
    parser.add_argument("--carried", action="store_true", help="PDFs that carry their text; nothing is recognised")
    parser.add_argument("--wrong", action="store_true", help="show every error")
    arguments = parser.parse_args()
    for name in arguments.sets or MEASURED:
        letters = list(_letters(arguments, name))
        if arguments.keep:
            write(KEPT / f"{name}.jsonl.gz", letters)
        report = measured(letters)
        show(name, report, letters)
        if arguments.wrong:
            wrong(report)


if __name__ == "__main__":
    main()
