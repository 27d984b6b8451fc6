"""QR codes: what is drawn can be read again, from paper as a printer would put it there."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.chassis.paper import Paper
from services.chassis.qr import qr_svg
from tests.printed import codes_on

LABEL = '#set page(width: 60mm, height: 40mm)\n#image(bytes(sys.inputs.mark), format: "svg", width: 25mm, alt: "QR")'


class TestQrSvg:
    @pytest.mark.parametrize("text", ["7K3M-Q2XD-9FJR", "https://surat.klungkungkab.go.id/lacak#7K3M-Q2XD-9FJR"])
    async def test_it_is_read_back_at_the_resolution_of_a_cheap_printer(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "label.typ").write_text(LABEL, encoding="utf-8")
        at = datetime(2026, 3, 3, tzinfo=UTC)
        pdf = await Paper(tmp_path).print("label", {}, at=at, drawings={"mark": qr_svg(text)})
        assert codes_on(pdf) == [text]

    def test_the_same_text_gives_the_same_drawing(self) -> None:
        assert qr_svg("LONTAR") == qr_svg("LONTAR")
