"""POST /v1/letters with forms that cannot be accepted: the problem's code, and nothing left behind."""

import asyncio
import json
import logging
from typing import Any

import aiohttp
import pytest

from tests.intake.raw import body, connect, head, multipart
from tests.intake.world import SMALL_PDF, World


def _occasion(starts_at: str, ends_at: str) -> dict[str, Any]:
    return {"occasion": {"title": "Rapat", "starts_at": starts_at, "ends_at": ends_at}}


class TestForm:
    """What is around them."""

    @pytest.mark.parametrize(
        "field", ["direction", "kind", "category", "urgency", "confidentiality", "subject", "addressees"]
    )
    async def test_missing_field_is_named(self, world: World, field: str) -> None:
        answer = await world.register(letter=world.letter(**{field: None}))
        assert (answer.status, answer.code) == (422, "validation_failed")
        assert answer.body["errors"][0]["field"] == f"body.letter.{field}"
        await world.assert_nothing_left()

    @pytest.mark.parametrize(
        "change",
        [
            {"subject": "   "},
            {"subject": "x" * 501},
            {"direction": "sideways"},
            {"unexpected": 1},
            {"addressees": []},
            {"addressees": [{"kind": "unit", "name": "Dinas PU"}]},
            {"addressees": [{"kind": "external"}]},
            {"addressees": [{"kind": "unit", "id": "dinas-pu"}]},
            {"book": "Masuk Sekali"},
            {"letter_date": "12-11-2026"},
            {"received_on": "1492-10-12"},
            {"classification": "62"},
            {"classification": "000."},
            {"classification": "000..1"},
            {"classification": "000.1.2a"},
            {"classification": "٦٢٠"},
            {"classification": "000.1.2.3.4.5.6"},
            {
                "occasion": {
                    "title": "Rapat",
                    "starts_at": "2026-12-01T09:00:00+08:00",
                    "ends_at": "2026-12-01T09:00:00+08:00",
                }
            },
            {"occasion": {"title": "Rapat", "starts_at": "2026-12-01T09:00:00", "ends_at": "2026-12-01T10:00:00"}},
            _occasion("0001-01-01T00:00:00+23:59", "2026-12-01T10:00:00+08:00"),
            _occasion("0001-01-01T00:00:00+23:59", "0001-01-01T01:00:00+23:59"),
            _occasion("1945-08-16T23:59:59Z", "1945-08-17T10:00:00Z"),
            _occasion("2199-12-31T23:00:00Z", "2200-01-01T00:00:01Z"),
            _occasion("9999-12-31T22:00:00-23:59", "9999-12-31T23:59:59-23:59"),
        ],
        ids=lambda change: next(iter(change)),
    )
    async def test_malformed_field(self, world: World, change: dict[str, Any]) -> None:
        answer = await world.register(letter=world.letter(**change))
        assert (answer.status, answer.code) == (422, "validation_failed")
        await world.assert_nothing_left()

    async def test_fifty_one_addressees(self, world: World) -> None:
        many = [{"kind": "external", "name": f"PT {number}"} for number in range(51)]
        answer = await world.register(letter=world.letter(addressees=many))
        assert (answer.status, answer.code) == (422, "validation_failed")

    async def test_addressee_named_twice(self, world: World) -> None:
        party = {"kind": "unit", "id": world.agency.unit_id}
        answer = await world.register(letter=world.letter(copies=[party]))
        assert (answer.status, answer.code) == (422, "validation_failed")
        await world.assert_nothing_left()

    @pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"subject": "\\ud800"}', b"\xff\xfe{}"])
    async def test_letter_part_that_is_no_letter(self, world: World, text: str | bytes) -> None:
        answer = await world.register(letter=text)
        assert (answer.status, answer.code) == (422, "validation_failed")
        await world.assert_nothing_left()

    async def test_no_letter_part(self, world: World) -> None:
        answer = await world.register(letter=False)
        assert (answer.status, answer.code) == (422, "validation_failed")
        assert [error["field"] for error in answer.body["errors"]] == ["body.letter"]
        await world.assert_nothing_left()

    async def test_no_files(self, world: World) -> None:
        answer = await world.register(files=[])
        assert (answer.status, answer.code) == (422, "validation_failed")
        assert [error["field"] for error in answer.body["errors"]] == ["body.files"]
        await world.assert_nothing_left()

    async def test_twenty_one_files(self, world: World) -> None:
        answer = await world.register(files=[("a.pdf", SMALL_PDF)] * 21)
        assert (answer.status, answer.code) == (422, "too_many_files")
        await world.assert_nothing_left()

    async def test_unknown_part(self, world: World) -> None:
        form = aiohttp.FormData({"catatan": "x"}, default_to_multipart=True)
        answer = await world.send(form, world.headers())
        assert (answer.status, answer.code) == (422, "part_unexpected")

    async def test_two_letter_parts(self, world: World) -> None:
        form = aiohttp.FormData(default_to_multipart=True)
        for _ in range(2):
            form.add_field("letter", json.dumps(world.letter()))
        assert (await world.send(form, world.headers())).code == "part_unexpected"

    async def test_body_that_is_neither_a_form_nor_json(self, world: World) -> None:
        headers = world.headers() | {"Content-Type": "application/xml"}
        answer = await world.send(json.dumps(world.letter()), headers)
        assert (answer.status, answer.code) == (415, "multipart_required")

    @pytest.mark.parametrize("cut", [1, 30, 200])
    async def test_multipart_that_ends_early(self, world: World, cut: int) -> None:
        whole = body(world, SMALL_PDF)
        answer = await world.send(whole[:-cut] if cut > 1 else whole[: len(whole) // 2], multipart(world))
        assert (answer.status, answer.code) == (400, "multipart_broken")
        await world.assert_nothing_left()

    async def test_multipart_that_is_garbage(self, world: World) -> None:
        answer = await world.send(b"\r\n--tidak\r\nini bukan multipart", multipart(world))
        assert (answer.status, answer.code) == (400, "multipart_broken")

    async def test_another_name_than_ones_own_under_an_outgoing_letter(self, world: World) -> None:
        letter = world.letter(direction="outgoing", sender={"kind": "unit", "id": world.neighbour.unit_id})
        answer = await world.register(letter=letter)
        assert (answer.status, answer.code) == (422, "sender_not_own")
        await world.assert_nothing_left()

    async def test_client_that_goes_away_in_mid_upload(self, world: World, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.WARNING, "services"):
            _, writer = await connect(world)
            writer.write(head(world, "Content-Length: 100000") + body(world, SMALL_PDF)[:2000])
            await writer.drain()
            writer.transport.abort()
            await asyncio.sleep(0.2)
        assert [record.getMessage() for record in caplog.records] == []
        await world.assert_nothing_left()
