"""Which page of a scan belongs to which letter. Invariant: every page is in exactly one letter or among those left out.

So nothing is ever lost by an edit: what is dropped is left out and can be put back. Pages are known by their number in
the scan, letters by an id, so that an edit means the same whatever was edited before it. A letter that was cut stands
as it is.
"""

from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from services.chassis.errors import conflict, unprocessable
from services.contracts.intake import StoredFile
from services.intake.domain.batches.sheet import SheetDefaults

Turn: TypeAlias = Literal[0, 90, 180, 270]
"""How far to the right a page is turned."""
Begun: TypeAlias = Literal["sheet", "other_unit", "before_first", "no_sheet", "person"]
"""What made this a letter: a sheet of this unit or another's, no sheet before it or in the whole scan, or somebody."""
LeftOut: TypeAlias = Literal["sheet", "sheet_back", "person"]
Fresh: TypeAlias = Callable[[], str]
"""Gives the id of a new letter."""


class TurnedPage(BaseModel):
    """A page of the scan, counted from 1, and how it is to be turned."""

    model_config = ConfigDict(frozen=True)

    page: int
    turn: Turn = 0


class LeftOutPage(TurnedPage):
    """A page that is in no letter, and why: a sheet, its empty back, or that somebody dropped it."""

    reason: LeftOut


class BatchLetter(BaseModel):
    """A letter to be. ``file`` is there once it was cut from the scan, and lies under that id among the loose scans."""

    model_config = ConfigDict(frozen=True)

    id: str
    pages: tuple[TurnedPage, ...]
    begun: Begun
    defaults: SheetDefaults | None = None
    scan_id: str | None = None
    """Under which it is being cut."""
    file: StoredFile | None = None

    @property
    def is_cut(self) -> bool:
        """Whether it is a scan of its own and no longer to be changed here."""
        return self.file is not None


class Arrangement(BaseModel):
    """The letters of a batch in their order, and the pages that are in none."""

    model_config = ConfigDict(frozen=True)

    letters: tuple[BatchLetter, ...]
    left_out: tuple[LeftOutPage, ...] = ()

    @property
    def pages(self) -> list[int]:
        """All pages, in order; each once, by the invariant."""
        held = [one.page for letter in self.letters for one in letter.pages]
        return sorted(held + [one.page for one in self.left_out])

    @property
    def uncut(self) -> tuple[BatchLetter, ...]:
        """The letters that are still to be cut."""
        return tuple(letter for letter in self.letters if not letter.is_cut)

    def letter(self, letter_id: str) -> BatchLetter:
        """The letter with this id; 422 where there is none."""
        found = next((letter for letter in self.letters if letter.id == letter_id), None)
        if found is None:
            raise unprocessable("batch_letter_unknown", "Surat itu tidak ada dalam tumpukan ini.", letter=letter_id)
        return found

    def holder(self, page: int) -> BatchLetter | None:
        """The letter that holds this page, or None where it is left out; 422 for a page the scan does not have."""
        for letter in self.letters:
            if any(one.page == page for one in letter.pages):
                return letter
        if not any(one.page == page for one in self.left_out):
            raise unprocessable("batch_page_unknown", f"Halaman {page} tidak ada dalam pindaian ini.", page=page)
        return None


def rotate(arrangement: Arrangement, pages: Sequence[int], degrees: int) -> Arrangement:
    """Turn these pages further to the right."""
    _changeable(arrangement, pages)

    def turned(one: TurnedPage) -> TurnedPage:
        if one.page not in pages:
            return one
        return one.model_copy(update={"turn": (one.turn + degrees) % 360})

    letters = [letter.model_copy(update={"pages": tuple(map(turned, letter.pages))}) for letter in arrangement.letters]
    return _made(letters, [LeftOutPage.model_validate(turned(one).model_dump()) for one in arrangement.left_out])


def move(
    arrangement: Arrangement, pages: Sequence[int], to: str | None, before: int | None, fresh: Fresh
) -> Arrangement:
    """Put these pages, in the order named, into the letter ``to``, before its page ``before`` or at its end.

    Without ``to``, into a new letter. Pages that were left out are put back by this too.
    """
    _changeable(arrangement, pages)
    if to is not None:
        _uncut(arrangement.letter(to))
    if before is not None and (before in pages or to is None or _held_by(arrangement, before) != to):
        raise unprocessable("batch_place_unknown", "Tempat yang dituju tidak ada dalam surat itu.", page=before)
    taken = [_page(arrangement, page) for page in pages]
    first = _held_by(arrangement, pages[0])
    rest = _without(arrangement, pages)
    if to is None:
        made = BatchLetter(id=fresh(), pages=tuple(taken), begun="person")
        letters = list(rest.letters)
        letters.insert(_place_of_new(arrangement, rest, first, pages[0]), made)
        return _made(letters, rest.left_out)
    letters = [_with(letter, taken, before) if letter.id == to else letter for letter in rest.letters]
    return _made(letters, rest.left_out)


def split(arrangement: Arrangement, letter_id: str, at: int, fresh: Fresh) -> Arrangement:
    """Have a new letter begin with the page ``at`` of a letter."""
    letter = arrangement.letter(letter_id)
    _uncut(letter)
    numbers = [one.page for one in letter.pages]
    if at not in numbers[1:]:
        detail = "Surat hanya dapat dibagi mulai dari halaman kedua atau sesudahnya."
        raise unprocessable("batch_split_place", detail, page=at)
    place = numbers.index(at)
    former = letter.model_copy(update={"pages": letter.pages[:place]})
    later = BatchLetter(id=fresh(), pages=letter.pages[place:], begun="person", defaults=letter.defaults)
    letters: list[BatchLetter] = []
    for one in arrangement.letters:
        letters += [former, later] if one.id == letter_id else [one]
    return _made(letters, arrangement.left_out)


def merge(arrangement: Arrangement, letter_ids: Sequence[str]) -> Arrangement:
    """Make one letter of these: the first, with the pages of the others behind its own."""
    parts = [arrangement.letter(one) for one in letter_ids]
    for part in parts:
        _uncut(part)
    whole = parts[0].model_copy(update={"pages": tuple(page for part in parts for page in part.pages)})
    gone = set(letter_ids[1:])
    letters = [whole if one.id == whole.id else one for one in arrangement.letters if one.id not in gone]
    return _made(letters, arrangement.left_out)


def drop(arrangement: Arrangement, pages: Sequence[int]) -> Arrangement:
    """Leave these pages out; those that are already stay so."""
    _changeable(arrangement, pages)
    dropped = [_page(arrangement, page) for page in pages if arrangement.holder(page)]
    rest = _without(arrangement, [one.page for one in dropped])
    left_out = [LeftOutPage(page=one.page, turn=one.turn, reason="person") for one in dropped]
    return _made(rest.letters, [*rest.left_out, *left_out])


def restore(arrangement: Arrangement, pages: Sequence[int], fresh: Fresh) -> Arrangement:
    """Put pages that were left out back where they came from: behind the page that precedes them in the scan."""
    for page in pages:
        if arrangement.holder(page) is not None:
            raise unprocessable("batch_page_kept", f"Halaman {page} tidak sedang dikeluarkan.", page=page)
    for page in sorted(pages):
        arrangement = _restored(arrangement, page, fresh)
    return arrangement


def _restored(arrangement: Arrangement, page: int, fresh: Fresh) -> Arrangement:
    """Into the letter that holds the nearest page before it, else the nearest after; a new one where those are cut."""
    numbers = {one.page: letter for letter in arrangement.uncut for one in letter.pages}
    earlier = [number for number in numbers if number < page]
    later = [number for number in numbers if number > page]
    if earlier:
        neighbour = max(earlier)
        letter = numbers[neighbour]
        place = [one.page for one in letter.pages].index(neighbour) + 1
        following = letter.pages[place].page if place < len(letter.pages) else None
        return move(arrangement, [page], letter.id, following, fresh)
    if later:
        return move(arrangement, [page], numbers[min(later)].id, min(later), fresh)
    return move(arrangement, [page], None, None, fresh)


def _changeable(arrangement: Arrangement, pages: Sequence[int]) -> None:
    for page in pages:
        letter = arrangement.holder(page)
        if letter is not None:
            _uncut(letter)


def _uncut(letter: BatchLetter) -> None:
    if letter.is_cut:
        raise conflict(
            "batch_letter_cut", "Surat ini sudah dipotong dari tumpukan dan tidak dapat diubah lagi di sini."
        )


def _page(arrangement: Arrangement, page: int) -> TurnedPage:
    held = [one for letter in arrangement.letters for one in letter.pages]
    found = next(one for one in (*held, *arrangement.left_out) if one.page == page)
    return TurnedPage(page=found.page, turn=found.turn)


def _held_by(arrangement: Arrangement, page: int) -> str | None:
    letter = arrangement.holder(page)
    return letter.id if letter else None


def _without(arrangement: Arrangement, pages: Sequence[int]) -> Arrangement:
    """The rest, letters that are empty then among it."""
    letters = [
        letter.model_copy(update={"pages": tuple(one for one in letter.pages if one.page not in pages)})
        for letter in arrangement.letters
    ]
    left_out = tuple(one for one in arrangement.left_out if one.page not in pages)
    return Arrangement(letters=tuple(letters), left_out=left_out)


def _with(letter: BatchLetter, taken: Sequence[TurnedPage], before: int | None) -> BatchLetter:
    numbers = [one.page for one in letter.pages]
    place = len(numbers) if before is None else numbers.index(before)
    return letter.model_copy(update={"pages": (*letter.pages[:place], *taken, *letter.pages[place:])})


def _place_of_new(before: Arrangement, rest: Arrangement, holder: str | None, page: int) -> int:
    """Behind the letter the first page came from; one that was left out, behind the letters that begin before it."""
    if holder is not None:
        return [letter.id for letter in before.letters].index(holder) + 1
    starts = [min((one.page for one in letter.pages), default=0) for letter in rest.letters]
    return next((place for place, start in enumerate(starts) if start > page), len(starts))


def _made(letters: Sequence[BatchLetter], left_out: Sequence[LeftOutPage]) -> Arrangement:
    """Without letters that hold nothing any more; what is left out, in the order of the scan."""
    kept = tuple(letter for letter in letters if letter.pages)
    return Arrangement(letters=kept, left_out=tuple(sorted(left_out, key=lambda one: one.page)))
