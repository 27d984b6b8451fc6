"""What a scan is: whole ones pass, cut or corrupted ones never do, and nothing but a refusal is ever raised."""

import io
import struct
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from services.chassis.files.inspection import ScanFinding, inspect_scan, scan_type_of
from services.chassis.files.received import Received
from services.chassis.files.refusal import Unacceptable
from tests.intake import scans

WHOLE = {
    "pdf": scans.pdf(2, pixels=(80, 100)),
    "linearised pdf": scans.pdf(2, pixels=(80, 100), linearize=True),
    "jpeg": scans.jpeg(80, 100),
    "progressive jpeg": scans.jpeg(80, 100, progressive=True),
    "png": scans.png(),
    "tiff": scans.tiff(2),
}
SLACK = 16
"""Bytes at the end that a whole file can do without: the newline after %%EOF, a TIFF's padding to sixteen."""

whole = pytest.mark.parametrize("kind", list(WHOLE))


def _inspected(content: bytes) -> ScanFinding:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return inspect_scan(Received("pindai", io.BytesIO(content), len(content), ""))


def _fault(content: bytes) -> str | None:
    try:
        _inspected(content)
    except Unacceptable as refusal:
        return refusal.fault
    return None


class TestInspection:
    """Properties of the whole."""

    @whole
    def test_whole_scan_passes(self, kind: str) -> None:
        assert _fault(WHOLE[kind]) is None

    @whole
    def test_bytes_after_the_end_do_no_harm(self, kind: str) -> None:
        assert _fault(WHOLE[kind] + bytes(40)) is None

    @whole
    @settings(max_examples=60, deadline=None)
    @given(data=st.data())
    def test_cut_scan_never_passes(self, kind: str, data: st.DataObject) -> None:
        content = WHOLE[kind]
        kept = data.draw(st.integers(1, len(content) - SLACK))
        assert _fault(content[:kept]) in ("broken", "unsupported_type")

    @whole
    @settings(max_examples=60, deadline=None)
    @given(data=st.data())
    def test_corrupted_scan_is_refused_or_passes_and_nothing_else(self, kind: str, data: st.DataObject) -> None:
        content = bytearray(WHOLE[kind])
        for at, byte in data.draw(st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)))):
            content[at] = byte
        assert _fault(bytes(content)) in (
            None,
            "broken",
            "encrypted",
            "too_many_pixels",
            "unsupported_type",
        )

    @settings(max_examples=60, deadline=None)
    @given(st.binary(max_size=400))
    def test_anything_after_a_signature_is_refused(self, rest: bytes) -> None:
        for signature in (b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*", b"II+\x00"):
            assert _fault(signature + rest) is not None

    def test_content_is_left_at_its_start(self) -> None:
        content = io.BytesIO(WHOLE["jpeg"])
        inspect_scan(Received("pindai", content, len(WHOLE["jpeg"]), ""))
        assert content.tell() == 0

    def test_type_is_told_from_a_pdf_header_a_little_further_in(self) -> None:
        assert scan_type_of(b"\xef\xbb\xbf\n%PDF-1.4") == "application/pdf"
        assert scan_type_of(bytes(1100) + b"%PDF-1.4") is None


class TestJpeg:
    """Marks in the data."""

    def test_thumbnail_does_not_stand_for_the_picture(self) -> None:
        """A cut picture holds a whole thumbnail, with an end-of-image mark of its own."""
        thumbnail = scans.jpeg(60, 80)
        exif = b"Exif\x00\x00II*\x00" + bytes(20) + thumbnail
        picture = scans.jpeg(300, 400)
        content = picture[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + picture[2:]
        assert _fault(content[: len(exif) + 20_000]) == "broken"

    def test_restart_marks_are_no_end(self) -> None:
        assert _fault(scans.jpeg(restart_marker_blocks=2)) is None


class TestTiff:
    """Directories."""

    @pytest.mark.parametrize("options", [{"big_tiff": True}, {"compression": "jpeg"}, {"compression": "tiff_lzw"}, {}])
    def test_kinds_in_use_are_read(self, options: dict[str, object]) -> None:
        target = io.BytesIO()
        image = Image.effect_noise((90, 120), 40)
        image.save(target, "TIFF", save_all=True, append_images=[image, image], **options)
        assert _inspected(target.getvalue()).pages == 3

    def test_directories_in_a_circle_are_refused(self) -> None:
        content = bytearray(scans.tiff(1))
        first = int.from_bytes(content[4:8], "little")
        entries = int.from_bytes(content[first : first + 2], "little")
        following = first + 2 + entries * 12
        content[following : following + 4] = first.to_bytes(4, "little")
        assert _fault(bytes(content)) == "broken"

    def test_bytes_that_are_named_over_and_over_are_refused(self) -> None:
        """Each of these would be read whole: hours of work that come in a small file."""
        size, where = 400_000, struct.pack("<HHII", 273, 3, 190_000, 8)
        shape = [struct.pack("<HHII", tag, 4, 1, value) for tag, value in ((256, 10), (257, 10), (273, 8), (279, 100))]
        entries = [where] * 500 + shape
        directory = struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4)
        content = b"II*\0" + struct.pack("<I", 8) + directory
        assert _fault(content + bytes(size - len(content))) == "broken"

    def test_more_strips_than_a_page_can_have_are_refused(self) -> None:
        entries = [struct.pack("<HHII", tag, 4, 1, 10) for tag in (256, 257)]
        entries += [struct.pack("<HHII", tag, 3, 250_000, 8) for tag in (273, 279)]
        content = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4)
        assert _fault(content + bytes(2_000_000)) == "broken"
