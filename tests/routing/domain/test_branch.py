"""A branch alone: what people do on it."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from services.chassis.errors import ServiceError
from services.contracts.vocabulary import Actor
from services.routing.domain.branch import Branch, accepted, opened, worked
from tests.routing.domain.samples import actor_at, branch

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
HEAD: Actor = actor_at("head")
REGISTRAR: Actor = actor_at("registrar")


class TestOpened:
    def test_reading_moves_it_from_sent_to_read(self) -> None:
        after = opened(branch(), HEAD, LATER)
        assert (after.state, after.since, after.version) == ("read", LATER, 2)

    def test_the_first_reading_stays(self) -> None:
        first = opened(branch(), HEAD, AT)
        assert opened(first, REGISTRAR, LATER) is first

    def test_a_copy_is_done_when_read(self) -> None:
        assert opened(branch(role="copy"), HEAD, AT).state == "done"


class TestAccepted:
    def test_receiving_moves_it_to_received(self) -> None:
        after = accepted(opened(branch(), HEAD, AT), REGISTRAR, LATER)
        assert after.state == "received"
        assert after.read is not None
        assert after.read.actor == HEAD

    def test_receiving_unread_is_reading_too(self) -> None:
        after = accepted(branch(), REGISTRAR, AT)
        assert after.read == after.received

    def test_the_same_position_again_changes_nothing(self) -> None:
        first = accepted(branch(), REGISTRAR, AT)
        assert accepted(first, REGISTRAR, LATER) is first

    def test_another_position_is_told_who_was_first(self) -> None:
        with pytest.raises(ServiceError) as refusal:
            accepted(accepted(branch(), REGISTRAR, AT), HEAD, LATER)
        assert refusal.value.status == 409
        assert refusal.value.extra["state"]["state"] == "received"
        assert "Agendaris" in refusal.value.detail

    @pytest.mark.parametrize("work", ["open", "done"])
    def test_work_that_has_begun_is_not_received_again(self, work: Literal["open", "done"]) -> None:
        with pytest.raises(ServiceError) as refusal:
            accepted(worked(branch(), work, AT), REGISTRAR, LATER)
        assert refusal.value.code == "branch_already_in_progress"


class TestReaders:
    def test_a_secret_letter_lies_with_the_trusted_alone(self) -> None:
        secret: Branch = branch(confidentiality="secret")
        assert secret.readers == ["unit-pu/trusted"]
        assert branch().readers == ["unit-pu/trusted", "unit-pu/handlers"]

    def test_a_letter_to_one_officer_lies_with_that_one_alone(self) -> None:
        own = branch().model_copy(update={"open_to_unit": False, "holders": ("officer",)})
        assert own.readers == ["officer"]
