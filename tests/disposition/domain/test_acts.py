"""What may be done with a part, in each of its states."""

from collections.abc import Callable
from typing import Any

import pytest

from services.chassis.errors import ServiceError
from services.disposition.domain import acts
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.recipient import DispositionRecipient
from tests.disposition.domain.samples import disposition, minute, numbered

Rule = Callable[[Disposition, DispositionRecipient], bool]
AT = minute(1)
STATES: dict[str, dict[str, Any]] = {
    "sent": {},
    "read": {"read_at": AT},
    "received": {"read_at": AT, "received_at": AT},
    "replied": {"read_at": AT, "replied_at": AT},
    "in_progress": {"read_at": AT, "progressed_at": AT},
    "below": {"read_at": AT, "passed_on_at": AT, "below": 1},
    "closed": {"read_at": AT, "completed_at": AT, "below": 1},
    "done": {"read_at": AT, "completed_at": AT},
    "declined": {"read_at": AT, "declined_at": AT},
    "recalled": {"recalled_at": AT},
}
"""``below``: passed on and open there; ``closed``: its holder is done, those below are not."""
WORKING = {"sent", "read", "received", "replied", "in_progress", "below"}


def complete(one: Disposition, part: DispositionRecipient) -> bool:
    return acts.may_complete(one, part, files=0, letter=False)


RULES: dict[Rule, set[str]] = {
    acts.may_read: {"sent"},
    acts.may_receive: WORKING - {"received"},
    acts.may_reply: WORKING | {"closed", "done"},
    acts.may_progress: WORKING,
    complete: WORKING,
    acts.may_decline: WORKING - {"below"},
    acts.may_recall: {"sent"},
    acts.may_amend: WORKING,
    acts.may_reopen: {"closed", "done", "declined"},
    acts.may_hand_over: WORKING | {"closed"},
}
"""By rule, the states in which there is something to do."""
NOTHING_NEW: dict[Rule, set[str]] = {
    acts.may_read: set(STATES) - {"sent", "recalled"},
    acts.may_receive: {"received"},
    acts.may_decline: {"declined"},
    acts.may_recall: {"recalled"},
}
"""And those in which it was done before, so that a repetition is no mistake."""


class TestEveryRuleInEveryState:
    @pytest.mark.parametrize("state", STATES)
    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
    def test_does_something_nothing_or_is_refused_with_the_state(self, rule: Rule, state: str) -> None:
        one = disposition(numbered(0, **STATES[state]), version=7)
        part = one.recipients[0]
        if state in RULES[rule]:
            assert rule(one, part) is True
        elif state in NOTHING_NEW.get(rule, set()):
            assert rule(one, part) is False
        else:
            with pytest.raises(ServiceError) as refusal:
                rule(one, part)
            assert refusal.value.status == 409
            assert refusal.value.extra == {"state": {"recipient_id": "r0", "state": part.state, "version": 7}}


class TestComplete:
    @pytest.mark.parametrize(
        ("code", "missing"), [("siapkan_bahan", "evidence_required"), ("jawab_tertulis", "outgoing_letter_required")]
    )
    def test_asks_for_what_the_instruction_ends_with(self, code: str, missing: str) -> None:
        one = disposition(numbered(0, code))
        part = one.recipients[0]
        with pytest.raises(ServiceError) as refusal:
            acts.may_complete(one, part, files=0, letter=False)
        assert (refusal.value.status, refusal.value.code) == (422, missing)
        assert acts.may_complete(one, part, files=1, letter=True)


class TestDecline:
    def test_says_that_it_was_passed_on(self) -> None:
        one = disposition(numbered(0, **STATES["below"]))
        with pytest.raises(ServiceError) as refusal:
            acts.may_decline(one, one.recipients[0])
        assert refusal.value.code == "passed_on"


class TestRecall:
    def test_names_who_has_read_it(self) -> None:
        one = disposition(numbered(0, **STATES["read"]))
        with pytest.raises(ServiceError) as refusal:
            acts.may_recall(one, one.recipients[0])
        assert (refusal.value.code, "Jabatan 0" in refusal.value.detail) == ("already_read", True)
