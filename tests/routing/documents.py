"""Documents for tests of the search engine."""

from datetime import date
from typing import Any

from services.chassis.ids import new_id
from services.routing.domain.control import LEADERS_KEY
from services.routing.domain.search_document import SearchDocument
from services.routing.domain.search_engine import Asking, Excerpt, Found, SearchEngine
from services.routing.domain.search_query import question

PU = "pu/trusted"
TODAY = date(2026, 11, 21)


def document(
    subject: str, text: str = "", *, readers: tuple[str, ...] = (PU, LEADERS_KEY), **rest: Any
) -> SearchDocument:
    """A letter from Desa Sekartaji that Dinas PU and the leaders may read."""
    given: dict[str, Any] = {
        "letter_id": new_id(),
        "sender": "Desa Sekartaji",
        "numbers": "",
        "abstract": "",
        "labels": "",
        "received_on": TODAY,
        "marks": (),
    }
    return SearchDocument(**{**given, "subject": subject, "text": text, "readers": readers, **rest})


def asking(text: str, *keys: str, **rest: Any) -> Asking:
    """A question of somebody who reads under these keys; without any, of Dinas PU."""
    return Asking(question(text), keys or (PU,), TODAY, **rest)


async def found(engine: SearchEngine, text: str, *keys: str, **rest: Any) -> list[str]:
    """The ids that are found, in their order."""
    return [hit.letter_id for hit in (await engine.search(asking(text, *keys, **rest))).hits]


async def all_pages(engine: SearchEngine, text: str, *keys: str, **rest: Any) -> list[str]:
    """The ids on all pages."""
    ids: list[str] = []
    cursor: str | None = None
    while True:
        page: Found = await engine.search(asking(text, *keys, cursor=cursor, **rest))
        ids += [hit.letter_id for hit in page.hits]
        cursor = page.next
        if cursor is None:
            return ids


def shown(one: Excerpt) -> str:
    """An excerpt with its matches in brackets."""
    return "".join(f"[{piece.text}]" if piece.match else piece.text for piece in one.pieces)
