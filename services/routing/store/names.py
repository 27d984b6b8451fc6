"""Finding things by the beginning of a name. Invariant: a name is found by the beginning of any of its words.

Nearly everybody here is called "I ..." or "Ni ...", so the beginning of the whole name alone would find nobody. A name
is kept once from each of its words on, in lower case: "i made wira", "made wira", "wira". What an index serves is the
first two letters of these, as a value: the embedded server knows no other way into an array. The rest is compared.
"""

from services.chassis.errors import unprocessable
from services.chassis.mongo import Document, IndexModel

MAX_WORDS = 8
LETTERS = 2
INDEX = IndexModel([("search_key", 1), ("_id", -1)], name="search")
_LAST = "\U0010ffff"


def searchable(name: str) -> Document:
    """What the name is found by, as fields of a document."""
    words = _plain(name).split(" ")
    names = list(dict.fromkeys(" ".join(words[start:]) for start in range(min(len(words), MAX_WORDS))))
    return {"search_name": names, "search_key": list(dict.fromkeys(one[:LETTERS] for one in names))}


def starting(text: str | None) -> Document:
    """The query for names of which some words begin so; empty without a text, 422 for one too short to look for."""
    if text is None:
        return {}
    plain = _plain(text)
    if len(plain) < LETTERS:
        raise unprocessable("search_too_short", f"Ketik sedikitnya {LETTERS} huruf untuk mencari.", field="q")
    # Both bounds of one and the same element: else one word may lie above the one and another below the other.
    return {
        "search_key": plain[:LETTERS],
        "search_name": {"$elemMatch": {"$gte": plain, "$lt": plain + _LAST}},
    }


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
