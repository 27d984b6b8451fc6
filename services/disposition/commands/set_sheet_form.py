"""Set the printed form. Invariant: a form replaces only one its maker has seen, and names only units there are."""

from services.chassis.auth import Principal
from services.chassis.errors import unprocessable
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction
from services.disposition.context import Context
from services.disposition.domain.sheet_form import KeptForm, SheetForm


async def set_sheet_form(context: Context, caller: Principal, seen: int | None, form: SheetForm) -> KeptForm:
    """The form as it now is. The same again changes nothing."""
    unknown = [one.unit_id for one in form.units if await context.organisation.unit(one.unit_id) is None]
    if unknown:
        raise unprocessable("unknown_unit", "Ada unit yang tidak dikenal.", units=unknown)

    async def work(tx: Transaction) -> KeptForm:
        present = await context.print_room.forms.read(tx.session)
        check_version(present.version, seen)
        if present.form == form:
            return present
        kept = KeptForm(form=form, version=present.version + 1, by_id=caller.person_id, by_name=caller.name, at=tx.now)
        await context.print_room.forms.write(kept, tx.session)
        return kept

    return await context.uow.run(work)
