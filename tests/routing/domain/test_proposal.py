"""Rules and what was learned, put together."""

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.ids import new_id
from services.routing.domain.mention import KnownPlace, Mention, Role
from services.routing.domain.proposal import Elsewhere, LearnedHit, RuleHit, proposals
from services.routing.domain.routing_rule import Reason

IDS = [new_id() for _ in range(5)]
ROLES = st.sampled_from(["addressee", "copy"])
NOWHERE = Elsewhere()


def place(identifier: str) -> KnownPlace:
    return KnownPlace("unit", identifier, f"Dinas {identifier[-2:]}", True, identifier, "agency")


def by_rule(identifier: str, role: Role = "addressee", name: str = "A", *, automatic: bool = False) -> RuleHit:
    reason = Reason(new_id(), name, ("perihal memuat 'alat berat'",))
    return RuleHit(Mention(role=role, kind="unit", id=identifier), place(identifier), reason, automatic)


def learned(identifier: str, sure: float, role: Role = "addressee") -> LearnedHit:
    mention = Mention(role=role, kind="unit", id=identifier)
    return LearnedHit(mention, place(identifier), sure, ("karena kata: jembatan",))


class TestProposals:
    def test_rules_come_first_and_have_no_confidence(self) -> None:
        found = proposals([by_rule(IDS[0], automatic=True)], [learned(IDS[1], 0.871)], NOWHERE)
        assert [(one.party.id, one.source, one.confidence, one.automatic) for one in found] == [
            (IDS[0], "rule", None, True),
            (IDS[1], "learned", 0.87, False),
        ]

    def test_where_both_agree_the_place_is_proposed_once_with_both_reasons(self) -> None:
        [one] = proposals([by_rule(IDS[0], "copy")], [learned(IDS[0], 0.6)], NOWHERE)
        assert (one.source, one.role, one.confidence) == ("both", "copy", 0.6)
        assert one.reasons == ("Aturan 'A': perihal memuat 'alat berat'", "karena kata: jembatan")

    def test_two_rules_for_one_place_are_both_named_and_the_addressee_wins(self) -> None:
        [one] = proposals(
            [by_rule(IDS[0], "copy", "A"), by_rule(IDS[0], "addressee", "B", automatic=True)], [], NOWHERE
        )
        assert (one.role, one.automatic, len(one.reasons)) == ("addressee", True, 2)

    def test_not_to_where_the_letter_lies_nor_to_where_it_comes_from(self) -> None:
        elsewhere = Elsewhere({("unit", IDS[0])}, IDS[1])
        hits = [by_rule(IDS[0]), by_rule(IDS[1])]
        assert proposals(hits, [learned(IDS[0], 0.9), learned(IDS[1], 0.8)], elsewhere) == []

    @given(
        st.lists(st.builds(by_rule, st.sampled_from(IDS), ROLES, st.sampled_from("AB")), max_size=8),
        st.lists(st.builds(learned, st.sampled_from(IDS), st.floats(0.3, 1), ROLES), max_size=8),
        st.sets(st.sampled_from(IDS)),
    )
    def test_each_place_once_and_the_same_again(
        self, hits: list[RuleHit], suggested: list[LearnedHit], lies_at: set[str]
    ) -> None:
        elsewhere = Elsewhere({("unit", one) for one in lies_at})
        found = proposals(hits, suggested, elsewhere)
        ids = [one.party.id for one in found]
        assert len(set(ids)) == len(ids)
        assert not lies_at & set(ids)
        assert found == proposals(hits, suggested, elsewhere)
        sources = [one.source == "learned" for one in found]
        assert sources == sorted(sources)
        assert all(one.reasons for one in found)
