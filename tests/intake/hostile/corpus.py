"""The corpus: every hostile file, made by name. Invariant: the same names and the same damage on every run.

``python -m tests.intake.hostile.corpus FOLDER`` writes it there, in a process of its own: what has to be made large to
be packed small is then gone before anything is measured.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.intake.hostile import active, mixed, pdf_bombs, picture_bombs, seeds
from tests.intake.hostile.fuzz import damaged

DAMAGED_OF_EACH = 30
INDEX = "index.json"


def hostile() -> Iterator[tuple[str, bytes]]:
    """Each file with its name."""
    whole = {name: make() for name, make in seeds.WHOLE.items()}
    others = list(whole.values())
    for name, content in whole.items():
        for number in range(DAMAGED_OF_EACH):
            yield f"damaged/{name}/{number}", damaged(content, f"{name}/{number}", others)
    for kind, makers in (
        ("bomb", pdf_bombs.BOMBS | picture_bombs.BOMBS),
        ("active", active.ACTIVE),
        ("mixed", mixed.MIXED),
    ):
        for name, make in makers.items():
            yield f"{kind}/{name}", make()


def write(folder: Path) -> None:
    """All of it, as numbered files, and which is which."""
    index = {}
    for number, (name, content) in enumerate(hostile()):
        (folder / str(number)).write_bytes(content)
        index[name] = number
    (folder / INDEX).write_text(json.dumps(index))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
