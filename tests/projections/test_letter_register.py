"""What a service knows of a letter after the register corrected it, or declared it void."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.bus.consumer import Dispatcher
from services.chassis.bus.envelope import Envelope
from services.chassis.bus.outcome import Done, Retry
from services.chassis.ids import instant_of, new_id
from services.chassis.service import Foundation
from services.contracts.intake import LetterCorrected, LetterVoided
from services.contracts.vocabulary import Access, Party
from services.projections.letter_access import LetterAccess
from tests.events import envelope_of
from tests.people import actor, principal
from tests.projections.conftest import Deliver
from tests.projections.test_letter_access import POSITION, SHARED, UNIT, changed, delivered, naming

REGISTRAR = actor(principal())


@pytest.fixture
def deliver(foundation: Foundation, access: LetterAccess) -> Deliver:
    """Hand an envelope to the handlers of a service that follows the register."""
    rows = [*access.subscriptions(), *access.register_subscriptions()]
    return Dispatcher("projections", rows, foundation.uow).dispatch


def correction(letter_id: str, version: int, **changes: Any) -> Envelope:
    """The letter as it is said to be by the correction of this version."""
    given: dict[str, Any] = {
        "letter_id": letter_id,
        "kind": "Surat Permohonan",
        "category": "request",
        "urgency": "normal",
        "confidentiality": "ordinary",
        "subject": f"Perihal {version}",
        "received_on": date(2026, 3, 2),
        "sender": Party(kind="external", name="CV Karya Segara"),
        "changes": (),
        "reason": "Salah ketik",
        "corrected_by": REGISTRAR,
        "at": instant_of(letter_id),
    }
    return envelope_of(LetterCorrected(**{**given, **changes}), seq=version)


def void(letter_id: str) -> LetterVoided:
    return LetterVoided(
        letter_id=letter_id,
        book="masuk",
        year=2026,
        agenda_number=17,
        subject="Permohonan",
        confidentiality="ordinary",
        reason="Terdaftar dua kali",
        voided_by=REGISTRAR,
        at=instant_of(letter_id),
    )


class TestCorrected:
    async def test_it_lies_over_the_delivery(self, access: LetterAccess, deliver: Deliver) -> None:
        event = delivered(new_id(), naming(POSITION))
        await deliver(envelope_of(event))
        assert await deliver(correction(event.letter_id, 2)) == Done()
        said = await access.delivery(event.letter_id)
        assert said is not None
        assert (said.subject, said.urgency, said.sender.name) == ("Perihal 2", "normal", "CV Karya Segara")
        assert (said.agenda_number, said.branches) == (event.agenda_number, event.branches)

    async def test_a_repeated_delivery_does_not_undo_it(self, access: LetterAccess, deliver: Deliver) -> None:
        event = delivered(new_id(), naming(POSITION))
        await deliver(envelope_of(event))
        await deliver(correction(event.letter_id, 2))
        await deliver(envelope_of(event))
        said = await access.delivery(event.letter_id)
        assert said is not None
        assert said.subject == "Perihal 2"

    async def test_one_that_is_early_waits_for_the_delivery(self, access: LetterAccess, deliver: Deliver) -> None:
        event, early = delivered(new_id(), naming(POSITION)), correction(letter_id := new_id(), 2)
        event = event.model_copy(update={"letter_id": letter_id})
        assert isinstance(await deliver(early), Retry)
        await deliver(envelope_of(event))
        assert await deliver(early) == Done()

    async def test_K10_made_secret_it_is_at_once_read_as_a_secret_letter(
        self, access: LetterAccess, deliver: Deliver
    ) -> None:
        """Also while routing has not said so, or says something older."""
        event = delivered(new_id(), Access(confidentiality="ordinary", units=(UNIT,)))
        await deliver(envelope_of(event))
        await deliver(correction(event.letter_id, 2, confidentiality="secret"))
        await deliver(changed(event.letter_id, 2, Access(confidentiality="ordinary", units=(UNIT,))))
        known, said = await access.of(event.letter_id), await access.delivery(event.letter_id)
        assert known is not None
        assert said is not None
        assert {known.confidentiality, said.access.confidentiality} == {"secret"}

    @SHARED
    @given(arrivals=st.lists(st.integers(2, 6), min_size=1, max_size=10))
    async def test_any_order_with_repeats_ends_in_the_newest(
        self, access: LetterAccess, deliver: Deliver, arrivals: Sequence[int]
    ) -> None:
        event = delivered(new_id(), naming(POSITION))
        await deliver(envelope_of(event))
        for version in arrivals:
            await deliver(correction(event.letter_id, version))
        said = await access.delivery(event.letter_id)
        assert said is not None
        assert said.subject == f"Perihal {max(arrivals)}"


class TestVoided:
    async def test_who_did_it_and_why_is_known(self, access: LetterAccess, deliver: Deliver) -> None:
        event = delivered(new_id(), naming(POSITION))
        await deliver(envelope_of(event))
        assert await access.voided(event.letter_id) is None
        assert await deliver(envelope_of(void(event.letter_id), seq=2)) == Done()
        assert await access.voided(event.letter_id) == void(event.letter_id)

    async def test_who_read_the_letter_goes_on_reading_it(self, access: LetterAccess, deliver: Deliver) -> None:
        event = delivered(new_id(), naming(POSITION))
        await deliver(envelope_of(event))
        await deliver(envelope_of(void(event.letter_id), seq=2))
        assert await access.of(event.letter_id) == event.access

    async def test_one_that_is_early_waits_for_the_delivery(self, access: LetterAccess, deliver: Deliver) -> None:
        assert isinstance(await deliver(envelope_of(void(new_id()), seq=2)), Retry)
