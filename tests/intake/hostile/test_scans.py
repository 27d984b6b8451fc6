"""POST /v1/letters with photographs from phones, and with scans that do what no letter does."""

import pytest

from tests.intake import scans
from tests.intake.hostile import active, mixed, pdf_bombs, seeds
from tests.intake.world import World


class TestPhotographs:
    async def test_K7_photograph_of_a_phone_is_registered_and_handed_out_as_it_came(self, world: World) -> None:
        photograph = seeds.heic()
        body = await world.registered(files=[("IMG_0001.HEIC", photograph)])
        (file,) = body["files"]
        assert (file["media_type"], file["pages"], file["size"]) == ("image/heic", 1, len(photograph))
        answer = await world.download(f"/v1/letters/{body['id']}/files/{file['file_id']}")
        assert (answer.status, answer.body) == (200, photograph)
        assert answer.headers["Content-Type"] == "image/heic"
        assert answer.headers["Content-Disposition"].startswith("attachment; ")  # most browsers cannot show it

    async def test_cut_photograph_is_refused(self, world: World) -> None:
        answer = await world.register(files=[("IMG_0001.HEIC", seeds.heic()[:-100])])
        assert (answer.status, answer.code) == (422, "scan_broken")
        await world.assert_nothing_left()


class TestRefused:
    @pytest.mark.parametrize(
        ("content", "code", "says"),
        [
            (active.ACTIVE["script on opening, packed"](), "scan_active_content", "tanpa lampiran atau skrip"),
            (active.ACTIVE["file within"](), "scan_active_content", "cetak ke PDF"),
            (mixed.MIXED["archive behind pdf"](), "scan_mixed_content", "arsip atau program"),
            (pdf_bombs.pages(501), "scan_too_many_pages", "500 halaman"),
            (pdf_bombs.image(100_000, 100_000), "scan_too_many_pixels", "300 dpi"),
        ],
        ids=["script", "file within", "two kinds", "pages", "pixels"],
    )
    async def test_with_a_code_and_what_to_do(self, world: World, content: bytes, code: str, says: str) -> None:
        answer = await world.register(files=[("surat.pdf", scans.pdf(1, pixels=(9, 9))), ("lampiran.pdf", content)])
        assert (answer.status, answer.code, answer.body["index"]) == (422, code, 1)
        assert answer.body["detail"].startswith("Berkas “lampiran.pdf” ")
        assert says in answer.body["detail"]
        await world.assert_nothing_left()

    async def test_the_first_of_several_is_named(self, world: World) -> None:
        script = active.ACTIVE["script on opening"]()
        answer = await world.register(files=[("a.pdf", script), ("b.pdf", b"bukan"), ("c.pdf", script)])
        assert (answer.code, answer.body["index"]) == ("scan_active_content", 0)
