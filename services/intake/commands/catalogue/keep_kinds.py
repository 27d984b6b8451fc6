"""Keep the kinds of papers. Invariant: a code is given once, and no two kinds in use have the same name."""

from typing import Any

from services.chassis.auth import Principal
from services.chassis.errors import ServiceError, conflict, not_found
from services.chassis.idempotency import fingerprint
from services.chassis.mongo import Document, DuplicateKeyError
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction
from services.intake.context import Context
from services.intake.domain.catalogue.kinds import STEP, LetterKind, key_of

MOST_KINDS = 300
"""What a list to choose from can still show; those in use no more count too."""


async def add_kind(context: Context, caller: Principal, key: str | None, facts: Document) -> LetterKind:
    """A new kind, the last where no place is said; 409 where its code was ever used, or its name is."""

    async def act(tx: Transaction) -> Document:
        present = await context.kinds.get(facts["code"], tx.session)
        if present:
            raise _code_taken(present)
        kinds = await context.kinds.all()
        if len(kinds) >= MOST_KINDS:
            raise conflict("catalogue_full", "Katalog sudah penuh. Aktifkan kembali yang lama.", state=len(kinds))
        place = {"order": max(one.order for one in kinds.values()) + STEP}
        kind = LetterKind.model_validate(place | facts | _by(caller, tx))
        await _check_name(context, kind)
        await context.kinds.keep(kind, tx.session)
        return kind.model_dump(mode="json")

    context.kinds.forget()
    try:
        answer, _ = await context.acts.run(caller.person_id, key, fingerprint("letter_kind", facts), act)
    except DuplicateKeyError:
        raise conflict("code_taken", "Kode ini sudah dipakai.", state={"code": facts["code"]}) from None
    context.kinds.forget()
    return LetterKind.model_validate(answer)


async def change_kind(
    context: Context, caller: Principal, code: str, seen: int | None, facts: dict[str, Any]
) -> LetterKind:
    """The kind with these facts; the same again changes nothing. Letters keep the name they were registered with."""

    async def work(tx: Transaction) -> LetterKind:
        before = await context.kinds.get(code, tx.session)
        if before is None:
            raise not_found("Jenis naskah")
        check_version(before.version, seen)
        after = LetterKind.model_validate(before.model_dump() | facts)
        if after == before:
            return before
        await _check_name(context, after)
        kept = after.model_copy(update={"version": before.version + 1, **_by(caller, tx)})
        if not await context.kinds.keep(kept, tx.session):
            raise conflict("state_changed", "Katalog baru saja diubah. Silakan muat ulang.", state=before.version)
        return kept

    context.kinds.forget()
    kept = await context.uow.run(work)
    context.kinds.forget()
    return kept


async def _check_name(context: Context, kind: LetterKind) -> None:
    others = [one for one in (await context.kinds.all()).values() if one.code != kind.code and not one.retired]
    alike = next((one for one in others if one.key == key_of(kind.name)), None)
    if alike and not kind.retired:
        raise conflict("name_taken", f"Jenis naskah “{alike.name}” sudah ada.", state={"code": alike.code})


def _by(caller: Principal, tx: Transaction) -> dict[str, Any]:
    return {"by_id": caller.person_id, "by_name": caller.name, "at": tx.now}


def _code_taken(present: LetterKind) -> ServiceError:
    state = {"code": present.code, "retired": present.retired, "version": present.version}
    again = " Aktifkan kembali bila diperlukan." if present.retired else ""
    return conflict("code_taken", f"Kode ini sudah dipakai.{again}", state=state)
