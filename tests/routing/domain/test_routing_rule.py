"""What a rule hits, and what it says of it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.chassis.ids import new_id
from services.contracts.vocabulary import Confidentiality, Party
from services.routing.domain.letter_facts import LetterFacts
from services.routing.domain.mention import Mention
from services.routing.domain.routing_rule import Conditions, RoutingRule, acts_by_itself, by_priority, matches

PU = Mention(kind="unit", id=new_id())
VILLAGE = new_id()
LETTER = LetterFacts(
    kind="Surat Permohonan",
    subject="Permohonan peminjaman alat berat untuk Desa Sekartaji",
    category="request",
    classification="600.1.2",
    urgency="urgent",
    sender=Party(kind="unit", id=VILLAGE, name="Desa Sekartaji"),
)


def rule(
    name: str = "Alat berat ke Dinas PU", *, mode: Any = "propose", priority: int = 100, **stated: Any
) -> RoutingRule:
    return RoutingRule(
        id=new_id(),
        name=name,
        conditions=Conditions(**stated),
        destinations=(PU,),
        mode=mode,
        priority=priority,
    )


def said(facts: LetterFacts = LETTER, **stated: Any) -> str | None:
    reason = matches(rule(**stated), facts)
    return reason.sentence if reason else None


class TestMatches:
    def test_a_phrase_in_the_subject_is_named_as_the_reason(self) -> None:
        assert said(words=["alat berat"]) == "Aturan 'Alat berat ke Dinas PU': perihal memuat 'alat berat'"

    def test_every_condition_that_is_stated_must_hold_and_is_named(self) -> None:
        stated: dict[str, Any] = {
            "kinds": ["surat permohonan", "Laporan"],
            "classifications": ["600"],
            "sender_words": ["desa"],
            "words": ["alat berat"],
            "urgencies": ["urgent"],
        }
        assert said(**stated) == (
            "Aturan 'Alat berat ke Dinas PU': jenis Surat Permohonan; klasifikasi 600.1.2; pengirim Desa Sekartaji; "
            "perihal memuat 'alat berat'; sifat segera"
        )
        for field, other in (
            ("kinds", ["Laporan"]),
            ("classifications", ["500"]),
            ("sender_words", ["kecamatan"]),
            ("words", ["jembatan"]),
            ("urgencies", ["normal"]),
        ):
            assert said(**{**stated, field: other}) is None

    def test_a_classification_is_a_beginning_by_whole_numbers(self) -> None:
        assert said(classifications=["600.1"])
        assert said(classifications=["600.1.2"])
        assert said(replace(LETTER, classification="600.10"), classifications=["600.1"]) is None
        assert said(replace(LETTER, classification=None), classifications=["600"]) is None

    def test_a_sender_fits_by_its_unit_or_by_a_word_of_its_name(self) -> None:
        assert said(sender_units=[VILLAGE])
        assert said(sender_units=[new_id()], sender_words=["SEKARTAJI"])
        assert said(sender_units=[new_id()]) is None
        assert said(replace(LETTER, sender=None), sender_words=["desa"]) is None

    def test_words_are_whole_words_whatever_their_case_and_ending(self) -> None:
        for phrase in ("ALAT BERAT", "Alat-Berat", "pinjam", "meminjam"):
            assert said(words=[phrase]), phrase
        for phrase in ("lat berat", "alat ber", "berat alat", "seka"):
            assert said(words=[phrase]) is None, phrase

    def test_all_words_may_be_asked_for_and_may_stand_in_different_places(self) -> None:
        facts = replace(LETTER, summary="Jalan desa tertutup longsor", text="mohon bantuan ekskavator")
        wanted = {"words": ["alat berat", "longsor", "ekskavator"], "words_needed": "all"}
        assert said(facts, **wanted) == (
            "Aturan 'Alat berat ke Dinas PU': perihal memuat 'alat berat'; ringkasan memuat 'longsor'; "
            "isi surat memuat 'ekskavator'"
        )
        assert said(replace(facts, text=None), **wanted) is None
        assert said(facts, **{**wanted, "words_in": ["subject", "text"]}) is None

    @given(
        before=st.lists(st.sampled_from(["mohon", "rapat", "desa", "2026", "Bapak", "–"]), max_size=6),
        after=st.lists(st.sampled_from(["segera", "di", "Klungkung", "terima", "kasih", "."]), max_size=6),
        summary=st.text(max_size=40),
    )
    def test_it_still_hits_when_unrelated_words_are_added(
        self, before: list[str], after: list[str], summary: str
    ) -> None:
        wanted = rule(words=["alat berat", "peminjaman"], words_needed="all", kinds=["Surat Permohonan"])
        more = replace(LETTER, subject=" ".join([*before, LETTER.subject, *after]), summary=summary)
        assert matches(wanted, LETTER)
        assert matches(wanted, more)

    @pytest.mark.parametrize("field", [{"words": ["--"]}, {"words": [""]}, {"classifications": ["6"]}, {"place": 1}])
    def test_what_can_never_be_found_is_refused(self, field: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            Conditions(**field)


class TestActsByItself:
    @pytest.mark.parametrize("confidentiality", ["secret", "top_secret"])
    def test_never_on_a_secret_letter_which_it_still_proposes_for(self, confidentiality: Confidentiality) -> None:
        wanted = rule(mode="automatic", words=["alat berat"])
        secret = replace(LETTER, confidentiality=confidentiality)
        assert acts_by_itself(wanted, LETTER)
        assert acts_by_itself(wanted, replace(LETTER, confidentiality="restricted"))
        assert not acts_by_itself(wanted, secret)
        assert matches(wanted, secret)

    def test_not_where_it_only_proposes(self) -> None:
        assert not acts_by_itself(rule(words=["alat berat"]), LETTER)

    def test_once_the_scans_are_read_only_where_they_decide(self) -> None:
        read = replace(LETTER, text="Kami memohon ekskavator")
        assert not acts_by_itself(rule(mode="automatic", words=["alat berat"]), read)
        assert acts_by_itself(rule(mode="automatic", words=["ekskavator"]), read)
        assert not acts_by_itself(rule(mode="automatic", words=["ekskavator"]), LETTER)


class TestOrder:
    def test_by_priority_then_by_name(self) -> None:
        names = [one.name for one in by_priority([rule("b"), rule("c", priority=5), rule("A")])]
        assert names == ["c", "A", "b"]
