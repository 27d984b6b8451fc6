"""Who is responsible on a desk."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import ServiceError
from services.contracts.disposition import RecipientRole
from services.disposition.domain.desk import Holder, roles_for, successor
from services.disposition.domain.disposition import Disposition
from tests.disposition.domain.samples import disposition, minute, numbered

ROLES: tuple[RecipientRole | None, ...] = ("responsible", "coordinating", "informed", None)
wanted = st.lists(st.sampled_from(ROLES), min_size=1, max_size=6)
Facts = dict[str, Any]
GONE: Facts = {"declined_at": minute(1)}
DONE: Facts = {"completed_at": minute(1)}


def holder(disposition_id: str, recipient_id: str) -> Holder:
    return Holder(disposition_id=disposition_id, recipient_id=recipient_id)


def second(*numbers: int, **facts: Any) -> Disposition:
    """A later disposition from the same desk, which leaves being responsible to the first."""
    return disposition(*(numbered(one, role="coordinating", **facts) for one in numbers), id="d2")


class TestRoles:
    @given(wanted, st.booleans())
    def test_H4_at_most_one_is_responsible_and_one_is_where_somebody_works(
        self, roles: list[RecipientRole | None], taken: bool
    ) -> None:
        several = roles.count("responsible") > 1
        nobody = not taken and "responsible" not in roles and None not in roles and "coordinating" in roles
        if several or nobody:
            with pytest.raises(ServiceError, match="422"):
                roles_for(roles, taken=taken)
            return
        found = roles_for(roles, taken=taken)
        assert len(found) == len(roles)
        assert all(was in (None, now) for was, now in zip(roles, found, strict=True))
        works = any(role != "informed" for role in found)
        assert found.count("responsible") <= 1
        assert taken or not works or found.count("responsible") == 1

    def test_the_first_that_was_told_no_role_is_responsible(self) -> None:
        assert roles_for(["informed", None, None], taken=False) == ["informed", "responsible", "coordinating"]

    def test_on_a_desk_where_somebody_is_the_others_coordinate(self) -> None:
        assert roles_for([None, None], taken=True) == ["coordinating", "coordinating"]

    def test_nobody_works_where_all_are_informed(self) -> None:
        assert roles_for(["informed", "informed"], taken=False) == ["informed", "informed"]

    @pytest.mark.parametrize(
        ("roles", "code"),
        [(["responsible", "responsible"], "several_responsible"), (["coordinating"], "responsible_missing")],
    )
    def test_refusals(self, roles: list[RecipientRole | None], code: str) -> None:
        with pytest.raises(ServiceError) as refusal:
            roles_for(roles, taken=False)
        assert refusal.value.code == code


class TestSuccessor:
    def test_is_of_the_same_disposition_first(self) -> None:
        given = [second(5), disposition(numbered(0, **GONE), numbered(1))]
        assert successor(given, holder("d1", "r0")) == holder("d1", "r1")

    def test_is_somebody_still_at_work_before_who_is_done(self) -> None:
        given = [disposition(numbered(0, **GONE), numbered(1, **DONE), numbered(2))]
        assert successor(given, holder("d1", "r0")) == holder("d1", "r2")

    def test_is_of_another_disposition_where_nobody_else_is_left(self) -> None:
        given = [disposition(numbered(0, **GONE), numbered(1, role="informed")), second(5, 6)]
        assert successor(given, holder("d1", "r0")) == holder("d2", "r5")

    def test_is_nobody_where_nobody_works(self) -> None:
        given = [disposition(numbered(0, **GONE), numbered(1, role="informed")), second(5, **GONE)]
        assert successor(given, holder("d1", "r0")) is None

    @given(
        st.lists(st.sampled_from(({}, GONE, DONE)), max_size=5), st.lists(st.sampled_from(({}, GONE, DONE)), max_size=5)
    )
    def test_somebody_follows_exactly_where_somebody_works(self, first: list[Facts], other: list[Facts]) -> None:
        mine = [numbered(n + 1, **facts) for n, facts in enumerate(first)]
        given = [disposition(numbered(0, **GONE), *mine)]
        if other:
            given.append(
                disposition(*(numbered(n + 10, role="coordinating", **f) for n, f in enumerate(other)), id="d2")
            )
        following = successor(given, holder("d1", "r0"))
        working = [part for one in given for part in one.live]
        assert (following is not None) == bool(working)
        if following:
            assert following.recipient_id in {part.recipient_id for part in working}
