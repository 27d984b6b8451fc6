"""Search over letters and what their scans say."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from services.chassis.auth import Caller
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import FIRST_DAY, LAST_DAY
from services.contracts.vocabulary import Confidentiality, Urgency
from services.routing.api.letter_models import LetterView, letter_view
from services.routing.commands.search_letters import SearchPage, SearchQuery, ShownHit, search_letters
from services.routing.domain.search_document import Narrowing
from services.routing.domain.search_engine import Match
from services.routing.searching import Search

router = APIRouter(prefix="/v1/search", tags=["routing"])

FIELD_NAMES = {
    "subject": "perihal",
    "number": "nomor",
    "sender": "pengirim",
    "abstract": "ringkasan",
    "label": "jenis, klasifikasi atau tujuan",
    "text": "isi surat",
}


class PieceView(BaseModel):
    """A piece of an excerpt, plain text; ``match``: to be set off, because it was asked for."""

    text: str
    match: bool


class ExcerptView(BaseModel):
    """A passage of the letter: its pieces in order."""

    field: str
    pieces: list[PieceView]


class MatchView(BaseModel):
    """A word that was asked for, and where the letter has it. ``instead``: what was taken for it."""

    word: str
    fields: list[str]
    instead: str | None


class HitView(BaseModel):
    """A letter that was found; ``why`` is for people, ``matches`` for programs."""

    letter: LetterView
    score: float
    why: str
    matches: list[MatchView]
    excerpts: list[ExcerptView]


class CorrectionView(BaseModel):
    """A word no letter has as it was typed, and what was taken for it."""

    word: str
    instead: str


class SearchView(BaseModel):
    """A page of letters, the best first. ``relaxed``: none has every word, these have most of them."""

    items: list[HitView]
    next: str | None
    relaxed: bool
    corrected: list[CorrectionView]


async def _narrowing(
    kind: Annotated[str | None, Query(max_length=100, description="Jenis naskah, as registered.")] = None,
    urgency: Annotated[Urgency | None, Query()] = None,
    confidentiality: Annotated[Confidentiality | None, Query()] = None,
    sender_unit: Annotated[EntityId | None, Query(description="The unit that sent it.")] = None,
    since: Annotated[
        date | None, Query(alias="from", ge=FIRST_DAY, le=LAST_DAY, description="Received on this day or later.")
    ] = None,
    until: Annotated[
        date | None, Query(alias="to", ge=FIRST_DAY, le=LAST_DAY, description="Received on this day or earlier.")
    ] = None,
) -> Narrowing:
    return Narrowing(kind, urgency, confidentiality, sender_unit, since, until)


@router.get(
    "", operation_id="search_letters", summary="Letters I may read, by their words", responses=problems(401, 422)
)
async def get_search(
    search: Search,
    caller: Caller,
    narrowing: Annotated[Narrowing, Depends(_narrowing)],
    q: Annotated[str, Query(description='Words; "words together"; beginn*; numbers and tracking codes.')] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
    cursor: Annotated[str | None, Query(max_length=1000, description="`next` of the page before.")] = None,
) -> SearchView:
    """Finds inflected forms ("diajukan" finds "pengajuan"), beginnings of words, and words that were misread or
    mistyped. A page may hold fewer than asked for and still have a ``next``: there is more to look at.
    """
    return _view(await search_letters(search, caller, SearchQuery(q, narrowing, limit, cursor)))


def _view(page: SearchPage) -> SearchView:
    return SearchView(
        items=[_hit(one) for one in page.hits],
        next=page.next,
        relaxed=page.relaxed,
        corrected=[CorrectionView(word=word, instead=instead) for word, instead in page.corrected.items()],
    )


def _hit(one: ShownHit) -> HitView:
    hit = one.hit
    return HitView(
        letter=letter_view(hit.letter_id, one.summary),
        score=hit.score,
        why="; ".join(_why(match) for match in hit.matches) + ".",
        matches=[
            MatchView(word=match.typed, fields=list(match.fields), instead=match.instead) for match in hit.matches
        ],
        excerpts=[
            ExcerptView(field=part.field, pieces=[PieceView(text=p.text, match=p.match) for p in part.pieces])
            for part in hit.excerpts
        ],
    )


def _why(match: Match) -> str:
    word = f"“{match.typed}” dibaca “{match.instead}”," if match.instead else f"“{match.typed}”"
    return f"{word} ada pada {' dan '.join(FIELD_NAMES[field] for field in match.fields)}"
