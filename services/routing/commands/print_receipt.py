"""Print a letter's receipt. Invariant: the check word is told to the unit that entered the letter alone."""

from services.chassis.auth import HeldPosition, Principal
from services.chassis.clock import now
from services.chassis.errors import forbidden
from services.chassis.qr import qr_svg
from services.projections.letter_access import handles_letters
from services.projections.titles import display_title
from services.routing.commands.audit import note_opening
from services.routing.commands.entitlement import is_sender
from services.routing.commands.track_letter import arriving
from services.routing.context import Context
from services.routing.domain.letter import Letter
from services.routing.domain.receipt import Slip, receipt

PAGE = "/lacak"


async def print_receipt(context: Context, caller: Principal, letter_id: str) -> tuple[Letter, bytes]:
    """The letter, and its receipt as PDF; 404 unless the caller may read the letter."""
    desk = context.front_desk
    letter = await arriving(context, caller, letter_id)
    if not any(is_sender(held, letter) for held in caller.positions):
        raise forbidden("Tanda terima dicetak oleh unit yang mendaftarkan surat, karena memuat kata kunci pengirim.")
    await note_opening(context, caller, letter)
    branches = await desk.branches.of(letter.id, None)
    address = desk.settings.public_url.rstrip("/") + PAGE
    held = _held(caller, letter)
    slip = Slip(
        check_word=await desk.check_words.of(letter.id),
        address=address,
        printed_by=f"{caller.name} ({display_title(held.title, held.capacity)})" if held else caller.name,
        printed_at=now(),
        shows_subject=any(handles_letters(one.role, letter.summary.confidentiality) for one in caller.positions),
    )
    data = {**receipt(letter, branches, slip, desk.zone), "regency": desk.settings.regency_name}
    # What is after the # is not sent to a server: the code lands in no log on its way to the page.
    drawings = {"code": qr_svg(f"{address}#{letter.summary.tracking_code}")}
    return letter, await desk.paper.print("receipt", data, at=slip.printed_at, drawings=drawings)


def _held(caller: Principal, letter: Letter) -> HeldPosition | None:
    """The position the caller prints it as: one in the unit that entered the letter, or else the first."""
    own = caller.in_unit(letter.registered_by.unit_id)
    return next(iter(own or caller.positions), None)
