"""Pictures made pages: by the readers of the kinds a scan may be, and by no other."""

import io
from pathlib import Path

import pytest
from PIL import Image, UnidentifiedImageError

from services.intake.domain.copies.program.openings import page_of


def picture(kind: str, **more: object) -> bytes:
    """A picture of this kind."""
    target = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(target, kind, **more)
    return target.getvalue()


class TestKinds:
    """What is opened."""

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "HEIF"])
    def test_what_a_scan_may_be(self, tmp_path: Path, kind: str) -> None:
        (tmp_path / "original").write_bytes(picture(kind))
        page_of(tmp_path / "original", 0, tmp_path / "page.pdf")
        assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF-")

    def test_a_photograph_with_a_second_one_behind_it(self, tmp_path: Path) -> None:
        (tmp_path / "original").write_bytes(
            picture("MPO", save_all=True, append_images=[Image.new("RGB", (20, 30), "black")])
        )
        page_of(tmp_path / "original", 0, tmp_path / "page.pdf")
        assert (tmp_path / "page.pdf").exists()

    @pytest.mark.parametrize("kind", ["EPS", "BMP", "GIF", "PPM", "TGA"])
    def test_nothing_else(self, tmp_path: Path, kind: str) -> None:
        (tmp_path / "original").write_bytes(picture(kind))
        with pytest.raises(UnidentifiedImageError):
            page_of(tmp_path / "original", 0, tmp_path / "page.pdf")
