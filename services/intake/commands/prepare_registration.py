"""Judge a registration. Invariant: what can be refused is refused here, before anything is put or written."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.auth import HeldPosition, Principal
from services.chassis.clock import now
from services.chassis.errors import unprocessable
from services.chassis.files.inspection import ScanFinding
from services.chassis.ids import new_id
from services.chassis.mongo import Document
from services.contracts.intake import StoredFile
from services.intake.commands.catalogue.judge_sorting import judge_sorting
from services.intake.commands.find_doubles import Doubles, Marked, find_doubles
from services.intake.commands.inspect_scans import inspect_scans
from services.intake.commands.numbers.plan_number import plan_number
from services.intake.commands.resolve_parties import Parties, resolve_parties
from services.intake.commands.store_scans import object_key
from services.intake.context import Context
from services.intake.domain.agenda import AgendaBook, book_for
from services.intake.domain.draft import Draft
from services.intake.domain.likeness import Likeness, file_mark, paper_mark
from services.intake.domain.loose_scan import LooseScan
from services.intake.domain.numbers.number import PlannedNumber
from services.intake.domain.scans.scan import Scan


@dataclass(frozen=True)
class Registration:
    """A letter about to be registered; all that is missing is its number, its code and its instant."""

    letter_id: str
    draft: Draft
    parties: Parties
    book: AgendaBook
    arrived: tuple[StoredFile, ...]
    """The files that came with the registration itself, and are yet to be put."""
    loose: tuple[LooseScan, ...]
    """Those that were uploaded before, and lie in the store already."""
    written: tuple[str, ...]
    """The files that may carry text."""
    caller: Principal
    acting: HeldPosition
    warnings: tuple[Document, ...]
    likeness: Likeness
    numbered: PlannedNumber | None = None
    """The number the house gives the letter, where it is asked to."""

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """All of the letter's files, those uploaded before first."""
        return (*(scan.file for scan in self.loose), *self.arrived)


async def prepare_registration(
    context: Context,
    caller: Principal,
    acting: HeldPosition,
    draft: Draft,
    scans: Sequence[Scan],
    loose: Sequence[LooseScan],
) -> Registration:
    """The registration, with nothing left to refuse but what only its transaction can tell."""
    today = now().astimezone(context.settings.zone).date()
    received_on = draft.received_on or today
    if received_on > today:
        raise unprocessable("date_in_future", "Tanggal terima belum tiba.", field="received_on")
    sorting = await judge_sorting(context, draft.kind, draft.classification)
    if not draft.training and await context.practising.includes(acting.unit_id):
        draft = draft.model_copy(update={"training": True})
    numbered = await plan_number(context, acting.unit_id, draft, today)
    if numbered:
        draft = draft.model_copy(update={"letter_date": numbered.particulars.on})
    look = _look_up(context, acting, draft, [*(one.file for one in loose), *scans])
    (parties, doubles), findings = await asyncio.gather(look, inspect_scans(context, scans))
    letter_id = new_id()
    arrived = [_stored(letter_id, scan, finding) for scan, finding in zip(scans, findings, strict=True)]
    return Registration(
        letter_id=letter_id,
        draft=draft.model_copy(update={"received_on": received_on}),
        parties=parties,
        book=book_for(acting.unit_id, draft.book, draft.direction, received_on, training=draft.training),
        arrived=tuple(arrived),
        loose=tuple(loose),
        written=tuple(_written(scans, arrived, loose)),
        caller=caller,
        acting=acting,
        warnings=(*doubles.warnings, *sorting),
        likeness=doubles.likeness,
        numbered=numbered,
    )


def _stored(letter_id: str, scan: Scan, finding: ScanFinding) -> StoredFile:
    file_id = new_id()
    return StoredFile(
        file_id=file_id,
        name=scan.name,
        object_key=object_key(letter_id, file_id),
        sha256=scan.sha256,
        size=scan.size,
        media_type=finding.media_type,
        pages=finding.pages,
    )


def _written(scans: Sequence[Scan], arrived: Sequence[StoredFile], loose: Sequence[LooseScan]) -> list[str]:
    signed = [file.file_id for scan, file in zip(scans, arrived, strict=True) if scan.written and _is_pdf(file)]
    return [scan.scan_id for scan in loose if scan.written and _is_pdf(scan.file)] + signed


def _is_pdf(file: StoredFile) -> bool:
    return file.media_type == "application/pdf"


async def _look_up(
    context: Context, acting: HeldPosition, draft: Draft, files: Sequence[StoredFile | Scan]
) -> tuple[Parties, Doubles]:
    """What the database knows of it, asked while the scans are judged."""
    parties = await resolve_parties(context, draft, acting)
    unit_id, training = acting.unit_id, draft.training
    paper = paper_mark(unit_id, parties.sender, draft.letter_number, draft.letter_date, training=training)
    marked = [Marked(file.name, file_mark(unit_id, file.sha256, training=training)) for file in files]
    return parties, await find_doubles(context, paper, marked)
