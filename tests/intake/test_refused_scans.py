"""POST /v1/letters with scans that are none: the problem's code, and nothing left behind."""

import logging

import pytest

from tests.intake import scans
from tests.intake.world import SMALL_PDF, World

WHOLE_PDF = scans.pdf(2)


class TestScans:
    """What is in the files."""

    @pytest.mark.parametrize(
        ("content", "status", "code"),
        [
            (b"", 422, "scan_empty"),
            (b"Kepada Yth. Kepala Dinas\n" * 40, 415, "unsupported_type"),
            (b"PK\x03\x04" + bytes(400), 415, "unsupported_type"),
            (b"GIF89a" + bytes(400), 415, "unsupported_type"),
            (b"%PDF-1.4\nhalo", 422, "scan_broken"),
            (WHOLE_PDF[: len(WHOLE_PDF) // 2], 422, "scan_broken"),
            (WHOLE_PDF[:-30], 422, "scan_broken"),
            (WHOLE_PDF[:-7], 422, "scan_broken"),
            (scans.pdf(2, linearize=True)[:-40], 422, "scan_broken"),
            (scans.pdf(0), 422, "scan_broken"),
            (scans.encrypted_pdf(), 422, "scan_encrypted"),
            (scans.encrypted_pdf(user=""), 422, "scan_encrypted"),
            (scans.inflating_pdf(200), 422, "scan_broken"),
            (scans.jpeg()[:-2], 422, "scan_broken"),
            (scans.jpeg()[:20_000], 422, "scan_broken"),
            (scans.png()[:-5], 422, "scan_broken"),
            (scans.tiff(3)[:-60], 422, "scan_broken"),
            (scans.huge_png(), 422, "scan_too_many_pixels"),
        ],
        ids=[
            "empty",
            "text named .pdf",
            "zip named .pdf",
            "gif",
            "only a header",
            "pdf cut in half",
            "pdf without its trailer",
            "pdf without its end mark",
            "linearised pdf cut",
            "pdf without pages",
            "encrypted pdf",
            "pdf with an owner's password",
            "pdf that inflates",
            "jpeg without its end mark",
            "jpeg cut",
            "png cut",
            "tiff cut",
            "png of two and a half gigapixels",
        ],
    )
    async def test_bad_scan(
        self, world: World, caplog: pytest.LogCaptureFixture, content: bytes, status: int, code: str
    ) -> None:
        with caplog.at_level(logging.WARNING, "services"):
            answer = await world.register(files=[("surat.pdf", SMALL_PDF), ("pindai.pdf", content)])
        assert (answer.status, answer.code) == (status, code)
        assert (answer.body["file"], answer.body["index"]) == ("pindai.pdf", 1)
        assert "pindai.pdf" in answer.body["detail"]
        assert [record for record in caplog.records if record.exc_info] == []
        await world.assert_nothing_left()
