"""A PDF of some pages of a scan. Invariant: runs as a program of its own; the same pages give the same bytes.

``cut_pages.py <media type> <page>:<turn>,<page>:<turn>,…`` takes a scan from its standard input and leaves ``cut.pdf``
in the folder where it runs: those pages in that order, each turned so many degrees to the right, without loss. It says
how many pages came of it. It is run by its path and imports nothing of this package.

What is cut holds nothing of the pages that are not in it: letters of one scan go to different people.
"""

import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import img2pdf
import pikepdf
from PIL import Image, ImageOps

Image.MAX_IMAGE_PIXELS = None  # what may be opened was judged when it came, and memory is bounded from outside
RESULT = "cut.pdf"
SHARED = ("/B", "/StructParents", "/Thumb", "/PieceInfo", "/Metadata", "/AA", "/Tabs", "/ID", "/PZ", "/DPart")
"""What a page says of itself that leads to other pages, or was made for the whole."""
Wanted = Sequence[tuple[int, int]]


def from_pdf(content: BinaryIO, wanted: Wanted, made: pikepdf.Pdf, stack: ExitStack) -> None:
    """Append these pages of a PDF, each with what it shows and no more."""
    whole = stack.enter_context(pikepdf.open(content))
    whole.remove_unreferenced_resources()  # scanners hang the pictures of all pages on each
    for number, turn in wanted:
        made.pages.append(whole.pages[number - 1])
        page = made.pages[-1]
        for name in SHARED:
            if name in page.obj:
                del page.obj[name]
        # Links lead to pages that are elsewhere now; stamps and notes are part of what is to be seen.
        if "/Annots" in page.obj:
            page.obj.Annots = pikepdf.Array([one for one in page.obj.Annots if one.get("/Subtype") != "/Link"])
        if turn:
            page.rotate(turn, relative=True)


def from_tiff(content: BinaryIO, wanted: Wanted, made: pikepdf.Pdf, stack: ExitStack) -> None:
    """Append these pages of a TIFF, pixel for pixel, as large as they say they are."""
    pictures = stack.enter_context(Image.open(content, formats=("TIFF",)))
    for number, turn in wanted:
        pictures.seek(number - 1)
        packed = img2pdf.convert(_alone(pictures), rotation=img2pdf.Rotation.none, nodate=True)
        page_file = stack.enter_context(pikepdf.open(io.BytesIO(packed)))
        made.pages.append(page_file.pages[0])
        if turn:
            made.pages[-1].rotate(turn, relative=True)


def _alone(pictures: Image.Image) -> bytes:
    """The present picture as a file of its own, the right way up, packed without loss as fits it best."""
    dots = pictures.info.get("dpi")
    picture = ImageOps.exif_transpose(pictures)
    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda shade: shade * (1 / 256)).convert("L")  # no screen or printer has more shades
    if picture.mode not in ("1", "L", "RGB"):
        picture = picture.convert("L" if picture.mode in ("I", "F", "LA") else "RGB")
    target = io.BytesIO()
    density = {"dpi": dots} if dots and all(20 <= float(one) <= 10_000 for one in dots) else {}
    if picture.mode == "1":
        picture.save(target, "TIFF", compression="group4", **density)
    else:
        picture.save(target, "PNG", **density)
    return target.getvalue()


CUT = {"application/pdf": from_pdf, "image/tiff": from_tiff}


def wanted_pages(said: str) -> Iterator[tuple[int, int]]:
    """The pages and turns of an argument."""
    for one in said.split(","):
        page, turn = one.split(":")
        yield int(page), int(turn)


def main(media_type: str, said: str) -> None:
    """Read standard input, leave the result in the folder."""
    wanted = list(wanted_pages(said))
    with ExitStack() as stack:
        made = stack.enter_context(pikepdf.new())
        CUT[media_type](sys.stdin.buffer, wanted, made, stack)
        made.remove_unreferenced_resources()
        made.save(RESULT, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with pikepdf.open(Path(RESULT)) as result:
        sys.stdout.write(str(len(result.pages)))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
