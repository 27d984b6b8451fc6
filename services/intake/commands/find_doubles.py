"""Find out whether a paper was registered before. Invariant: it is only said, never a reason to refuse.

The same paper may have to be entered twice, and the same scan may belong to two letters; who registers decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.mongo import Document, Session
from services.intake.context import Context
from services.intake.domain.letter import Letter
from services.intake.domain.likeness import Likeness, paper_mark_of
from services.intake.store.likenesses import Former


@dataclass(frozen=True)
class Marked:
    """A scan by its name, and its mark."""

    name: str
    mark: str


@dataclass(frozen=True)
class Doubles:
    """What is to be said, and how the letter is like former ones."""

    warnings: tuple[Document, ...]
    likeness: Likeness


async def mark_anew(context: Context, before: Letter, after: Letter, session: Session | None) -> tuple[Document, ...]:
    """Have a corrected letter known by what it says now; what is to be said of that."""
    old, new = paper_mark_of(before), paper_mark_of(after)
    if old == new:
        return ()
    if old:
        await context.likenesses.leave(before.letter_id, [old], session)
    former = await context.likenesses.take(after.letter_id, new, session) if new else None
    return (_of_paper(former),) if former else ()


async def find_doubles(context: Context, paper: str | None, files: Sequence[Marked]) -> Doubles:
    """What was registered before of this paper and these scans."""
    marks = tuple(dict.fromkeys((*([paper] if paper else []), *(file.mark for file in files))))
    former = await context.likenesses.bearing(marks)
    warnings = [_of_paper(former[paper])] if paper in former else []
    warnings += [_of_file(file.name, former[file.mark]) for file in files if file.mark in former]
    first = tuple(mark for mark in marks if mark not in former)
    return Doubles(tuple(warnings), Likeness(first, tuple(mark for mark in marks if mark in former)))


def _of_paper(one: Former) -> Document:
    detail = f"Surat dengan pengirim, nomor, dan tanggal yang sama sudah tercatat dengan nomor agenda {_number(one)}."
    return {"code": "duplicate", "detail": detail, "letter_id": one.letter_id}


def _of_file(name: str, one: Former) -> Document:
    detail = f"Berkas “{name}” sama persis dengan berkas pada surat bernomor agenda {_number(one)}."
    return {"code": "duplicate_file", "detail": detail, "letter_id": one.letter_id}


def _number(one: Former) -> str:
    return f"{one.agenda_number}/{one.year}"
