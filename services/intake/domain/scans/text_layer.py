"""The text a PDF carries. Invariant: runs as a program of its own, and what it reads can do no more than end it.

A scan comes from outside, and the reader is native code. So it is run apart from the service, which bounds its
time and memory, on the file alone: ``text_layer.py <characters>`` takes a PDF from its standard input and writes the
text to its standard output. Before it looks at the file it gives up what it does not need: it can open no file and no
connection, start no process and write nothing but its answer. It imports nothing of this package.
"""

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


def shut_in() -> None:
    """No file, connection or process from here on. What is used later is loaded first."""
    import pypdfium2

    assert pypdfium2.PdfDocument  # noqa: S101 - loaded, with the library under it
    "loaded".encode("utf-16-le").decode("utf-16-le")
    for limit in (resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE):
        resource.setrlimit(limit, (0, 0))


def main(characters: int) -> None:
    """Read standard input, write standard output."""
    content = sys.stdin.buffer.read()
    shut_in()
    sys.stdout.buffer.write(text_of(content, characters).encode())


if __name__ == "__main__":
    main(int(sys.argv[1]))
