"""Finding things by the beginning of a name. Invariant: a name is found by the beginning of any of its words.

Nearly everybody here is called "I ..." or "Ni ...", so the beginning of the whole name alone would find nobody. A name
is kept once from each of its words on, in lower case: "i made wira", "made wira", "wira".
"""

from services.chassis.mongo import Document, IndexModel

MAX_WORDS = 8
INDEX = IndexModel([("search_name", 1)], name="search_name")
_LAST = "\U0010ffff"


def search_names(name: str) -> list[str]:
    """What the name is found by."""
    words = _plain(name).split(" ")
    return list(dict.fromkeys(" ".join(words[start:]) for start in range(min(len(words), MAX_WORDS))))


def starting(text: str | None) -> Document:
    """The query for names of which some words begin so; empty without a text."""
    if text is None or not (plain := _plain(text)):
        return {}
    return {"search_name": {"$gte": plain, "$lt": plain + _LAST}}


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
