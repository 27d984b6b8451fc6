"""Keep the catalogue. Invariant: of two changes to the same version one is refused; codes are never given twice."""

from typing import Any, TypeVar

from services.chassis.auth import Principal
from services.chassis.errors import ServiceError, conflict, not_found
from services.chassis.idempotency import fingerprint
from services.chassis.mongo import Document, DuplicateKeyError
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction
from services.disposition.context import Context
from services.disposition.domain.catalogue import Entry
from services.disposition.domain.first_catalogue import STEP
from services.disposition.store.catalogue import Shelf

MOST_ENTRIES = 300
"""What a screen and a printed sheet can still show; those in use no more count too."""
E = TypeVar("E", bound=Entry)


async def add_entry(
    context: Context, shelf: Shelf[E], kind: type[E], caller: Principal, key: str | None, facts: Document
) -> E:
    """A new entry, the last where no place is said; 409 where its code was ever used."""

    async def act(tx: Transaction) -> Document:
        present = await shelf.get(facts["code"], tx.session)
        if present:
            raise _code_taken(present)
        entries = await shelf.all()
        if len(entries) >= MOST_ENTRIES:
            raise conflict("catalogue_full", "Katalog sudah penuh. Aktifkan kembali yang lama.", state=len(entries))
        place = {"order": max((one.order for one in entries.values()), default=0) + STEP}
        entry = kind.model_validate(place | facts | _by(caller, tx))
        await shelf.keep(entry, tx.session)
        return entry.model_dump(mode="json")

    try:
        answer, _ = await context.idempotent.run(caller.person_id, key, fingerprint(kind.__name__, facts), act)
    except DuplicateKeyError:
        raise conflict("code_taken", "Kode ini sudah dipakai.", state={"code": facts["code"]}) from None
    shelf.forget()
    return kind.model_validate(answer)


async def change_entry(
    context: Context, shelf: Shelf[E], caller: Principal, code: str, seen: int | None, facts: dict[str, Any]
) -> E:
    """The entry with these facts; the same again changes nothing."""

    async def work(tx: Transaction) -> E:
        before = await shelf.get(code, tx.session)
        if before is None:
            raise not_found("Kode")
        check_version(before.version, seen)
        after = type(before).model_validate(before.model_dump() | facts)
        if after == before:
            return before
        kept = after.model_copy(update={"version": before.version + 1, **_by(caller, tx)})
        if not await shelf.keep(kept, tx.session):
            raise conflict("state_changed", "Katalog baru saja diubah. Silakan muat ulang.", state=before.version)
        return kept

    kept = await context.uow.run(work)
    shelf.forget()
    return kept


def _by(caller: Principal, tx: Transaction) -> dict[str, Any]:
    return {"by_id": caller.person_id, "by_name": caller.name, "at": tx.now}


def _code_taken(present: Entry) -> ServiceError:
    state = {"code": present.code, "retired": present.retired, "version": present.version}
    if present.retired:
        return conflict("code_taken", "Kode ini sudah pernah dipakai. Aktifkan kembali bila diperlukan.", state=state)
    return conflict("code_taken", "Kode ini sudah dipakai.", state=state)
