"""Leaders and their offices."""

import pytest

from services.contracts.routing import PositionChanged
from services.contracts.vocabulary import Actor
from services.schedule.domain.office import Post, belongs, decides, is_leader, nearest_leader, told_of


def position(
    position_id: str, role: str, *superiors: str, unit_kind: str = "agency", unit_id: str = "u"
) -> PositionChanged:
    return PositionChanged(
        position_id=position_id,
        title=position_id,
        unit_id=unit_id,
        unit_name=unit_id,
        unit_kind=unit_kind,
        role=role,
        superiors=superiors,
    )


def post(role: str, unit_id: str = "office", position_id: str = "me") -> Post:
    actor = Actor(
        person_id="p",
        person_name="n",
        position_id=position_id,
        position_title="t",
        unit_id=unit_id,
        unit_name="u",
        capacity="definitive",
    )
    return Post(actor, role)


class TestLeaders:
    def test_who_has_a_calendar(self) -> None:
        assert is_leader(position("bupati", "leader"))
        assert is_leader(position("wabup", "head", unit_kind="leadership"))
        assert not is_leader(position("kadis", "head"))
        assert not is_leader(position("ajudan", "aide", unit_kind="leadership"))

    def test_the_nearest_above_is_taken_in_the_order_of_the_chain(self) -> None:
        far, near = position("bupati", "leader"), position("sekda", "leader")
        officer = position("staf", "officer", "kadis", "sekda", "bupati")
        assert nearest_leader(officer, [far, position("kadis", "head"), near]) == near
        assert nearest_leader(far, [near]) == far
        assert nearest_leader(officer, [position("kadis", "head")]) is None

    def test_leader_is_told_first_and_nobody_twice(self) -> None:
        leader, aide = position("bupati", "leader"), position("ajudan", "aide")
        assert told_of(leader.position_id, [aide, leader, aide]) == ("bupati", "ajudan")


class TestRights:
    @pytest.mark.parametrize(
        ("role", "deciding", "belonging"),
        [
            ("personal_secretary", True, True),
            ("agenda_staff", True, True),
            ("aide", False, True),
            ("protocol", False, True),
            ("registrar", False, False),
        ],
    )
    def test_S3_roles_of_the_office_have_distinct_rights(self, role: str, deciding: bool, belonging: bool) -> None:
        assert decides(post(role), "leader", "office") == deciding
        assert belongs(post(role), "leader", "office") == belonging
        assert not decides(post(role, unit_id="elsewhere"), "leader", "office")
        assert not belongs(post(role, unit_id="elsewhere"), "leader", "office")

    def test_the_leader_decides(self) -> None:
        assert decides(post("leader", "elsewhere", "leader"), "leader", "office")
