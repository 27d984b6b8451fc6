"""By what two registrations of one paper are known. Invariant: a mark never tells of another unit's book, and practice
is never like what is meant.
"""

from dataclasses import dataclass
from datetime import date

from services.contracts.vocabulary import Party
from services.intake.domain.agenda import TRAINING
from services.intake.domain.letter import Letter


@dataclass(frozen=True)
class Likeness:
    """The marks of a letter: those it is the ``first`` to bear, and those by which it is ``also`` like a former one."""

    first: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def bearing(self, mark: str) -> "Likeness":
        """The same, and first to bear this mark."""
        return Likeness((*self.first, mark), self.also)


def paper_mark(
    unit_id: str, sender: Party, letter_number: str | None, letter_date: date | None, *, training: bool = False
) -> str | None:
    """Book keeper, sender, number and date. None where the paper says too little to be known by it."""
    if letter_number is None or letter_date is None:
        return None
    who = sender.id or " ".join(sender.name.casefold().split())
    number = "".join(letter_number.casefold().split())
    return "\n".join((_keeper(unit_id, training=training), sender.kind, who, number, letter_date.isoformat()))


def file_mark(unit_id: str, sha256: str, *, training: bool = False) -> str:
    """Book keeper and the very bytes of a scan."""
    return "\n".join((_keeper(unit_id, training=training), "file", sha256))


def paper_mark_of(letter: Letter) -> str | None:
    """That of a registered letter."""
    said = (letter.unit_id, letter.sender, letter.letter_number, letter.letter_date)
    return paper_mark(*said, training=letter.training)


def marks_of(letter: Letter) -> tuple[str, ...]:
    """All by which a registered letter is known."""
    files = (file_mark(letter.unit_id, file.sha256, training=letter.training) for file in letter.files)
    paper = paper_mark_of(letter)
    return tuple(dict.fromkeys((*([paper] if paper else []), *files)))


def _keeper(unit_id: str, *, training: bool) -> str:
    return f"{TRAINING}{unit_id}" if training else unit_id
