"""The only place that draws QR codes. Invariant: the same text gives the same drawing."""

import io

import segno


def qr_svg(text: str) -> str:
    """A QR code (ISO/IEC 18004) of ``text`` as SVG, error correction M, with the quiet zone a scanner needs."""
    drawing = io.BytesIO()
    segno.make_qr(text, error="m").save(drawing, kind="svg", xmldecl=False, border=4)
    return drawing.getvalue().decode()
