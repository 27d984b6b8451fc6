"""HEIC photographs: told by their brands, whole to the last byte they name, one page each."""

import io
import struct

import pytest
from PIL import Image

from services.chassis.files.heif import is_heif
from services.chassis.files.inspection import ScanFinding, inspect_scan, scan_type_of
from services.chassis.files.received import Received
from services.chassis.files.refusal import Unacceptable
from tests.intake.hostile import picture_bombs, seeds

PHOTOGRAPH = seeds.heic()


def inspected(content: bytes) -> ScanFinding:
    """What the file is found to be."""
    return inspect_scan(Received("foto.heic", io.BytesIO(content), len(content), ""))


def fault(content: bytes) -> str | None:
    """Why it is refused."""
    try:
        inspected(content)
    except Unacceptable as refusal:
        return refusal.fault
    return None


def head(major: bytes, *others: bytes) -> bytes:
    """The beginning of a file of these brands."""
    brands = major + bytes(4) + b"".join(others)
    return struct.pack(">I4s", 8 + len(brands), b"ftyp") + brands + bytes(40)


class TestType:
    @pytest.mark.parametrize(
        ("major", "others"),
        [
            (b"heic", [b"mif1", b"heic"]),
            (b"heix", [b"mif1"]),
            (b"mif1", [b"mif1", b"heic", b"miaf"]),
            (b"mif1", [b"heix"]),
            (b"msf1", [b"hevc"]),
            (b"mif1", [b"mif1"]),
        ],
    )
    def test_brands_of_phones(self, major: bytes, others: list[bytes]) -> None:
        assert scan_type_of(head(major, *others)) == "image/heic"

    @pytest.mark.parametrize(
        ("major", "others"),
        [(b"avif", [b"mif1", b"miaf"]), (b"mif1", [b"avif"]), (b"isom", [b"mp42"]), (b"qt  ", []), (b"M4A ", [])],
    )
    def test_other_codings_films_and_songs_are_none(self, major: bytes, others: list[bytes]) -> None:
        assert scan_type_of(head(major, *others)) is None

    def test_length_beyond_the_head_is_none(self) -> None:
        assert not is_heif(b"\xff\xff\xff\xffftypheic" + bytes(100))


class TestHeic:
    def test_photograph_is_one_page(self) -> None:
        assert inspected(PHOTOGRAPH) == ScanFinding("image/heic", 1)

    def test_picture_with_a_thumbnail_is_one_page(self) -> None:
        assert inspected(seeds.heic(pictures=3)).pages == 1

    def test_photograph_on_its_side_passes(self) -> None:
        import pillow_heif

        exif = Image.Exif()
        exif[0x0112] = 6
        target = io.BytesIO()
        pillow_heif.from_pillow(seeds.picture()).save(target, exif=exif.tobytes())
        assert inspected(target.getvalue()).pages == 1

    def test_cut_photograph_never_passes(self) -> None:
        for kept in range(1, len(PHOTOGRAPH)):
            assert fault(PHOTOGRAPH[:kept]) in ("broken", "unsupported_type"), kept

    def test_cut_photograph_whose_data_say_no_length_never_passes(self) -> None:
        """With a length of zero the data go on to the end, wherever that is."""
        at = PHOTOGRAPH.index(b"mdat") - 4
        endless = PHOTOGRAPH[:at] + bytes(4) + PHOTOGRAPH[at + 4 :]
        assert fault(endless) is None
        for missing in (1, 10, 200):
            assert fault(endless[:-missing]) == "broken"

    @pytest.mark.parametrize("name", [name for name in picture_bombs.BOMBS if name.startswith("heic")])
    def test_bombs_are_refused(self, name: str) -> None:
        assert fault(picture_bombs.BOMBS[name]()) in ("broken", "too_many_pixels")
