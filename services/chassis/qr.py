"""The only place that draws QR codes. Invariant: the same text gives the same drawing."""

import io
from typing import Literal

import segno


def qr_svg(text: str, *, correction: Literal["m", "q"] = "m") -> str:
    """A QR code (ISO/IEC 18004) of ``text`` as SVG, with the quiet zone a scanner needs.

    ``correction`` q where it will be read off a scan, and may be smudged or folded.
    """
    drawing = io.BytesIO()
    segno.make_qr(text, error=correction).save(drawing, kind="svg", xmldecl=False, border=4)
    return drawing.getvalue().decode()
