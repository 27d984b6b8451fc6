"""Set how numbers look. Invariant: forms replace only those their maker has seen, and only of a unit there is."""

from dataclasses import dataclass

from services.chassis.auth import Principal
from services.chassis.errors import not_found, unprocessable
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction
from services.intake.context import Context
from services.intake.domain.numbers.forms import KINDS, REGENCY, InForce, KeptForms, NumberForms, TemplateKind, in_force


@dataclass(frozen=True)
class Numbering:
    """What is set for a unit or the regency, and what comes of it."""

    kept: KeptForms
    in_force: dict[TemplateKind, InForce]


async def show_numbering(context: Context, unit_id: str | None) -> Numbering:
    """How a unit numbers what it sends, or, without one, any unit that has nothing of its own."""
    if unit_id is not None and await context.organisation.unit(unit_id) is None:
        raise not_found("Unit")
    return await _numbering(context, unit_id, await context.books.forms.read(unit_id or REGENCY))


async def set_numbering(
    context: Context, caller: Principal, unit_id: str | None, seen: int | None, forms: NumberForms
) -> Numbering:
    """The forms as they now are; the same again changes nothing. Numbers given before keep what they say."""
    if unit_id is not None and await context.organisation.unit(unit_id) is None:
        raise not_found("Unit")
    if unit_id is None and forms.code is not None:
        raise unprocessable("code_of_no_unit", "Kode hanya dapat diatur untuk satu unit.", field="code")
    owner = unit_id or REGENCY

    async def work(tx: Transaction) -> KeptForms:
        present = await context.books.forms.read(owner, tx.session)
        check_version(present.version, seen)
        if present.forms == forms:
            return present
        kept = KeptForms(
            forms=forms, version=present.version + 1, by_id=caller.person_id, by_name=caller.name, at=tx.now
        )
        await context.books.forms.write(owner, kept, tx.session)
        return kept

    kept = await context.uow.run(work)
    return await _numbering(context, unit_id, kept)


async def _numbering(context: Context, unit_id: str | None, kept: KeptForms) -> Numbering:
    regency = kept.forms if unit_id is None else (await context.books.forms.read(REGENCY)).forms
    own = kept.forms if unit_id else NumberForms()
    return Numbering(kept, {kind: in_force(kind, own, regency) for kind in KINDS})
