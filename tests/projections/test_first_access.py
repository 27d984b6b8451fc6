"""Who may read a letter before anybody has acted on it: the rule by itself."""

import pytest

from services.contracts.vocabulary import Access
from services.projections.first_access import Place, first_access, place_of


class TestPlace:
    def test_a_unit_is_open_to_itself(self) -> None:
        assert place_of("pu", "agency") == Place("pu", None, open_to_unit=True)

    @pytest.mark.parametrize("role", ["head", "leader"])
    def test_a_chief_stands_for_the_unit(self, role: str) -> None:
        assert place_of("pu", "agency", "p", role) == Place("pu", "p", open_to_unit=True)

    @pytest.mark.parametrize("role", ["secretary", "registrar", "officer", "village_operator", "archivist", ""])
    def test_anybody_else_stands_alone(self, role: str) -> None:
        assert place_of("pu", "agency", "p", role) == Place("pu", "p", open_to_unit=False)

    def test_what_is_outside_the_regency_is_no_place(self) -> None:
        assert place_of("province", "external") is None
        assert place_of("province", "external", "governor", "leader") is None


class TestFirstAccess:
    def test_who_registered_it_reads_it_where_it_goes_nowhere(self) -> None:
        assert first_access("secret", "village", "operator", []) == Access(
            confidentiality="secret", units=("village",), positions=("operator",)
        )

    def test_units_and_positions_are_named_in_their_order_and_once(self) -> None:
        places = [
            Place("pu", None, open_to_unit=True),
            Place("pu", "head", open_to_unit=True),
            Place("roads", "officer", open_to_unit=False),
            Place("village", None, open_to_unit=True),
        ]
        access = first_access("ordinary", "village", "operator", places)
        assert access.units == ("village", "pu")
        assert access.positions == ("operator", "head", "officer")
