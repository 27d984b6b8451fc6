"""What is wrong with a page's picture: each fault is found alone, and none on a good page."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance

from services.contracts.intake import PageFault
from services.intake.domain.copies.program.recognition import reduced
from services.intake.domain.copies.quality import MEASURED, faults_of
from tests.intake.copies.made import LINES, blurred, leaning, letter


def found(image: Image.Image) -> list[PageFault]:
    """The faults of a page."""
    return faults_of(np.asarray(reduced(image.convert("L"), MEASURED)))[0]


class TestGoodPages:
    """Nothing is said of them."""

    @pytest.mark.parametrize("dpi", [130, 200, 300])
    def test_at_any_resolution(self, dpi: int) -> None:
        assert found(letter(dpi)) == []

    @pytest.mark.parametrize(("ink", "paper"), [(90, 245), (20, 160), (60, 205)])
    def test_faint_ink_and_grey_paper(self, ink: int, paper: int) -> None:
        assert found(letter(ink=ink, paper=paper)) == []

    @pytest.mark.parametrize("degrees", [-1.2, 0.8, 1.5])
    def test_leaning_a_little(self, degrees: float) -> None:
        assert found(leaning(letter(), degrees)) == []

    def test_saved_as_a_poor_jpeg(self) -> None:
        target = io.BytesIO()
        letter(200).save(target, "JPEG", quality=35)
        assert found(Image.open(target)) == []

    def test_scanner_leaves_a_black_rim(self) -> None:
        image = letter()
        ImageDraw.Draw(image).rectangle((0, 0, 14, image.height), fill=5)
        assert found(image) == []

    def test_a_single_line(self) -> None:
        assert found(letter(lines=LINES[6:7])) == []

    def test_black_and_white(self) -> None:
        assert found(letter(200).convert("1")) == []


class TestFaults:
    """Each alone."""

    def test_blank(self) -> None:
        assert found(letter(lines=())) == ["blank"]

    def test_blank_but_for_specks_and_shadow(self) -> None:
        image = letter(lines=())
        draw = ImageDraw.Draw(image)
        for at in range(20):
            draw.point((200 + 37 * at, 300 + 53 * at), fill=60)
        draw.rectangle((0, 0, 9, image.height), fill=40)
        assert found(image) == ["blank"]

    @pytest.mark.parametrize("radius", [3.0, 4.5])
    def test_blurred(self, radius: float) -> None:
        assert found(blurred(letter(), radius)) == ["blurred"]

    @pytest.mark.parametrize("degrees", [-8, -3, 2.7, 6])
    def test_skewed(self, degrees: float) -> None:
        assert found(leaning(letter(), degrees)) == ["skewed"]

    def test_how_far_it_leans_is_told(self) -> None:
        for degrees in (-5.0, 3.0, 0.0):
            _, lean = faults_of(np.asarray(reduced(leaning(letter(), degrees), MEASURED)))
            assert lean == pytest.approx(degrees, abs=0.25)

    def test_dark(self) -> None:
        assert found(ImageEnhance.Brightness(letter()).enhance(0.35)) == ["dark"]

    @pytest.mark.parametrize("left", [-0.25, 4.4])
    def test_writing_runs_out_of_an_edge(self, left: float) -> None:
        lines = [f"{LINES[6]} {LINES[7]}"] * 20
        assert found(letter(lines=lines, left=left)) == ["cut_off"]
