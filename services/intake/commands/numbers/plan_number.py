"""Plan the number of a letter that is sent. Invariant: what it needs is known before its running part is taken.

So nothing is refused any more once the counter has moved, and no running number is lost to a missing field.
"""

from datetime import date

from services.chassis.errors import unprocessable
from services.intake.context import Context
from services.intake.domain.draft import Draft
from services.intake.domain.numbers.forms import REGENCY, InForce, TemplateKind, in_force
from services.intake.domain.numbers.number import PlannedNumber, series_for
from services.intake.domain.numbers.template import Particulars, Want, wanting

WORDS: dict[Want, str] = {
    "classification": "Nomor surat memuat kode klasifikasi. Isilah klasifikasi arsip surat ini.",
    "unit_code": "Nomor surat memuat kode unit, tetapi kode unit ini belum diatur. Hubungi administrator.",
}


async def plan_number(context: Context, unit_id: str, draft: Draft, today: date) -> PlannedNumber | None:
    """The number ``draft`` asks for, dated its letter's day or today; None where it keeps what the sender wrote."""
    if draft.number_template is None:
        return None
    on = draft.letter_date or today
    if on > today:
        raise unprocessable("date_in_future", "Tanggal surat belum tiba.", field="letter_date")
    if on.year < today.year - 1:
        detail = f"Nomor surat tahun {on.year} tidak diberikan lagi. Tulislah nomornya sendiri."
        raise unprocessable("number_year_closed", detail, field="letter_date")
    form, code = await form_of(context, unit_id, draft.number_template)
    known = Particulars(draft.confidentiality, on, draft.classification, code)
    series = series_for(unit_id, form.series, on.year, training=draft.training)
    planned = PlannedNumber(series, form.template, known, draft.training)
    for lacking in wanting(planned.parts, known):
        raise unprocessable(f"{lacking}_missing", WORDS[lacking], field=lacking)
    return planned


async def form_of(context: Context, unit_id: str, kind: TemplateKind) -> tuple[InForce, str | None]:
    """The form the unit goes by, and its code in numbers."""
    own = (await context.books.forms.read(unit_id)).forms
    regency = (await context.books.forms.read(REGENCY)).forms
    return in_force(kind, own, regency), own.code
