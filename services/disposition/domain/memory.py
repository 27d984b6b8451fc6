"""What was said with a disposition and by whom, kept so that it is found again. Invariant: it is of bounded length, and
no answer shows it: the thread is what people read.
"""

from collections.abc import Iterable
from typing import Self

from services.contracts.vocabulary import Actor
from services.disposition.domain.recipient import Part

WORDS_AT_MOST = 4000
PEOPLE_AT_MOST = 60


class Memory(Part):
    """The newest words of the thread, and the people who were instructed or acted, by id and by name."""

    words: str = ""
    person_ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def having(self, said: Iterable[str | None], actors: Iterable[Actor | None]) -> Self:
        """The same with these words and people."""
        words = " ".join([self.words, *(one for one in said if one)]).strip()[-WORDS_AT_MOST:]
        people = [(one.person_id, one.person_name) for one in actors if one is not None]
        return self.model_copy(update={"words": words}).knowing(people)

    def knowing(self, people: Iterable[tuple[str, str]]) -> Self:
        """The same with these people, each by id and name."""
        found = list(people)
        ids = _further(self.person_ids, (one for one, _ in found))
        return self.model_copy(update={"person_ids": ids, "names": _further(self.names, (name for _, name in found))})


def _further(known: tuple[str, ...], new: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *new)))[-PEOPLE_AT_MOST:]
