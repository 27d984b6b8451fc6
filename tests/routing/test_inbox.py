"""What lies with somebody."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from services.chassis.clock import now
from services.chassis.ids import first_id_of, new_id
from services.chassis.service import Service
from services.contracts.intake import LetterRegistered
from services.routing.context import Context
from services.routing.domain.branch import Branch
from tests.events import deliver
from tests.routing import letters
from tests.routing.conftest import Call, Delivered
from tests.routing.letters import recipient, to_position, to_unit
from tests.routing.regency import Regency

Look = Callable[[LetterRegistered], Awaitable[list[Branch]]]


class TestInbox:
    async def test_K1_each_item_says_what_from_whom_and_why(
        self, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        plt = regency.holder("head", capacity="plt")
        status, page, _ = await call(plt, "GET", "/v1/inbox")
        assert status == 200
        [item] = page["items"]
        assert item["letter_id"] == item["letter"]["id"] == letter.letter_id
        assert item["branch_id"] == item["branch"]["id"]
        assert item["branch"]["state"] == "sent"
        assert (item["urgency"], item["sender"]["name"]) == ("urgent", "Desa Sekartaji")
        assert item["letter"]["subject"] == "Permohonan peminjaman alat berat"
        assert item["why"] == (
            "Surat ini ditujukan kepada Dinas Pekerjaan Umum, dan Anda menangani surat unit tersebut sebagai "
            "Plt. Kepala Dinas PU."
        )

    async def test_a_copy_and_a_letter_to_a_position_say_so(
        self, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        await delivered((to_position(regency, "roads"),), (to_unit(regency, "nusa_penida"),))
        _, page, _ = await call(regency.holder("roads"), "GET", "/v1/inbox")
        assert page["items"][0]["why"] == "Surat ini ditujukan kepada jabatan Anda, Kepala Bidang Bina Marga."
        _, page, _ = await call(regency.holder("camat"), "GET", "/v1/inbox")
        assert "ditembuskan kepada Kecamatan Nusa Penida" in page["items"][0]["why"]

    async def test_K6_a_village_sees_nothing_of_another(
        self, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        await delivered((to_unit(regency, "sekartaji"),))
        _, own, _ = await call(regency.holder("operator"), "GET", "/v1/inbox")
        _, other, _ = await call(regency.holder("neighbour"), "GET", "/v1/inbox")
        assert (len(own["items"]), other) == (1, {"items": [], "next": None})

    async def test_officers_of_the_unit_do_not_get_its_letters(
        self, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        await delivered()
        assert (await call(regency.holder("roads"), "GET", "/v1/inbox"))[1]["items"] == []

    async def test_a_secret_letter_lies_with_the_trusted_alone(
        self, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        await delivered(confidentiality="secret")
        assert (await call(regency.holder("secretary"), "GET", "/v1/inbox"))[1]["items"] == []
        assert len((await call(regency.holder("registrar"), "GET", "/v1/inbox"))[1]["items"]) == 1

    async def test_newest_first_a_page_at_a_time_each_once(
        self, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        sent = [(await delivered()).letter_id for _ in range(7)]
        both = regency.holder("head", "registrar")
        seen: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            _, page, _ = await call(both, "GET", "/v1/inbox", params={"limit": "3", **cursor})
            seen += [item["letter_id"] for item in page["items"]]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert seen == list(reversed(sent))

    async def test_what_is_done_lies_with_nobody_but_can_be_found(
        self, routing: Service, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        open_one, done_one = await delivered(), await delivered()
        given = letters.issued(done_one, regency.holder("head"), recipient(regency.held("roads")))
        await deliver(routing, given)
        await deliver(routing, letters.completed(given, regency.holder("roads")))

        async def inbox(**wanted: str) -> list[str]:
            _, page, _ = await call(regency.holder("head"), "GET", "/v1/inbox", params=wanted)
            return [item["letter_id"] for item in page["items"]]

        assert await inbox() == [open_one.letter_id]
        assert await inbox(state="done") == [done_one.letter_id]
        assert await inbox(state="sent") == [open_one.letter_id]
        assert await inbox(state="read") == []

    async def test_by_unit(self, regency: Regency, delivered: Delivered, call: Call) -> None:
        await delivered((to_unit(regency, "pu"),))
        to_camat = await delivered((to_unit(regency, "nusa_penida"),))
        both = regency.holder("head", "camat")
        wanted = {"unit_id": regency.units["nusa_penida"].id}
        _, page, _ = await call(both, "GET", "/v1/inbox", params=wanted)
        assert [item["letter_id"] for item in page["items"]] == [to_camat.letter_id]
        _, page, _ = await call(both, "GET", "/v1/inbox", params={"unit_id": regency.units["sekartaji"].id})
        assert page["items"] == []

    async def test_what_has_lain_for_a_year_is_still_there(
        self, regency: Regency, delivered: Delivered, branches_of: Look, context: Context, call: Call
    ) -> None:
        [branch] = await branches_of(await delivered())
        recent = await delivered()
        old = branch.model_copy(update={"id": first_id_of(now() - timedelta(days=365)), "letter_id": new_id()})
        await context.branches.add([old], None)
        _, page, _ = await call(regency.holder("head"), "GET", "/v1/inbox", params={"limit": "2"})
        assert page["items"][0]["letter_id"] == recent.letter_id
        _, rest, _ = await call(regency.holder("head"), "GET", "/v1/inbox", params={"cursor": page["next"]})
        assert [item["branch_id"] for item in rest["items"]] == [old.id]

    async def test_the_same_branch_reached_two_ways_is_shown_once(
        self, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        await delivered((to_position(regency, "head"),))
        _, page, _ = await call(regency.holder("head", "registrar"), "GET", "/v1/inbox")
        assert [item["why"] for item in page["items"]] == ["Surat ini ditujukan kepada jabatan Anda, Kepala Dinas PU."]

    async def test_a_cursor_that_is_no_time_is_no_fault_of_the_server(
        self, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        beyond = {"cursor": "ffffffff-ffff-4fff-bfff-ffffffffffff"}
        status, page, _ = await call(regency.holder("head"), "GET", "/v1/inbox", params=beyond)
        assert (status, [item["letter_id"] for item in page["items"]]) == (200, [letter.letter_id])
