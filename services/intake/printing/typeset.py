"""Typeset one document: ``typeset.py <template> <seconds since 1970>``, data as JSON on stdin, the PDF on stdout.

Run apart by its path, so that a book of thousands of rows takes neither the service's memory nor its time, and can be
stopped. Invariant: the same template, data and instant give the same bytes; nothing but the template's folder is read.
"""

import sys
from pathlib import Path

import typst


def typeset(template: Path, data: str, at: int) -> bytes:
    """The PDF: one for the archive, or a plain one where a character is in no font of ours."""
    compiler = typst.Compiler(root=template.parent, ignore_system_fonts=True)
    inputs = {"data": data}
    try:
        made = compiler.compile(input=template, format="pdf", sys_inputs=inputs, timestamp=at, pdf_standards="a-2u")
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        made = compiler.compile(input=template, format="pdf", sys_inputs=inputs, timestamp=at)
    if not isinstance(made, bytes):
        raise TypeError(f"{template.name} gave no document")
    return made


if __name__ == "__main__":
    written = typeset(Path(sys.argv[1]), sys.stdin.read(), int(sys.argv[2]))
    sys.stdout.buffer.write(written)
