"""What instructions ask for."""

from random import Random
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.disposition import Effect
from services.disposition.domain.first_catalogue import FIRST_INSTRUCTIONS
from services.disposition.domain.progress import DEMANDS, GONE, OPEN, Demand, State, demand_of

EFFECTS: tuple[Effect, ...] = get_args(Effect)
effects = st.lists(st.sampled_from(EFFECTS), min_size=1)
demands = st.sampled_from(DEMANDS)


class TestDemand:
    @given(effects, demands)
    def test_more_instructions_never_ask_for_less(self, several: list[Effect], inherited: Demand) -> None:
        whole = DEMANDS.index(demand_of(several, inherited))
        assert all(DEMANDS.index(demand_of([one], inherited)) <= whole for one in several)

    @given(effects, demands, st.randoms())
    def test_neither_order_nor_repetition_matters(
        self, several: list[Effect], inherited: Demand, chance: Random
    ) -> None:
        mixed = several * 2
        chance.shuffle(mixed)
        assert demand_of(mixed, inherited) == demand_of(several, inherited)

    def test_of_each_instruction_a_regency_begins_with(self) -> None:
        by_demand = {
            demand: {
                code for code, one in FIRST_INSTRUCTIONS.items() if demand_of([one.instruction().effect]) == demand
            }
            for demand in DEMANDS
        }
        assert by_demand["read"] == {"diketahui", "perhatian", "pedoman", "arsipkan"}
        assert by_demand["reply"] == {"pelajari", "tanggapan_saran", "menghadap", "lainnya"}
        assert len(by_demand["completion"]) == 17

    @given(demands)
    def test_sesuai_disposisi_asks_for_what_the_one_above_was_asked_for(self, inherited: Demand) -> None:
        assert demand_of(["inherits"], inherited) == inherited


class TestStates:
    def test_every_state_is_open_gone_or_done(self) -> None:
        assert OPEN | GONE | {"done"} == set(get_args(State))
        assert not OPEN & GONE
