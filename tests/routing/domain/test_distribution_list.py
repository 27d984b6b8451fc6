"""Lists become parties."""

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.ids import new_id
from services.routing.domain.distribution_list import DistributionList, expanded
from services.routing.domain.mention import Key, KnownPlace, Mention, once

IDS = [new_id() for _ in range(6)]
MENTIONS = st.builds(
    Mention,
    role=st.sampled_from(["addressee", "copy"]),
    kind=st.sampled_from(["unit", "position"]),
    id=st.sampled_from(IDS),
)
LISTS = st.lists(st.lists(MENTIONS, min_size=1, max_size=8), max_size=4)


def named(*members: Mention) -> DistributionList:
    return DistributionList(id=new_id(), name="Daftar", members=members)


def known(active: set[str]) -> dict[Key, KnownPlace]:
    places = [KnownPlace("unit", one, f"Unit {one[-4:]}", one in active, one, "agency") for one in IDS] + [
        KnownPlace("position", one, f"Jabatan {one[-4:]}", one in active, one, "agency") for one in IDS
    ]
    return {(place.kind, place.id): place for place in places}


class TestOnce:
    @given(st.lists(MENTIONS, max_size=20))
    def test_each_place_is_mentioned_once_as_addressee_where_it_is_both(self, mentions: list[Mention]) -> None:
        kept = once(mentions)
        assert len({one.key for one in kept}) == len(kept)
        assert {one.key for one in kept} == {one.key for one in mentions}
        for one in kept:
            roles = {other.role for other in mentions if other.key == one.key}
            assert one.role == ("addressee" if "addressee" in roles else "copy")


class TestExpanded:
    @given(LISTS, st.sets(st.sampled_from(IDS)))
    def test_no_place_is_named_twice_and_none_is_lost(self, lists: list[list[Mention]], active: set[str]) -> None:
        found = expanded([named(*members) for members in lists], known(active))
        everywhere = [*found.addressees, *found.copies, *found.skipped]
        keys = [(party.kind, party.id) for party in everywhere]
        assert len(set(keys)) == len(keys)
        assert set(keys) == {one.key for members in lists for one in members}
        assert all(party.id in active for party in (*found.addressees, *found.copies))
        assert all(party.id not in active for party in found.skipped)

    def test_a_place_that_is_gone_altogether_is_skipped_by_a_name_all_the_same(self) -> None:
        [gone] = expanded([named(Mention(kind="unit", id=IDS[0]))], {}).skipped
        assert (gone.id, gone.name) == (IDS[0], "(tidak dikenal)")
