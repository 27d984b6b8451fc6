"""What the track says of dispositions: for those inside, and in what words."""

from datetime import date

import pytest

from services.contracts.event import Event
from services.routing.domain.steps import step_of
from services.routing.domain.track import LABELS
from tests.routing.domain.news import (
    NEWS,
    VERSIONS,
    amending,
    declining,
    done,
    handing_over,
    overdue,
    progress,
    recall,
    reopening,
    responsible,
    words,
)
from tests.routing.domain.register_news import NUMBERED, REGISTER, REGISTER_VERSIONS, correction, parked, void
from tests.routing.domain.samples import registered
from tests.routing.domain.world import World

PRIVATE = {
    "disposition_commented",
    "recipient_amended",
    "work_handed_over",
    "responsible_changed",
    "disposition_overdue",
}


def step(event: Event) -> tuple[str, str | None]:
    """The name of the step and what it says, of a disposition to roads and finance."""
    world = World.delivered()
    world.hear("d1 issued")
    world.happen(event, 2)
    told = step_of("event", event, world.dossier)
    assert told is not None
    assert told.inside
    assert told.private == (told.what in PRIVATE)
    return LABELS[told.what], told.detail


class TestDetail:
    @pytest.mark.parametrize(
        ("event", "expected"),
        [
            (NEWS["d1 issued"], "roads (penanggung jawab): Pelajari; finance: Pelajari"),
            (NEWS["d1 added"], "planner: Pelajari"),
            (progress("d1", "roads", 40, "Alat disiapkan"), "40%: Alat disiapkan"),
            (progress("d1", "roads", 40), "40%"),
            (done("d1", "roads", all_done=False), None),
            (done("d1", "roads", all_done=False, report="Jalan sudah terbuka"), "Jalan sudah terbuka"),
            (done("d1", "roads", all_done=False, position_title="roads"), "Bagian roads"),
            (declining("d1", "roads", all_done=False), "roads. Alasan: Bukan tugas kami"),
            (recall("d1", "roads", "finance", all_done=True), "Dari roads dan finance"),
            (recall("d1", "roads", all_done=False, reason="Keliru"), "Dari roads. Alasan: Keliru"),
            (amending("d1", "roads", note="Segera"), "Untuk roads. Catatan: Segera"),
            (amending("d1", "roads", former_note="Segera"), "Untuk roads. Catatan: dihapus"),
            (amending("d1", "roads", due_on=date(2026, 3, 9)), "Untuk roads. Batas waktu: 9 Maret 2026"),
            (amending("d1", "roads", former_due_on=date(2026, 3, 9)), "Untuk roads. Batas waktu: tidak ada lagi"),
            (reopening("d1", "roads"), "Untuk roads. Alasan: Belum lengkap"),
            (handing_over("d1", "roads", "bridges", "roads"), "Dari roads ke bridges. Alasan: Mutasi jabatan"),
            (responsible("d1", "finance"), "Penanggung jawab sekarang finance"),
            (responsible("d1", None), None),
            (words("d1", "question", "Anggarannya?"), "Pertanyaan: Anggarannya?"),
            (words("d1", "answer", "Ada"), "Jawaban: Ada"),
            (overdue("d1", "roads"), "roads"),
        ],
    )
    def test_says_who_and_why(self, event: Event, expected: str | None) -> None:
        assert step(event)[1] == expected

    @pytest.mark.parametrize("name", list(NEWS))
    def test_every_event_is_a_step_with_a_name(self, name: str) -> None:
        world = World.delivered()
        world.happen(NEWS[name], VERSIONS[name])
        told = step_of("event", NEWS[name], world.dossier)
        assert told is not None
        assert LABELS[told.what]


class TestRegister:
    @pytest.mark.parametrize(
        ("event", "label", "detail"),
        [
            (NUMBERED, "Data surat diperbaiki", "Nomor surat: “-” menjadi “005/12”. Alasan: Salah ketik"),
            (correction(), "Data surat diperbaiki", "Alasan: Salah ketik"),
            (void(), "Pendaftaran surat dibatalkan", "Nomor agenda 7/2026. Alasan: Terdaftar dua kali"),
            (parked(), LABELS["scan_parked"], "surat.pdf. Alasan: Halaman tidak dapat dibaca"),
        ],
    )
    def test_K10_says_what_changed_and_why_to_all_who_read_the_letter(
        self, event: Event, label: str, detail: str
    ) -> None:
        world = World.delivered()
        world.happen(event, 2)
        told = step_of("event", event, world.dossier)
        assert told is not None
        assert (LABELS[told.what], told.detail, told.inside) == (label, detail, False)

    @pytest.mark.parametrize("name", ["numbered", "voided"])
    def test_says_who_did_it(self, name: str) -> None:
        world = World.delivered()
        world.happen(REGISTER[name], REGISTER_VERSIONS[name])
        told = step_of("event", REGISTER[name], world.dossier)
        assert told is not None
        assert told.actor is not None
        assert (told.actor.position_id, told.unit_name) == ("operator", "Dinas PU")

    def test_that_it_was_entered_to_practise_stands_at_the_beginning(self) -> None:
        world = World.delivered(training=True)
        told = step_of("event", registered(training=True), world.dossier)
        assert told is not None
        assert str(told.detail).startswith("Surat latihan. Nomor agenda 7/2026")
