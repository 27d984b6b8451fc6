"""Typeset one document: ``typeset.py <template> <seconds since 1970> <tagged|plain>``, JSON on stdin, PDF on stdout.

``tagged`` also writes what a screen reader goes by, which takes as much memory again as the pages.

Run apart by its path, so that a book of thousands of rows takes neither the service's memory nor its time, and can be
stopped. Invariant: the same template, data and instant give the same bytes; nothing but the template's folder is read.
"""

import sys
from pathlib import Path
from typing import Any

import typst


def typeset(template: Path, data: str, at: int, *, tagged: bool) -> bytes:
    """The PDF: one for the archive, or a plain one where a character is in no font of ours."""
    compiler = typst.Compiler(root=template.parent, ignore_system_fonts=True)
    wanted: dict[str, Any] = {"input": template, "format": "pdf", "timestamp": at, "pdf_tags": tagged}
    try:
        made = compiler.compile(**wanted, sys_inputs={"data": data}, pdf_standards="a-2u")
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        made = compiler.compile(**wanted, sys_inputs={"data": data})
    if not isinstance(made, bytes):
        raise TypeError(f"{template.name} gave no document")
    return made


if __name__ == "__main__":
    written = typeset(Path(sys.argv[1]), sys.stdin.read(), int(sys.argv[2]), tagged=sys.argv[3] == "tagged")
    sys.stdout.buffer.write(written)
