"""Reading delimited text (CSV). Invariant: a file as a spreadsheet program here saves it is read unasked.

That is with commas, semicolons (where the comma is the decimal sign, as in Indonesia) or tabs, in UTF-8, UTF-16 or the
old Windows code page.
"""

import csv
from collections.abc import Iterator
from io import StringIO

from services.chassis.errors import unprocessable

DELIMITERS = ";\t,"
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def rows_of(content: bytes) -> Iterator[list[str]]:
    """The rows, empty ones too; 422 for what is no text."""
    text = _decoded(content)
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep="):
        # Excel's own line that names the delimiter: a row to Excel's numbering, and nothing to read
        delimiter = first.strip()[4:5] or ","
        yield []
        text = rest
    else:
        delimiter = max(DELIMITERS, key=first.count)
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise _unreadable() from error


def _decoded(content: bytes) -> str:
    marked = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _unreadable()


def _unreadable() -> Exception:
    return unprocessable("sheet_unreadable", "Berkas ini bukan XLSX dan bukan teks CSV yang dapat dibaca.")
