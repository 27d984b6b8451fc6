"""Keep a draft, show it, change it, throw it away. Invariant: who handles all letters of a unit shares its drafts."""

from typing import Any

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.errors import ServiceError, not_found
from services.chassis.idempotency import fingerprint
from services.chassis.ids import new_id
from services.chassis.mongo import Document
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction
from services.intake.commands.acting import acting_position
from services.intake.commands.find_loose_scans import find_loose_scans
from services.intake.context import Context
from services.intake.domain.kept_draft import KeptDraft
from services.projections.reading import handles_letters

OPEN_AT_MOST = 500
"""Open drafts of one person: an offline village comes back with dozens."""


async def keep_draft(
    context: Context, caller: Principal, letter: dict[str, Any], scans: tuple[str, ...], key: str | None
) -> KeptDraft:
    """A new draft of the caller's, or what this key kept before."""
    acting = acting_position(caller, letter.get("as_position"))
    request = fingerprint("draft", letter, scans)
    first = await context.acts.find(caller.person_id, key, request)
    if first is not None:
        return KeptDraft.model_validate(first)
    await find_loose_scans(context, caller, scans)
    if len(await context.drafts.shown_to([f"person/{caller.person_id}"])) >= OPEN_AT_MOST:
        detail = f"Anda sudah menyimpan {OPEN_AT_MOST} konsep surat. Daftarkan atau hapus sebagian lebih dahulu."
        raise ServiceError(409, "too_many_drafts", detail)

    async def act(transaction: Transaction) -> Document:
        at = transaction.now
        draft = KeptDraft(
            id=new_id(),
            person_id=caller.person_id,
            unit_id=acting.unit_id,
            position_id=acting.position_id,
            letter=letter,
            scans=scans,
            version=1,
            created_at=at,
            changed_at=at,
        )
        await context.drafts.add(draft, transaction.session)
        return draft.model_dump()

    answer, _ = await context.acts.run(caller.person_id, key, request, act)
    return KeptDraft.model_validate(answer)


async def find_draft(context: Context, caller: Principal, draft_id: str) -> KeptDraft:
    """The draft, or 404 where it is not there or not the caller's to see."""
    draft = await context.drafts.get(draft_id)
    if draft is None or not _may_see(caller, draft):
        raise not_found("Konsep surat")
    return draft


async def list_drafts(
    context: Context, caller: Principal, cursor: str | None, limit: int
) -> tuple[list[KeptDraft], str | None]:
    """A page of the open drafts the caller may see, newest first."""
    units = [f"unit/{held.unit_id}" for held in caller.positions if handles_letters(held.role, "top_secret")]
    found = await context.drafts.shown_to([f"person/{caller.person_id}", *dict.fromkeys(units)])
    page = [one for one in found if cursor is None or one.id < cursor]
    return page[:limit], page[limit - 1].id if len(page) > limit else None


async def change_draft(
    context: Context,
    caller: Principal,
    draft_id: str,
    letter: dict[str, Any],
    scans: tuple[str, ...],
    seen: int | None,
) -> KeptDraft:
    """The draft with new content; 409 once it is a letter."""
    draft = await find_draft(context, caller, draft_id)
    _still_open(draft)
    check_version(draft.version, seen)
    await find_loose_scans(context, caller, scans)
    changed = draft.model_copy(
        update={"letter": letter, "scans": scans, "version": draft.version + 1, "changed_at": now()}
    )
    if not await context.drafts.replace(changed):
        present = await find_draft(context, caller, draft_id)
        _still_open(present)
        check_version(present.version, draft.version)
    return changed


async def throw_draft_away(context: Context, caller: Principal, draft_id: str) -> None:
    """Forget the draft; its scans are swept when nothing names them."""
    draft = await find_draft(context, caller, draft_id)
    _still_open(draft)
    await context.drafts.remove(draft_id)


def _still_open(draft: KeptDraft) -> None:
    if draft.letter_id is not None:
        raise registered(draft.letter_id)


def registered(letter_id: str) -> ServiceError:
    """The refusal of a draft that is a letter already."""
    detail = "Konsep ini sudah didaftarkan menjadi surat."
    return ServiceError(409, "draft_registered", detail, extra={"letter_id": letter_id})


def _may_see(caller: Principal, draft: KeptDraft) -> bool:
    own = caller.person_id == draft.person_id
    return own or any(handles_letters(held.role, "top_secret") for held in caller.in_unit(draft.unit_id))
