"""Recipient states under any interleaving and repetition of acts."""

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.disposition import Effect
from services.disposition.domain.catalogue import CATALOGUE
from services.disposition.domain.progress import STATES, Deed, Demand, State, after, demand_of

DEEDS: tuple[Deed, ...] = ("read", "reply", "pass_on", "complete")
DEMANDS: tuple[Demand, ...] = ("read", "reply", "completion")
deeds = st.lists(st.sampled_from(DEEDS), max_size=12)
demands = st.sampled_from(DEMANDS)


def run(acts: list[Deed], demand: Demand, state: State = "sent") -> State:
    for deed in acts:
        state = after(state, deed, demand)
    return state


class TestAfter:
    @given(deeds, demands, st.sampled_from(DEEDS))
    def test_never_goes_back(self, acts: list[Deed], demand: Demand, deed: Deed) -> None:
        before = run(acts, demand)
        assert STATES.index(after(before, deed, demand)) >= STATES.index(before)

    @given(deeds, demands, st.data())
    def test_order_and_repetition_make_no_difference(
        self, acts: list[Deed], demand: Demand, data: st.DataObject
    ) -> None:
        repeated = acts + data.draw(st.lists(st.sampled_from(acts), max_size=6)) if acts else acts
        shuffled = data.draw(st.permutations(repeated))
        assert run(shuffled, demand) == run(acts, demand)

    @given(deeds, demands)
    def test_is_done_exactly_when_what_was_asked_for_was_given(self, acts: list[Deed], demand: Demand) -> None:
        satisfying = {
            "read": bool(acts),
            "reply": "reply" in acts or "complete" in acts,
            "completion": "complete" in acts,
        }
        assert (run(acts, demand) == "done") == satisfying[demand]

    def test_the_usual_way(self) -> None:
        states = [run(list(DEEDS[: count + 1]), "completion") for count in range(4)]
        assert states == ["read", "replied", "in_progress", "done"]


class TestDemand:
    @given(st.lists(st.sampled_from([one.effect for one in CATALOGUE.values()]), min_size=1), demands)
    def test_more_instructions_never_ask_for_less(self, effects: list[Effect], inherited: Demand) -> None:
        whole = DEMANDS.index(demand_of(effects, inherited))
        assert all(DEMANDS.index(demand_of([one], inherited)) <= whole for one in effects)

    def test_of_each_instruction(self) -> None:
        by_demand = {demand: {c for c, i in CATALOGUE.items() if demand_of([i.effect]) == demand} for demand in DEMANDS}
        assert by_demand["read"] == {"diketahui", "perhatian", "pedoman", "arsipkan"}
        assert by_demand["reply"] == {"pelajari", "tanggapan_saran", "menghadap", "lainnya"}
        assert len(by_demand["completion"]) == 17
