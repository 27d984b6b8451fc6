"""Who sees which figures; what lies undone; the baseline; the workbook."""

import asyncio
from datetime import timedelta
from io import BytesIO
from typing import Any

import aiohttp
import openpyxl
import pytest

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.service import Service
from services.routing.context import Context
from tests.events import deliver
from tests.people import held, principal
from tests.routing import letters
from tests.routing.conftest import Call, Delivered
from tests.routing.figures import MARCH, Clock, clock_of, count, figures, ordinary
from tests.routing.letters import recipient, to_position, to_unit
from tests.routing.regency import Regency
from tests.signing import TokenSigner

SPAN = {"from": "2026-03", "to": "2026-03"}
READS = ("steps", "outcomes", "adoption", "backlog", "report.xlsx")
ADMIN = principal(held("unit_admin"), name="Admin").model_copy(update={"scopes": frozenset({"organisation:write"})})
BASELINE = {"hours": {"to_read": 24}, "source": "Buku agenda 2025"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """``clock(instant)``."""
    return clock_of(monkeypatch)


class TestWhoSees:
    @pytest.mark.parametrize("what", READS)
    async def test_K6_a_village_sees_nothing_of_another(self, what: str, regency: Regency, call: Call) -> None:
        for other in ("sekartaji", "pu", "nusa_penida"):
            query = {"unit_id": regency.units[other].id}
            status, problem, _ = await call(
                ordinary(regency.holder("neighbour")), "GET", f"/v1/figures/{what}", params=query
            )
            assert (status, problem["code"]) == (403, "forbidden")

    async def test_K6_what_a_village_sees_without_asking_for_a_unit_is_its_own(
        self, regency: Regency, delivered: Delivered, context: Context, call: Call, clock: Clock
    ) -> None:
        clock(MARCH)
        await delivered((to_unit(regency, "pu"), to_unit(regency, "sekartaji")), registered_at=MARCH)
        await count(context)
        for what in READS[:-1]:
            text = str(await figures(call, regency.holder("neighbour"), what, **({} if what == "backlog" else SPAN)))
            foreign = [one for one in regency.units.values() if one.id in text or one.name in text]
            assert {one.name for one in foreign} <= {"Desa Batukandik"}, what
            assert "'branches': 1" not in text
            assert "'letters': 1" not in text
        mine = await figures(call, regency.holder("operator"), "steps", **SPAN)
        assert (mine["total"]["branches"], [one["unit_name"] for one in mine["units"]]) == (1, ["Desa Sekartaji"])

    @pytest.mark.parametrize("what", READS)
    async def test_who_handles_no_unit_s_letters_is_refused(self, what: str, regency: Regency, call: Call) -> None:
        assert (await call(ordinary(regency.holder("roads")), "GET", f"/v1/figures/{what}"))[0] == 403

    async def test_who_oversees_sees_every_unit(
        self, regency: Regency, delivered: Delivered, context: Context, call: Call, clock: Clock
    ) -> None:
        clock(MARCH)
        await delivered((to_unit(regency, "pu"), to_unit(regency, "nusa_penida")))
        await count(context)
        people = [principal(held(role)) for role in ("leader", "auditor", "regency_admin")]
        for person in (*people, ADMIN, principal(held("officer"), roles=frozenset({"regency_admin"}))):
            body = await figures(call, person, "steps", **SPAN)
            assert body["total"]["branches"] == 2
            assert [one["unit_name"] for one in body["units"]] == ["Dinas Pekerjaan Umum", "Kecamatan Nusa Penida"]
            one = await figures(call, person, "steps", unit_id=regency.units["nusa_penida"].id, **SPAN)
            assert one["total"]["branches"] == 1

    async def test_a_unit_there_is_not_is_not_found(self, regency: Regency, call: Call) -> None:
        for person in (ADMIN, regency.holder("head")):
            answer = await call(ordinary(person), "GET", "/v1/figures/steps", params={"unit_id": new_id()})
            assert answer[0] == 404

    async def test_a_period_that_is_none_is_refused(self, regency: Regency, call: Call) -> None:
        for query in ({"from": "2026-13"}, {"from": "2026-03", "to": "2026-01"}, {"from": "1990-01", "to": "2026-01"}):
            assert (await call(ADMIN, "GET", "/v1/figures/steps", params=query))[0] == 422

    async def test_a_regency_in_which_nothing_happened_has_empty_figures(self, regency: Regency, call: Call) -> None:
        body = await figures(call, ADMIN, "steps")
        assert (len(body["months"]), body["units"], body["counted_at"]) == (12, [], None)
        assert body["total"]["spans"]["to_read"]["count"] == 0
        assert (await figures(call, ADMIN, "backlog"))["total"]["open"] == 0


class TestBacklog:
    async def test_B3_is_what_the_boxes_say(
        self, routing: Service, regency: Regency, delivered: Delivered, context: Context, call: Call, clock: Clock
    ) -> None:
        pu, camat = to_unit(regency, "pu"), to_unit(regency, "nusa_penida")
        for days in (40, 5, 2):
            clock(now() - timedelta(days=days))
            await delivered((pu,), (camat,))
        clock(now())
        letter = await delivered((pu,), (camat,))
        given = letters.issued(letter, regency.holder("head"), recipient(regency.held("roads")))
        await deliver(routing, given)
        await count(context)
        head = regency.holder("head")
        found = (await figures(call, head, "backlog"))["units"][0]
        _, body, _ = await call(head, "GET", "/v1/boxes")
        boxes = {one["box"]: one["count"] for one in body["items"]}
        assert found["open"] == boxes["inbox"] == 4
        assert found["not_followed_up"] == boxes["not_followed_up"] == 3
        assert found["overdue"] == boxes["overdue"]
        assert [n for n in found["ages"].values() if n] == [1, 1, 1, 1]
        assert found["oldest_at"] is not None
        copies = (await figures(call, regency.holder("camat"), "backlog"))["total"]
        assert (copies["open"], copies["unread_copies"]) == (0, 4)

    async def test_what_is_done_lies_there_no_more(
        self, regency: Regency, delivered: Delivered, context: Context, call: Call
    ) -> None:
        letter = await delivered()
        await count(context)
        head = regency.holder("head")
        assert (await figures(call, head, "backlog"))["total"]["open"] == 1
        [branch] = await context.branches.of(letter.letter_id, None)
        await call(head, "POST", f"/v1/branches/{branch.id}/close", json={"outcome": "noted"})
        await count(context)
        body = await figures(call, head, "backlog")
        assert (body["total"]["open"], body["units"]) == (0, [])

    async def test_a_letter_to_one_position_lies_with_its_unit(
        self, regency: Regency, delivered: Delivered, context: Context, call: Call
    ) -> None:
        await delivered((to_position(regency, "roads"),))
        await count(context)
        assert (await figures(call, regency.holder("registrar"), "backlog"))["total"]["open"] == 1


class TestBaseline:
    async def test_only_who_keeps_the_organisation_states_one(self, regency: Regency, call: Call) -> None:
        for person in (regency.holder("head"), principal(held("leader")), regency.holder("operator")):
            assert (await call(ordinary(person), "PUT", "/v1/figures/baseline", json=BASELINE))[0] == 403

    async def test_B1_every_statement_is_kept_and_the_newest_counts(
        self, regency: Regency, call: Call, context: Context
    ) -> None:
        for hours in (24, 30):
            stated = {**BASELINE, "hours": {"to_read": hours}}
            assert (await call(ADMIN, "PUT", "/v1/figures/baseline", json=stated))[0] == 200
        status, body, headers = await call(ordinary(regency.holder("head")), "GET", "/v1/figures/baseline")
        assert (status, body["hours"], body["version"], headers["ETag"]) == (200, {"to_read": 30.0}, 2, '"2"')
        assert await context.figures.baselines._rows.count_documents({}) == 2
        assert (await call(ordinary(regency.holder("roads")), "GET", "/v1/figures/baseline"))[0] == 403

    async def test_of_two_at_once_each_is_told_what_happened(self, regency: Regency, call: Call) -> None:
        headers = {"If-Match": '"0"'}
        asked = (call(ADMIN, "PUT", "/v1/figures/baseline", json=BASELINE, headers=headers) for _ in range(2))
        assert sorted(status for status, _, _ in await asyncio.gather(*asked)) == [200, 412]

    @pytest.mark.parametrize(
        "body",
        [
            {"hours": {}, "source": "Buku agenda"},
            {"hours": {"to_nowhere": 1}, "source": "Buku agenda"},
            {"hours": {"to_read": -1}, "source": "Buku agenda"},
            {"hours": {"to_read": 1}, "source": " "},
            {**BASELINE, "measured_from": "2025-05-01", "measured_to": "2025-04-01"},
            {**BASELINE, "extra": 1},
        ],
    )
    async def test_what_is_no_baseline_is_refused(self, body: dict[str, Any], regency: Regency, call: Call) -> None:
        assert (await call(ADMIN, "PUT", "/v1/figures/baseline", json=body))[0] == 422


class TestReport:
    async def test_is_a_workbook_with_numbers_and_headings_in_bahasa(
        self,
        regency: Regency,
        delivered: Delivered,
        context: Context,
        call: Call,
        clock: Clock,
        http: aiohttp.ClientSession,
        signer: TokenSigner,
    ) -> None:
        clock(MARCH + timedelta(seconds=90))
        await delivered(registered_at=MARCH)
        await count(context)
        assert (await call(ADMIN, "PUT", "/v1/figures/baseline", json={**BASELINE, "hours": {"to_inbox": 1}}))[0] == 200
        book, disposition = await self._report(http, signer, ADMIN)
        assert disposition == 'attachment; filename="kinerja-surat-2026-03-2026-03.xlsx"'
        assert book.sheetnames == ["Waktu", "Langkah", "Hasil", "Sebelum dan sesudah", "Pemakaian", "Tunggakan"]
        headings, *lines = list(book["Waktu"].iter_rows(values_only=True))
        assert [line[:3] for line in lines] == [
            ("Desa Sekartaji", "2026-03", 0),
            ("Dinas Pekerjaan Umum", "2026-03", 1),
            ("Seluruh unit", "2026-03", 1),
        ]
        shown = dict(zip(headings, lines[1], strict=True))
        assert shown["Registrasi sampai kotak masuk: jumlah"] == 1
        assert shown["Registrasi sampai kotak masuk: median (menit)"] == 1.5
        assert shown["Kotak masuk sampai dibaca: median (menit)"] is None
        before = {row[0]: row[1:] for row in book["Sebelum dan sesudah"].iter_rows(values_only=True)}
        assert before["Registrasi sampai kotak masuk"] == (60, 1.5, 1, 97.5)
        [_, *offices] = list(book["Pemakaian"].iter_rows(values_only=True))
        assert [row[0] for row in offices] == sorted(one.name for one in regency.units.values())
        last = list(book["Tunggakan"].iter_rows(values_only=True))[-1]
        assert last[:3] == ("Seluruh unit", 1, 1)

    async def test_K6_a_village_s_holds_the_village_alone(
        self,
        regency: Regency,
        delivered: Delivered,
        context: Context,
        clock: Clock,
        http: aiohttp.ClientSession,
        signer: TokenSigner,
    ) -> None:
        clock(MARCH)
        await delivered((to_unit(regency, "pu"), to_unit(regency, "sekartaji")), registered_at=MARCH)
        await count(context)
        book, _ = await self._report(http, signer, ordinary(regency.holder("neighbour")))
        names = {one.name for one in regency.units.values()} - {"Desa Batukandik"}
        cells = {cell for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row}
        assert not names & cells
        assert "Desa Batukandik" in cells

    @staticmethod
    async def _report(http: aiohttp.ClientSession, signer: TokenSigner, person: Principal) -> tuple[Any, str]:
        async with http.get("/v1/figures/report.xlsx", params=SPAN, headers=signer.headers(person)) as answer:
            assert answer.status == 200
            content = await answer.read()
            return openpyxl.load_workbook(BytesIO(content)), answer.headers["Content-Disposition"]


class TestSecretLetters:
    async def test_they_are_not_counted_where_a_count_would_tell_of_them(
        self, context: Context, regency: Regency, delivered: Delivered
    ) -> None:
        secret, open_one = await delivered(confidentiality="top_secret"), await delivered()
        await count(context)
        assert await context.figures.rows.of_letter(secret.letter_id) == {}
        assert len(await context.figures.rows.of_letter(open_one.letter_id)) == 2
