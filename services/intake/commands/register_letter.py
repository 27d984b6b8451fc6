"""Register a letter: the way from a draft and its scans to a number in the book.

Invariant: a registration is written down before its originals are put, they are in the store before the transaction,
and the number, the letter, its first readers, its event and the idempotency record commit together; whatever is refused
leaves nothing behind.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.auth import HeldPosition, Principal
from services.chassis.clock import now
from services.chassis.errors import ServiceError, unprocessable
from services.chassis.idempotency import fingerprint
from services.chassis.ids import new_id
from services.chassis.mongo import Document, DuplicateKeyError, surely_rolled_back
from services.chassis.uow import Transaction
from services.contracts.intake import StoredFile
from services.intake.commands.acting import acting_position
from services.intake.commands.inspect_scans import inspect_scans
from services.intake.commands.resolve_parties import Parties, resolve_parties
from services.intake.commands.store_scans import discard_scans, object_key, store_scans
from services.intake.context import Context
from services.intake.domain.agenda import AgendaBook, book_for
from services.intake.domain.draft import Draft
from services.intake.domain.letter import FIRST_VERSION, Letter, likeness
from services.intake.domain.scans.scan import Scan
from services.intake.domain.tracking import new_tracking_code
from services.projections.first_access import first_access

CLASHES = 3
"""How often a registration is tried when the database calls something a double: a book's very first number taken by
two processes at once, or (once in a hundred thousand years) a tracking code."""


@dataclass(frozen=True)
class _Registration:
    """A letter about to be registered; all that is missing is its number, its code and its instant."""

    letter_id: str
    draft: Draft
    parties: Parties
    book: AgendaBook
    files: tuple[StoredFile, ...]
    written: tuple[str, ...]
    """The files that may carry text."""
    caller: Principal
    acting: HeldPosition
    warnings: tuple[Document, ...]
    likeness: str | None


async def register_letter(
    context: Context, caller: Principal, draft: Draft, scans: Sequence[Scan], key: str | None
) -> Document:
    """The answer of a registration, first or repeated."""
    acting = acting_position(caller, draft.as_position)
    request = fingerprint(
        draft.model_dump(mode="json", exclude_unset=True), [[scan.name, scan.sha256] for scan in scans]
    )
    first = await context.acts.find(caller.person_id, key, request)
    if first is not None:
        return first
    registration = await _prepared(context, caller, draft, scans, acting)
    await context.underway.begin(registration.letter_id)
    await store_scans(context.storage, list(zip(registration.files, scans, strict=True)))
    try:
        answer, repeated = await _commit(context, registration, key, request)
    except Exception as error:
        if isinstance(error, ServiceError) or surely_rolled_back(error):
            await discard_scans(context.storage, registration.files)
        raise
    if repeated:
        await discard_scans(context.storage, registration.files)
    return answer


async def _prepared(
    context: Context, caller: Principal, draft: Draft, scans: Sequence[Scan], acting: HeldPosition
) -> _Registration:
    """Everything that can be refused is refused here, before anything is put or written."""
    today = now().astimezone(context.settings.zone).date()
    received_on = draft.received_on or today
    if received_on > today:
        raise unprocessable("date_in_future", "Tanggal terima belum tiba.", field="received_on")
    parties, findings = await asyncio.gather(resolve_parties(context, draft, acting), inspect_scans(scans))
    letter_id = new_id()
    files, written = [], []
    for scan, finding in zip(scans, findings, strict=True):
        file_id = new_id()
        files.append(
            StoredFile(
                file_id=file_id,
                name=scan.name,
                object_key=object_key(letter_id, file_id),
                sha256=scan.sha256,
                size=scan.size,
                media_type=finding.media_type,
                pages=finding.pages,
            )
        )
        if scan.written and finding.media_type == "application/pdf":
            written.append(file_id)
    alike = likeness(acting.unit_id, parties.sender, draft.letter_number, draft.letter_date)
    return _Registration(
        letter_id=letter_id,
        draft=draft.model_copy(update={"received_on": received_on}),
        parties=parties,
        book=book_for(acting.unit_id, draft.book, draft.direction, received_on),
        files=tuple(files),
        written=tuple(written),
        caller=caller,
        acting=acting,
        warnings=_warnings(await context.letters.alike(alike)),
        likeness=alike,
    )


def _warnings(alike: Document | None) -> tuple[Document, ...]:
    if alike is None:
        return ()
    number = f"{alike['agenda_number']}/{alike['year']}"
    detail = f"Surat dengan pengirim, nomor, dan tanggal yang sama sudah tercatat dengan nomor agenda {number}."
    return ({"code": "duplicate", "detail": detail, "letter_id": alike["_id"]},)


async def _commit(
    context: Context, registration: _Registration, key: str | None, request: str
) -> tuple[Document, bool]:
    async def act(transaction: Transaction) -> Document:
        return await _enter(context, registration, transaction)

    async with context.numbering.hold(registration.book.key):
        for _ in range(CLASHES - 1):
            try:
                return await context.acts.run(registration.caller.person_id, key, request, act)
            except DuplicateKeyError:
                continue
        return await context.acts.run(registration.caller.person_id, key, request, act)


async def _enter(context: Context, registration: _Registration, transaction: Transaction) -> Document:
    """The writes of a registration. The counter comes late: the less is done while it is held the better."""
    draft, parties = registration.draft, registration.parties
    acting = registration.acting
    access = first_access(draft.confidentiality, acting.unit_id, acting.position_id, parties.places)
    await context.readers.begin(registration.letter_id, access, transaction.session)
    number = await context.counters.next(registration.book, transaction.session)
    letter = _letter(registration, number, transaction)
    await context.letters.add(letter, registration.likeness, registration.written, transaction.session)
    transaction.publish(letter.registered(), seq=FIRST_VERSION)
    return _answer(letter, registration.warnings)


def _letter(registration: _Registration, number: int, transaction: Transaction) -> Letter:
    draft, parties = registration.draft, registration.parties
    said = {name: getattr(draft, name) for name in _TAKEN_OVER}
    return Letter(
        letter_id=registration.letter_id,
        book=registration.book.name,
        year=registration.book.year,
        agenda_number=number,
        tracking_code=new_tracking_code(),
        sender=parties.sender,
        addressees=parties.addressees,
        copies=parties.copies,
        files=registration.files,
        occasion=draft.occasion.occasion() if draft.occasion else None,
        registered_by=registration.caller.acting_as(registration.acting),
        registered_at=transaction.now,
        **said,
    )


_TAKEN_OVER = (
    "direction",
    "kind",
    "category",
    "urgency",
    "confidentiality",
    "subject",
    "summary",
    "letter_number",
    "letter_date",
    "classification",
    "received_on",
)


def _answer(letter: Letter, warnings: tuple[Document, ...]) -> Document:
    return {
        "id": letter.letter_id,
        "agenda_number": letter.agenda_number,
        "year": letter.year,
        "book": letter.book,
        "tracking_code": letter.tracking_code,
        "files": [file.model_dump(exclude={"object_key"}) for file in letter.files],
        "registered_at": letter.registered_at,
        "warnings": list(warnings),
    }
