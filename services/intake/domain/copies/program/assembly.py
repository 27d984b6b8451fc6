"""All pages in one PDF, each with its text. Invariant: what people see of a page is not changed, but set upright.

The PDF is an archive's (PDF/A-2b) where a strict validator says so of the very bytes that were written; otherwise (a
word processor's PDF without its fonts, say) it is a PDF. What could run, open or carry anything is left out.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, pdfa

_ACTIVE = (Name.OpenAction, Name.AA, Name.Names, Name.AcroForm, Name.Perms, Name.Collection, Name.PieceInfo)
_A4 = (595.28, 841.89)


def assemble(
    pages: Mapping[int, dict[str, Any] | None], folder: Path, original: Path | None, target: Path, *, archival: bool
) -> bool:
    """Write ``target``; whether it is an archive's, if that is wanted. ``original`` where it is a PDF.

    None stands for a failed page, which is blank here: what broke one reader is handed to no other.
    """
    with Pdf.open(original) if original else Pdf.new() as document:
        if original:
            _disarm(document)
        for number, made in pages.items():
            if original is None:
                _append(document, folder / f"{number}.pdf")
            if made is None and original:
                _blank(document, number - 1)
            if made is not None:
                _lay_over(document, document.pages[number - 1], made, folder / f"{number}-text.pdf")
        document.remove_unreferenced_resources()
        return _save(document, target, archival=archival)


def _append(document: Pdf, page: Path) -> None:
    try:
        with Pdf.open(page) as one:
            document.pages.extend(one.pages)
    except (OSError, pikepdf.PdfError):
        document.add_blank_page(page_size=_A4)  # it could not be copied; the pages behind it keep their numbers


def _lay_over(document: Pdf, page: pikepdf.Page, made: dict[str, Any], layer: Path) -> None:
    if made["turn"]:
        page.rotate(made["turn"], relative=True)
    if made["matrix"] is None:
        return
    with Pdf.open(layer) as text:
        form = document.copy_foreign(text.pages[0].as_form_xobject())
    name = page.add_resource(form, Name.XObject, prefix="Words")
    numbers = " ".join(f"{one:.6f}" for one in made["matrix"])
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(f"\nQ\nq {numbers} cm {name} Do Q\n".encode())


def _disarm(document: Pdf) -> None:
    for key in _ACTIVE:
        if key in document.Root:
            del document.Root[key]
    for page in document.pages:
        if Name.AA in page.obj:
            del page.obj[Name.AA]
        notes = page.obj.get(Name.Annots)
        if isinstance(notes, Array):
            for note in notes:
                _disarm_note(note)


def _disarm_note(note: pikepdf.Object) -> None:
    if not isinstance(note, Dictionary):
        return
    for key in (Name.AA, Name.FS):
        if key in note:
            del note[key]
    action = note.get(Name.A)
    if action is not None and not (isinstance(action, Dictionary) and action.get(Name.S) in (Name.URI, Name.GoTo)):
        del note[Name.A]


def _blank(document: Pdf, index: int) -> None:
    document.add_blank_page(page_size=_A4)
    document.pages[index] = document.pages[-1]
    del document.pages[-1]


def _save(document: Pdf, target: Path, *, archival: bool) -> bool:
    if archival:
        with suppress(
            pdfa.PdfaError, pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError
        ):
            pdfa.save(document, target, "2b", output_intent="sRGB")
            return True
    document.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return False
