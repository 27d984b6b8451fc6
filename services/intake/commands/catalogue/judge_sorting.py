"""Judge what a letter is said to be and where it is filed. Invariant: what comes from outside is never held up by it.

A kind that is not in the catalogue is another office's word and only warned of; a code that is retired may be that of a
dossier that goes on. A code that never was is a slip of the hand, and refused once there is a catalogue to tell by.
"""

from services.chassis.errors import unprocessable
from services.chassis.mongo import Document
from services.intake.context import Context
from services.intake.domain.catalogue.kinds import key_of


async def judge_sorting(context: Context, kind: str | None, code: str | None) -> tuple[Document, ...]:
    """What is to be said of the kind and the classification, where they are given; 422 for a code that never was."""
    return (*(await _of_kind(context, kind) if kind else ()), *(await _of_code(context, code) if code else ()))


async def _of_kind(context: Context, name: str) -> tuple[Document, ...]:
    kind = await context.kinds.named(key_of(name))
    if kind is None:
        return (_warned("unknown_kind", f"Jenis naskah “{name}” tidak ada dalam katalog."),)
    if kind.retired:
        return (_warned("retired_kind", f"Jenis naskah “{name}” sudah tidak dipakai."),)
    return ()


async def _of_code(context: Context, code: str) -> tuple[Document, ...]:
    catalogue = await context.classifications.present()
    if code not in catalogue.entries and catalogue.complete:
        # It may have been brought in a moment ago, by another process.
        catalogue = await context.classifications.newest()
    entry = catalogue.entries.get(code)
    if entry is None and catalogue.complete:
        detail = f"Kode klasifikasi {code} tidak ada dalam katalog."
        raise unprocessable("unknown_classification", detail, field="classification")
    if entry is not None and entry.retired:
        return (_warned("retired_classification", f"Kode klasifikasi {code} ({entry.name}) sudah tidak dipakai."),)
    return ()


def _warned(code: str, detail: str) -> Document:
    return {"code": code, "detail": detail, "letter_id": None}
