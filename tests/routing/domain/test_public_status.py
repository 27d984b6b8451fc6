"""What the public is told: a coarse word and a day, and of confidential letters less."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.vocabulary import Confidentiality
from services.routing.domain.branch import Act, Branch, Closing, ReasonedAct
from services.routing.domain.letter import Letter, Status
from services.routing.domain.public_status import GUARDED_STATES, LABELS, STATES, PublicStatus, public_status
from tests.routing.domain.samples import AT, actor_at, branch, letter, summary

ZONE = ZoneInfo("Asia/Makassar")
LATER = AT + timedelta(days=3)
READ = {"read": Act(actor=actor_at("head"), at=LATER)}
CLOSED = {"closed": Closing(actor=actor_at("head"), at=LATER, outcome="noted")}
RETURNED = {"returned": ReasonedAct(actor=actor_at("head"), at=LATER, reason="Salah alamat")}
RECALLED = {"recalled": ReasonedAct(actor=actor_at("operator"), at=LATER, reason="Keliru")}
WORKED = {"work": "open"}
FACTS = st.sampled_from([{}, READ, CLOSED, RETURNED, RECALLED, WORKED])
GUARDED = ("restricted", "secret", "top_secret")


def of(confidentiality: Confidentiality) -> Letter:
    """A letter with this confidentiality."""
    return letter().model_copy(update={"summary": summary(confidentiality)})


def told(*ways: Branch, confidentiality: Confidentiality = "ordinary") -> PublicStatus:
    """What is told of a letter on these ways."""
    return public_status(of(confidentiality), ways, ZONE)


def after(facts: Mapping[str, object], **given: object) -> Branch:
    """A branch to which this happened three days after it was opened."""
    return branch().with_facts(LATER, **facts).model_copy(update=given)


class TestOrdinary:
    @pytest.mark.parametrize(
        ("facts", "state", "label"),
        [
            ({}, "forwarded", "Diteruskan"),
            (READ, "forwarded", "Diteruskan"),
            (CLOSED, "done", "Selesai"),
            (RETURNED, "returned", "Dikembalikan"),
            (RECALLED, "received", "Diterima"),
        ],
    )
    def test_the_word_follows_the_letter(self, facts: Mapping[str, object], state: str, label: str) -> None:
        status = told(after(facts))
        assert (status.state, status.label) == (state, label)

    def test_with_part_of_it_done_it_is_in_progress(self) -> None:
        assert told(after(CLOSED), branch("b2")).state == "in_progress"

    def test_the_day_is_the_local_one_of_the_last_change(self) -> None:
        assert told(branch()).changed_on == date(2026, 3, 2)
        assert told(after(READ), branch("b2")).changed_on == date(2026, 3, 5)

    def test_the_units_are_those_it_is_for_each_once(self) -> None:
        copy = branch("b3", role="copy").model_copy(update={"unit_name": "Kecamatan Nusa Penida"})
        gone = after(RECALLED, unit_name="Dinas Sosial")
        outside = branch("b5").model_copy(update={"external_name": "PLN", "unit_name": "Desa Sekartaji"})
        assert told(branch(), branch("b2"), copy, gone, outside).units == ("Dinas PU",)


class TestNotOrdinary:
    @pytest.mark.parametrize("confidentiality", GUARDED)
    @pytest.mark.parametrize("facts", [{}, READ, RETURNED, WORKED])
    def test_whatever_goes_on_it_is_in_progress(
        self, confidentiality: Confidentiality, facts: Mapping[str, object]
    ) -> None:
        status = told(after(facts), confidentiality=confidentiality)
        assert status == PublicStatus("in_progress", date(2026, 3, 2), ())

    def test_done_is_told_with_the_day_it_was_completed(self) -> None:
        completed = of("secret").model_copy(update={"completed_at": LATER})
        assert public_status(completed, (after(CLOSED),), ZONE) == PublicStatus("done", date(2026, 3, 5), ())

    @given(st.lists(FACTS, max_size=4), st.sampled_from(GUARDED))
    def test_never_more_than_received_in_progress_or_done(
        self, facts: list[Mapping[str, object]], confidentiality: Confidentiality
    ) -> None:
        ways = [after(one, id=f"b{number}") for number, one in enumerate(facts)]
        status = told(*ways, confidentiality=confidentiality)
        assert status.state in {"received", "in_progress", "done"}
        assert status.units == ()
        assert status.changed_on == date(2026, 3, 2)


class TestWords:
    def test_every_status_has_its_word(self) -> None:
        assert set(STATES) == set(get_args(Status))
        assert set(STATES.values()) <= set(LABELS)
        assert set(GUARDED_STATES) == set(LABELS)

    def test_nothing_else_is_told(self) -> None:
        assert [one.name for one in fields(PublicStatus)] == ["state", "changed_on", "units", "training"]


class TestRegister:
    @pytest.mark.parametrize("confidentiality", ["ordinary", *GUARDED])
    def test_of_a_void_letter_that_alone_is_told_and_since_when(self, confidentiality: Confidentiality) -> None:
        void = of(confidentiality)
        act = ReasonedAct(actor=actor_at("operator"), at=LATER, reason="Terdaftar dua kali")
        void = void.model_copy(
            update={"voided": act, "summary": void.summary.model_copy(update={"voided": True}), "completed_at": AT}
        )
        status = public_status(void, [after({"letter": void.summary})], ZONE)
        assert status == PublicStatus("void", LATER.astimezone(ZONE).date())
        assert status.label == "Pendaftaran dibatalkan"

    @pytest.mark.parametrize("confidentiality", ["ordinary", *GUARDED])
    def test_that_a_letter_was_entered_to_practise_comes_first(self, confidentiality: Confidentiality) -> None:
        practice = of(confidentiality)
        practice = practice.model_copy(update={"summary": practice.summary.model_copy(update={"training": True})})
        status = public_status(practice, [after(CLOSED)], ZONE)
        assert (status.training, status.label) == (True, "Surat latihan: selesai")
