"""A ministry writes to the education office, whose acting head instructs the secretary: down, and up again at once."""

import statistics
from collections.abc import AsyncIterator
from dataclasses import dataclass
from time import monotonic
from zoneinfo import ZoneInfo

import pytest

from deploy.demo.client import Client, Json
from deploy.demo.organisation import seat
from services.chassis.clock import now
from tests.flow.cast import Cast
from tests.flow.desk import act, arrived, dispose, has_status, instructed, replace, told
from tests.flow.disposition_desk import acted, as_it_is, in_tab, offered, part, refused, states, told_of
from tests.flow.offices import Office, assign, holds, open_office
from tests.house import SCAN, House, letter

pytestmark = [pytest.mark.flow]
ORDER = {"legal_basis": "SK Bupati 821/77/2026 tanggal 16 November 2026", "ends_on": "2030-12-31"}
MINISTRY = "Kementerian Pendidikan Dasar dan Menengah"
ROUNDS = 9


@dataclass(frozen=True)
class Education:
    """The education office without a head: whoever acts for it, its secretary and its registrar, signed in."""

    office: Office
    acting: Client
    secretary: Client
    registrar: Client

    @property
    def head_title(self) -> str:
        """How the acting head signs."""
        return f"Plt. {self.office['head'].title}"

    @property
    def secretary_id(self) -> str:
        """The secretary's position."""
        return self.office["secretary"].position_id


@pytest.fixture(scope="module")
async def education(house: House, cast: Cast) -> Education:
    """The office, in which a supervisor acts for the head."""
    office = await open_office(
        house, "Dinas Pendidikan", "head", "officer", "secretary", "registrar", "archivist", vacant="head"
    )
    acting, post = office["officer"], office["head"].position_id
    async with house.admin() as admin:
        await assign(admin, acting.person_id, post, capacity="plt", **ORDER)
    await holds(house, acting.username, post)
    people = [await cast.anew(office[role].username) for role in ("officer", "secretary", "registrar")]
    return Education(office, *people)


async def from_the_ministry(education: Education) -> Json:
    """The registrar enters what the post brought: a letter with two enclosures."""
    today = now().astimezone(ZoneInfo("Asia/Makassar")).date().isoformat()
    fields = letter(
        kind="Surat Edaran",
        category="other",
        subject="Penerapan pembelajaran mendalam di sekolah dasar",
        letter_date=today,
        sender={"kind": "external", "name": MINISTRY},
        addressees=[education.office.party],
    )
    scans = [(f"{name}.pdf", SCAN, "application/pdf") for name in ("surat", "lampiran-1", "lampiran-2")]
    return await education.registrar.send_letter(fields, scans)


async def instructs(education: Education) -> Json:
    """A letter has come, and the acting head gives it to the secretary with both instructions."""
    sent = await from_the_ministry(education)
    await arrived(education.acting, sent["id"])
    wanted = instructed(education.secretary_id, "pelajari", "sosialisasikan")
    await offered(education.acting, sent["id"])
    return await dispose(education.acting, sent["id"], wanted)


async def hears(stream: AsyncIterator[Json], disposition: Json, reason: str) -> Json:
    """What comes on an open stream about the disposition for this reason."""
    async for one in stream:
        if one["links"].get("disposition_id") == disposition["id"] and one["reason"] == reason:
            return one
    raise AssertionError("the stream ended without it")


class TestProbolinggo:
    async def test_P7_P8_P9_P10_P11_a_ministrys_letter_down_to_the_secretary_and_siap_back_to_the_plt(
        self, education: Education
    ) -> None:
        acting, secretary, office = education.acting, education.secretary, education.office
        sent = await from_the_ministry(education)
        assert len(sent["files"]) == 3
        branch = await arrived(acting, sent["id"])
        assert MINISTRY in (await told(acting, sent["id"], "letter_addressed"))["text"]
        await act(acting, branch, "read")
        first = (await offered(acting, sent["id"]))[0]
        assert (first["position_id"], first["reason"]) == (education.secretary_id, "Sekretaris Anda.")

        given = await dispose(acting, sent["id"], instructed(first["position_id"], "pelajari", "sosialisasikan"))
        assert (given["issuer"]["capacity"], given["issuer"]["position_id"]) == ("plt", office["head"].position_id)
        [mine] = given["recipients"]
        labels = ["Pelajari / telaah", "Sosialisasikan"]
        assert [one["label"] for one in mine["instructions"]] == labels
        asked = (await told_of(secretary, given, "disposition_received"))["text"]
        assert asked.startswith(f"{education.head_title} meminta: Pelajari / telaah dan Sosialisasikan.")

        await acted(secretary, given, education.secretary_id, "read")
        async with acting.listening("/v1/notifications/stream") as stream:
            began = monotonic()
            await acted(secretary, given, education.secretary_id, "reply", quick_reply="siap")
            heard = await hears(stream, given, "disposition_replied")
            assert monotonic() - began < 10
        assert "“Siap!”" in heard["text"]
        assert heard["position_id"] == office["head"].position_id

        thread = (await as_it_is(acting, given))["acts"]
        assert [(one["kind"], one["quick_reply"], one["text"]) for one in thread][-1] == ("reply", "siap", "Siap!")
        track = await has_status(acting, sent["id"], "in_progress")
        disposed = next(step for step in track["timeline"] if step["what"] == "disposed")
        assert disposed["actor"]["display"] == education.head_title

        await acted(secretary, given, education.secretary_id, "complete", report="Sudah disosialisasikan ke 41 SD.")
        assert (await has_status(acting, sent["id"], "done"))["outcome"] is not None
        assert (await as_it_is(acting, given))["state"] == "done"

    async def test_P11_H14_siap_reaches_the_acting_head_in_a_moment(self, education: Education) -> None:
        took = []
        async with education.acting.listening("/v1/notifications/stream") as stream:
            for _ in range(ROUNDS):
                given = await instructs(education)
                began = monotonic()
                await acted(education.secretary, given, education.secretary_id, "reply", quick_reply="siap")
                await hears(stream, given, "disposition_replied")
                took.append(monotonic() - began)
        assert max(took) < 10
        assert statistics.median(took) < 1, took

    async def test_P10_each_of_the_two_instructions_finds_it(self, education: Education) -> None:
        given = await instructs(education)
        for code in ("pelajari", "sosialisasikan"):
            found = await in_tab(education.acting, "given", instruction=code)
            assert given["id"] in {one["id"] for one in found}
            assert given["id"] in {one["id"] for one in await in_tab(education.secretary, "received", instruction=code)}
        assert given["id"] not in {one["id"] for one in await in_tab(education.acting, "given", instruction="pantau")}

    async def test_P4_whom_and_what_is_all_that_is_asked(self, education: Education) -> None:
        """Open the letter, dispose, choose what is asked of the first that is offered, send: four taps, four calls."""
        sent = await from_the_ministry(education)
        branch = await arrived(education.acting, sent["id"])
        taps = [
            await act(education.acting, branch, "read"),
            first := (await offered(education.acting, sent["id"]))[0],
            (await education.acting.get("/v1/instructions"))["items"],
            given := await dispose(education.acting, sent["id"], instructed(first["position_id"], "pelajari")),
        ]
        assert len(taps) == 4
        [mine] = given["recipients"]
        assert (given["branch_id"], mine["responsible"]) == (branch["id"], True)

    async def test_P7_whoever_acted_before_the_order_is_refused_and_who_follows_finds_the_positions_work(
        self, house: House, cast: Cast, education: Education
    ) -> None:
        office = await open_office(house, "Dinas Perpustakaan", "head", "officer", "secretary", vacant="head")
        [village] = await cast("desa.sekartaji")
        sent = await house.send(village, addressees=[office.party])
        await house.settled()
        [before] = await cast(office["officer"].username)
        secretary_id = office["secretary"].position_id
        order = {"recipients": [instructed(secretary_id)]}
        assert (await refused(before, f"/v1/letters/{sent['id']}/dispositions", order))[0] in (403, 404)

        async with house.admin() as admin:
            await assign(admin, office["officer"].person_id, office["head"].position_id, capacity="plt", **ORDER)
        await holds(house, office["officer"].username, office["head"].position_id)
        acting = await cast.anew(office["officer"].username)
        await arrived(acting, sent["id"])
        given = await dispose(acting, sent["id"], instructed(secretary_id))
        async with house.admin() as admin:
            await assign(admin, office["head"].person_id, office["head"].position_id)
        await holds(house, office["head"].username, office["head"].position_id)
        head = await cast.anew(office["head"].username)
        assert given["id"] in {one["id"] for one in await in_tab(head, "waiting")}
        assert (await as_it_is(head, given))["issuer"]["capacity"] == "plt", "what was done stays as it was done"
        [secretary] = await cast(office["secretary"].username)
        await acted(secretary, given, secretary_id, "reply", quick_reply="dilaksanakan")
        assert "“Dilaksanakan”" in (await told_of(head, given, "disposition_replied"))["text"]


class TestWhoMayBeInstructed:
    async def test_P12_only_positions_below_are_offered_and_the_server_refuses_others(
        self, cast: Cast, education: Education
    ) -> None:
        sent = await from_the_ministry(education)
        await arrived(education.acting, sent["id"])
        mine = {one.position_id for role, one in education.office.officials.items() if role != "head"}
        assert {one["position_id"] for one in await offered(education.acting, sent["id"])} == mine
        [elsewhere] = await cast("kadis.pu")
        stranger = (await elsewhere.get("/v1/me"))["positions"][0]["position_id"]
        path = f"/v1/letters/{sent['id']}/dispositions"
        for wrong in (stranger, education.office["head"].position_id):
            status, problem = await refused(education.acting, path, {"recipients": [instructed(wrong)]})
            assert status in (403, 422)
            assert problem.get("positions", [wrong]) == [wrong]
        mixed = {"recipients": [instructed(education.secretary_id), instructed(stranger)]}
        status, problem = await refused(education.acting, path, mixed)
        assert (status, problem["code"], problem["positions"]) == (403, "recipient_not_below", [stranger])
        assert (await education.acting.get(path))["items"] == []

    async def test_P12_a_peer_that_was_named_is_offered_last_and_may_be_instructed(
        self, house: House, education: Education
    ) -> None:
        peer, sent = seat("kadis.kes").position_id, await from_the_ministry(education)
        await arrived(education.acting, sent["id"])
        peers = f"/v1/disposition-peers/{education.office['head'].position_id}"
        async with house.admin() as admin:
            await replace(admin, peers, {"positions": [peer]})
        try:
            last = (await offered(education.acting, sent["id"]))[-1]
            assert (last["position_id"], last["relation"]) == (peer, "peer")
            given = await dispose(education.acting, sent["id"], instructed(education.secretary_id), instructed(peer))
            assert states(given) == {education.secretary_id: "sent", peer: "sent"}
        finally:
            async with house.admin() as admin:
                await replace(admin, peers, {"positions": []})
        status, problem = await refused(
            education.acting, f"/v1/letters/{sent['id']}/dispositions", {"recipients": [instructed(peer)]}
        )
        assert (status, problem["code"]) == (403, "recipient_not_below")

    async def test_P12_who_has_nothing_to_do_with_it_can_neither_instruct_nor_answer_nor_look(
        self, cast: Cast, education: Education
    ) -> None:
        given = await instructs(education)
        [stranger] = await cast("kadis.kes")
        assert await stranger.status_of(f"/v1/dispositions/{given['id']}") == 404
        assert await stranger.status_of(f"/v1/letters/{given['letter_id']}/disposition-candidates") in (403, 404)
        mine = part(given, education.secretary_id)["recipient_id"]
        for what, body in (("read", None), ("reply", {"text": "Siap!"}), ("complete", {"report": "Selesai."})):
            path = f"/v1/dispositions/{given['id']}/recipients/{mine}/{what}"
            assert (await refused(stranger, path, body))[0] == 404
        status, _ = await refused(education.acting, f"/v1/dispositions/{given['id']}/recipients/{mine}/read")
        assert status == 403, "who gave it does not read it for the other"
        assert states(await as_it_is(education.acting, given)) == {education.secretary_id: "sent"}

    async def test_P9_who_got_such_letters_before_is_offered_first(self, education: Education) -> None:
        archivist = education.office["archivist"].position_id
        for _ in range(6):
            sent = await from_the_ministry(education)
            await arrived(education.acting, sent["id"])
            await offered(education.acting, sent["id"])
            await dispose(education.acting, sent["id"], instructed(archivist))
        sent = await from_the_ministry(education)
        await arrived(education.acting, sent["id"])
        items = await offered(education.acting, sent["id"])
        of_archivist = next(one for one in items if one["position_id"] == archivist)
        assert of_archivist["similar"] >= 6
        assert "surat serupa" in of_archivist["reason"]
        assert items.index(of_archivist) <= 1, "beside the secretary, to whom this office gave as much"


async def test_who_was_instructed_is_who_must_act_on_the_letter(education: Education) -> None:
    given = await instructs(education)
    track = await has_status(education.acting, given["letter_id"], "disposed")
    [branch] = track["branches"]
    assert [one["position_id"] for one in branch["who_must_act"]] == [education.secretary_id]
