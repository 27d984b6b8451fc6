"""Print the lembar disposisi. Invariant: no page leaves the house without a seal, the same page always has the same
one, and whoever printed it is noted.
"""

import hashlib
import secrets
from typing import Any

from services.chassis.auth import Principal
from services.chassis.qr import qr_svg
from services.chassis.uow import Transaction
from services.contracts.vocabulary import Actor
from services.disposition.commands.show_dispositions import show_disposition
from services.disposition.context import Context
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.seal import CODE_BITS, Seal, code_of, content_of, digest
from services.disposition.domain.sheet import Print, official_of, sheet, signer_of


async def print_sheet(context: Context, caller: Principal, disposition_id: str) -> tuple[Disposition, bytes]:
    """The disposition, and its sheet as PDF; 404 unless the caller may see the disposition."""
    disposition, _ = await show_disposition(context, caller, disposition_id)
    page = await _page(context, disposition)
    seal = await _sealed(context, disposition, page)
    room = context.print_room
    data = {**page, "code": seal.id, "address": room.address}
    # What is after the # is not sent to a server: the code lands in no log on its way to the page.
    drawings = {"code": qr_svg(f"{room.address}#{seal.id}")}
    # Dated when it was sealed, so that the same page is the same file.
    pdf = await room.paper.print("sheet", data, at=seal.sealed_at, drawings=drawings)
    await _note(context, caller, disposition, seal, hashlib.sha256(pdf).hexdigest())
    return disposition, pdf


async def _page(context: Context, disposition: Disposition) -> dict[str, Any]:
    room = context.print_room
    held = await context.officials.assignments_of(disposition.issuer.position_id)
    made_of = Print(
        form=(await room.forms.read()).form,
        regency=room.regency,
        particulars=await room.particulars.of(disposition.letter_id),
        catalogue=await context.instructions.all(),
        official=official_of(disposition, held, context.timezone),
        zone=context.timezone,
    )
    return sheet(disposition, made_of)


async def _sealed(context: Context, disposition: Disposition, page: dict[str, Any]) -> Seal:
    """The page's seal; a new one where this page was not printed before."""
    seals, page_digest = context.print_room.seals, digest(page)

    async def work(tx: Transaction) -> Seal:
        known = await seals.on_page(disposition.id, page_digest, tx.session)
        if known:
            return known
        seal = Seal(
            id=code_of(secrets.randbits(CODE_BITS)),
            disposition_id=disposition.id,
            signer=signer_of(disposition),
            unit_name=disposition.issuer.unit_name,
            signed_on=disposition.issued_at.astimezone(context.timezone).date(),
            content=digest(content_of(disposition)),
            page=page_digest,
            sealed_at=tx.now.replace(microsecond=0),
        )
        await seals.add(seal, tx.session)
        return seal

    return await context.uow.run(work)


async def _note(context: Context, caller: Principal, disposition: Disposition, seal: Seal, sha256: str) -> None:
    async def work(tx: Transaction) -> None:
        await context.print_room.seals.note_printing(seal.id, sha256, _printer(caller, disposition), tx)

    await context.uow.run(work)


def _printer(caller: Principal, disposition: Disposition) -> Actor | str:
    """Who prints it: as the position that is party to it, else as the first they hold, else as themselves."""
    own = [held for held in caller.positions if held.position_id in disposition.parties]
    held = next(iter([*own, *caller.positions]), None)
    return caller.acting_as(held) if held else caller.person_id
