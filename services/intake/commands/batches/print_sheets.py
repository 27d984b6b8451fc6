"""Print separator sheets. Invariant: of the caller's own units alone, for units that there are."""

from dataclasses import dataclass

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.errors import forbidden, unprocessable
from services.chassis.qr import qr_svg
from services.intake.commands.acting import acting_position
from services.intake.context import Context
from services.intake.domain.batches.form_labels import labelled
from services.intake.domain.batches.sheet import SeparatorSheet, SheetDefaults, code_of


@dataclass(frozen=True)
class SheetsWanted:
    """How many sheets of what; ``unit_id`` None is the unit of the caller's acting position."""

    unit_id: str | None
    defaults: SheetDefaults
    count: int
    duplex: bool


async def print_sheets(context: Context, caller: Principal, wanted: SheetsWanted) -> bytes:
    """A PDF of sheets; the same sheet so many times, with its back where the printer prints both sides."""
    acting = acting_position(caller, None)
    if wanted.unit_id not in (None, acting.unit_id):
        held = caller.in_unit(wanted.unit_id or "")
        if not held:
            raise forbidden("Lembar pemisah hanya dapat dicetak untuk unit Anda sendiri.")
        acting = held[0]
    sheet = SeparatorSheet(unit_id=acting.unit_id, defaults=wanted.defaults)
    addressee = await _addressee(context, wanted.defaults.addressee)
    code = code_of(sheet, await context.batching.keys.key())
    at = now()
    data = {
        "unit": acting.unit_name,
        "defaults": labelled(wanted.defaults, addressee),
        "count": wanted.count,
        "duplex": wanted.duplex,
        "printed": context.settings.regency_name,
    }
    drawings = {"code": qr_svg(code, correction="q")}
    return await context.batching.paper.print("sheet", data, at=at, drawings=drawings)


async def _addressee(context: Context, unit_id: str | None) -> str | None:
    if unit_id is None:
        return None
    unit = await context.organisation.unit(unit_id)
    if unit is None:
        raise unprocessable("unknown_unit", "Unit tujuan pada lembar pemisah tidak dikenal.", field="addressee")
    return unit.name
