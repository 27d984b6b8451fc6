"""The text a PDF carries. Invariant: runs as a program of its own, and what it reads can do no more than end it.

A scan comes from outside, and the reader is native code. So it is run apart from the service, on the file alone:
``text_layer.py <characters> <seconds> <bytes>`` takes a PDF from its standard input and writes the text to its standard
output, with that much processor time and memory. Before it looks at the file it gives up what it does not need: it can
open no file and no connection, start no process and write nothing but its answer. It is run by its path, isolated from
the service's environment, and imports nothing of this package.
"""

import os
import resource
import sys
import unicodedata

LINE_BROKEN_WORD = "\x02"
"""What the reader puts where a hyphen broke a word at the end of a line, in place of both."""


def text_of(content: bytes, characters: int) -> str:
    """The text of the pages from the first on, at most ``characters`` long; a page that cannot be read is left out."""
    import pypdfium2

    pages: list[str] = []
    length = 0
    document = pypdfium2.PdfDocument(content)
    for number in range(len(document)):
        try:
            page = document[number]
            text = tidy(page.get_textpage().get_text_bounded())
            page.close()
        except pypdfium2.PdfiumError:
            continue
        if text:
            pages.append(text)
            length += len(text) + 1
        if length > characters:
            break
    return "\n".join(pages)[:characters]


def tidy(text: str) -> str:
    """One line a line, single spaces, words whole again, ligatures spelt out, and only what can be printed."""
    spelt = unicodedata.normalize("NFKC", text.replace(LINE_BROKEN_WORD, "").replace("\u00ad", ""))
    lines = (" ".join(line.split()) for line in spelt.splitlines())
    printable = ("".join(symbol for symbol in line if symbol.isprintable()) for line in lines)
    return "\n".join(line for line in printable if line)


def confine(seconds: int, memory: int) -> None:
    """Bound what this process may use, before it reads anything. There is no way back for it."""
    os.nice(15)
    limits = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in limits.items():
        resource.setrlimit(limit, (most, most))


def shut_in() -> None:
    """No file, connection or process from here on. What is used later is loaded first."""
    import pypdfium2

    assert pypdfium2.PdfDocument  # noqa: S101 - loaded, with the library under it
    "loaded".encode("utf-16-le").decode("utf-16-le")
    for limit in (resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE):
        resource.setrlimit(limit, (0, 0))


def main(characters: int, seconds: int, memory: int) -> None:
    """Read standard input, write standard output."""
    confine(seconds, memory)
    content = sys.stdin.buffer.read()
    shut_in()
    sys.stdout.buffer.write(text_of(content, characters).encode())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
