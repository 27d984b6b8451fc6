"""Villages write, are answered and follow their letters like any office; nobody else's letters are theirs to see."""

import asyncio
import hashlib

import pytest

from deploy.demo.client import Client, Json
from deploy.demo.organisation import seat, unit_id
from tests.flow.cast import Cast
from tests.flow.desk import (
    act,
    arrived,
    branch_to,
    dispose,
    has_status,
    in_box,
    instructed,
    once_known,
    opened,
    part_of,
    refusal,
    steps,
    told,
    track_of,
    tracked,
)
from tests.flow.offices import demo_unit, open_office
from tests.house import SCAN, House

pytestmark = [pytest.mark.flow]


class TestK1:
    async def test_K1_village_and_opd_both_send_receive_and_track(self, house: House, cast: Cast) -> None:
        village, office = await cast("desa.sekartaji", "tu.pu")
        up = await house.send(village)
        down = await house.send(office, direction="outgoing", addressees=[demo_unit("sekartaji")])
        for sender, reader, letter in ((village, office, up), (office, village, down)):
            branch = await arrived(reader, letter["id"])
            for what in ("read", "receive"):
                await act(reader, branch, what)
            await act(reader, branch, "close", outcome="decision")
            for person in (sender, reader):
                track = await has_status(person, letter["id"], "done")
                assert steps(track)[:4] == ["registered", "delivered", "branch_read", "branch_received"]
                assert track["outcome"] == "decision"
            assert letter["id"] in {one["letter"]["id"] for one in await in_box(sender, "outbox")}
            assert letter["id"] in {one["letter_id"] for one in await in_box(reader, "done")}
            assert letter["id"] not in {one["letter_id"] for one in await in_box(reader, "inbox")}


class TestK4:
    async def test_K4_from_the_village_over_a_disposition_to_the_reply_nobody_carries_paper(
        self, house: House, cast: Cast
    ) -> None:
        village, head, officer = await cast("desa.sekartaji", "kadis.pu", "kabid.bm")
        letter = await house.send(village)
        await act(head, await arrived(head, letter["id"]), "receive")
        position = seat("kabid.bm").position_id
        disposition = await dispose(head, letter["id"], instructed(position, "siapkan_surat"))
        await told(officer, letter["id"], "disposition_received")
        part = part_of(disposition, position)
        await officer.post(f"{part}/reply", {"text": "Konsep jawaban sudah saya kirim."})
        reply = await house.send(head, direction="outgoing", kind="Surat Dinas", addressees=[demo_unit("sekartaji")])
        await arrived(village, reply["id"])
        report = {"report": "Jawaban terkirim.", "outgoing_letter_id": reply["id"]}
        await once_known(lambda: officer.post(f"{part}/complete", report), 404)
        track = await tracked(village, letter["id"], lambda one: one["status"] == "done" and bool(one["linked"]))
        assert track["outcome"] == "reply"
        [link] = track["linked"]
        assert (link["other_id"], link["relation"], link["inverse"]) == (reply["id"], "reply_to", True)
        assert link["letter"]["id"] == reply["id"]
        for reader, read in ((head, letter), (officer, letter), (village, reply)):
            await same_pages(reader, read)


async def same_pages(reader: Client, letter: Json) -> None:
    """What the reader opens is what was scanned, byte for byte."""
    await opened(reader, letter["id"])
    [file] = letter["files"]
    read = await reader.download(f"/v1/letters/{letter['id']}/files/{file['file_id']}")
    assert hashlib.sha256(read).hexdigest() == hashlib.sha256(SCAN).hexdigest() == file["sha256"]


READERS = {
    "kadis.pu": (200, 200),  # head: everything of the office
    "tu.pu": (200, 200),  # registrar: likewise
    "sekdis.pu": (200, 404),  # secretary: nothing confidential
    "kabid.bm": (404, 404),  # head of another unit: not before it is disposed to them
    "kadis.kes": (404, 404),  # another office
    "camat.np": (404, 404),  # the village's own camat, who got no copy
    "desa.batununggul": (404, 404),  # another village
    "ajudan": (404, 404),
    "bupati": (200, 200),  # leads the regency
}
"""What an ordinary and a secret letter from a village to Dinas PU answer."""


class TestK6:
    async def test_K6_a_role_sees_what_it_is_for(self, house: House, cast: Cast) -> None:
        village, head = await cast("desa.sekartaji", "kadis.pu")
        letters = [await house.send(village, confidentiality=one) for one in ("ordinary", "secret")]
        for letter in letters:
            await arrived(head, letter["id"])
            await opened(head, letter["id"])  # what tells intake of the head tells it of everybody

        async def answers(reader: Client, letter: Json) -> set[int]:
            paths = (f"/v1/letters/{letter['id']}", f"/v1/letters/{letter['id']}/track")
            return {await reader.status_of(path) for path in paths}

        readers = await cast(*READERS)
        seen = await asyncio.gather(*(answers(reader, letter) for reader in readers for letter in letters))
        assert dict(zip(READERS, zip(seen[::2], seen[1::2], strict=True), strict=True)) == {
            username: ({ordinary}, {secret}) for username, (ordinary, secret) in READERS.items()
        }

    async def test_K6_an_auditor_reads_across_offices_what_is_not_secret_and_acts_on_nothing(
        self, house: House, cast: Cast
    ) -> None:
        inspectorate = await open_office(house, "Inspektorat Daerah", "auditor")
        village, head, auditor = await cast("desa.batununggul", "kadis.pu", inspectorate["auditor"].username)
        letters = [await house.send(village, confidentiality=one) for one in ("ordinary", "restricted", "secret")]
        for letter in letters[:2]:
            track = await tracked(auditor, letter["id"], lambda one: bool(one["branches"]))
            for what in ("read", "receive", "close"):
                assert await refusal(auditor, f"/v1/branches/{track['branches'][0]['id']}/{what}") == 403
        await arrived(head, letters[2]["id"])
        assert await auditor.status_of(f"/v1/letters/{letters[2]['id']}/track") == 404


class TestK8:
    async def test_K8_a_village_writes_straight_to_dinas_pu_and_the_camat_has_a_copy(
        self, house: House, cast: Cast
    ) -> None:
        village, head, camat = await cast("desa.sekartaji", "kadis.pu", "camat.np")
        subject = "Permohonan ekskavator untuk jalan longsor"
        letter = await house.send(village, subject=subject, copies=[demo_unit("nusa-penida")])
        branch = await arrived(head, letter["id"])
        copy = await arrived(camat, letter["id"], "copies")
        assert (copy["role"], copy["due_at"]) == ("copy", None)
        assert letter["id"] not in {one["letter_id"] for one in await in_box(camat, "not_followed_up")}
        await told(camat, letter["id"], "letter_copied")
        elsewhere = {"reason": "Bukan urusan kami", "to": demo_unit("setda")}
        assert await refusal(camat, f"/v1/branches/{copy['id']}/redirect", elsewhere) == 409
        await act(head, branch, "close", outcome="decision", note="Ekskavator dikirim hari Senin.")
        track = await has_status(village, letter["id"], "done")
        assert branch_to(track, unit_id("nusa-penida"))["state"] == "sent", "the office need not wait for the camat"

    async def test_K8_without_a_copy_the_camat_knows_nothing_of_it(self, house: House, cast: Cast) -> None:
        village, head, camat = await cast("desa.sekartaji", "kadis.pu", "camat.np")
        letter = await house.send(village)
        await arrived(head, letter["id"])
        [branch] = (await track_of(head, letter["id"]))["branches"]
        assert branch["unit"]["id"] == unit_id("dinas-pu")
        assert await camat.status_of(f"/v1/letters/{letter['id']}/track") == 404
        assert letter["id"] not in {one["letter_id"] for one in await in_box(camat, "copies")}
