"""What follows from what in the organisation, and what may not be in it."""

import contextlib
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.errors import ServiceError
from services.contracts.vocabulary import Capacity
from services.routing.domain.assignment import Assignment, Term, to
from services.routing.domain.flaws import settled
from services.routing.domain.organisation import MAX_CHAIN, Entity, Person, Position, Unit
from services.routing.domain.picture import Changes, Picture, changes, climb, derived

TODAY = date(2026, 3, 2)


def unit(identifier: str, parent: str | None = None, **fields: object) -> Unit:
    return Unit.model_validate(
        {"id": identifier, "name": identifier.upper(), "kind": "agency", "parent_id": parent, **fields}
    )


def position(identifier: str, home: str, superior: str | None = None, **fields: object) -> Position:
    given = {"title": identifier, "unit_id": home, "unit_name": "?", "unit_kind": "external", "role": "officer"}
    return Position.model_validate({"id": identifier, "superior_id": superior, **given, **fields})


def seat(
    person: str, position_id: str, start: int, end: int | None = None, capacity: Capacity = "definitive"
) -> Assignment:
    term = Term(TODAY + timedelta(days=start), None if end is None else TODAY + timedelta(days=end))
    someone = Person(id=person, name=person.title())
    return to(position(position_id, "u"), someone, f"{person}@{position_id}+{start}", capacity, term, "SK 1")


def refusal(before: Picture, *wanted: Entity) -> ServiceError:
    with pytest.raises(ServiceError) as refused:
        settled(before, before.having(*wanted), TODAY)
    return refused.value


BASE = derived(
    Picture.of(
        [unit("u"), unit("v", "u"), unit("w", "v")],
        [position("a", "u"), position("b", "u", "a"), position("c", "v", "b"), position("d", "w", "c")],
        [Person(id="p", name="P"), Person(id="q", name="Q")],
        [seat("p", "c", -5), seat("q", "d", -9, -1), seat("q", "b", 3, 9)],
    ),
    TODAY,
)


class TestDerived:
    def test_chains_run_from_the_nearest_up(self) -> None:
        assert BASE.positions["d"].superiors == ("c", "b", "a")

    def test_a_renamed_unit_renames_what_shows_it_and_is_in_force_or_coming(self) -> None:
        found = settled(BASE, BASE.having(unit("u", name="Dinas PUPR")), TODAY)
        told = {one.id: one for one in found.changed}
        assert set(told) == {"u", "a", "b", "q@b+3"}
        assert {one.version for one in told.values()} == {2}
        assert all(getattr(told[key], "unit_name", "Dinas PUPR") == "Dinas PUPR" for key in told)

    def test_what_is_past_keeps_the_names_of_its_time(self) -> None:
        found = settled(BASE, BASE.having(Person(id="q", name="Qonita")), TODAY)
        assert {one.id for one in found.changed} == {"q", "q@b+3"}

    def test_a_move_takes_those_below_along(self) -> None:
        found = settled(BASE, BASE.having(BASE.positions["c"].model_copy(update={"superior_id": "a"})), TODAY)
        chains = {one.id: one.superiors for one in found.changed if isinstance(one, Position)}
        assert chains == {"c": ("a",), "d": ("c", "a")}

    def test_outside_a_partial_picture_nothing_has_changed(self) -> None:
        part = Picture.of([BASE.positions["c"], BASE.positions["d"]])
        assert derived(part, TODAY) == part

    def test_it_is_settled_once_and_for_all(self) -> None:
        assert derived(BASE, TODAY) == BASE
        assert changes(BASE, derived(BASE, TODAY)) == Changes()


class TestFlaws:
    def test_a_unit_under_its_own_descendant_is_refused(self) -> None:
        assert refusal(BASE, unit("u", "w")).code == "unit_cycle"
        assert refusal(BASE, unit("u", "u")).code == "unit_cycle"

    def test_a_position_under_its_own_subordinate_is_refused(self) -> None:
        assert refusal(BASE, BASE.positions["a"].model_copy(update={"superior_id": "d"})).code == "superior_cycle"

    def test_a_chain_past_any_real_one_is_refused_for_those_below_too(self) -> None:
        long = [position(f"x{n}", "u", f"x{n - 1}" if n else None) for n in range(MAX_CHAIN)]
        before = derived(BASE.having(*long), TODAY)
        assert refusal(before, before.positions["b"].model_copy(update={"superior_id": "x19"})).code == "chain_too_long"

    def test_closing_a_unit_in_use_names_what_hangs_on_it(self) -> None:
        refused = refusal(BASE, BASE.units["u"].model_copy(update={"active": False}))
        assert (refused.status, refused.code) == (409, "unit_in_use")
        assert "unit bawahan aktif: V; jabatan aktif: a dan b" in refused.detail
        assert refused.extra["uses"] == ["v", "a", "b"]

    def test_closing_a_position_in_use_names_those_below_and_who_holds_it(self) -> None:
        refused = refusal(BASE, BASE.positions["c"].model_copy(update={"active": False}))
        assert (refused.status, refused.code) == (409, "position_in_use")
        assert "jabatan bawahan aktif: d; pejabat aktif: P, c" in refused.detail

    def test_a_position_held_in_the_past_alone_can_be_closed(self) -> None:
        found = settled(BASE, BASE.having(BASE.positions["d"].model_copy(update={"active": False})), TODAY)
        assert [one.id for one in found.changed] == ["d"]

    def test_nothing_is_brought_under_what_is_closed(self) -> None:
        before = BASE.having(unit("closed", active=False), position("gone", "v", active=False))
        assert refusal(before, unit("new", "closed")).code == "inactive_unit"
        assert refusal(before, position("new", "closed")).code == "inactive_unit"
        assert refusal(before, position("new", "u", "gone")).code == "inactive_position"
        assert refusal(before, seat("p", "gone", 1)).code == "inactive_position"

    def test_a_code_or_number_belongs_to_one(self) -> None:
        before = BASE.having(unit("coded", code="PU"), Person(id="r", name="R", nip="1" * 18))
        refused = refusal(before, unit("v", "u", code="PU"))
        assert (refused.status, refused.code, refused.extra["state"]["id"]) == (409, "code_taken", "coded")
        assert refusal(before, Person(id="s", name="S", nip="1" * 18)).code == "nip_taken"

    def test_a_flaw_that_was_there_before_hinders_nobody(self) -> None:
        before = BASE.having(unit("x", code="PU"), unit("y", code="PU"))
        assert settled(before, before.having(unit("v", "u", name="V2")), TODAY).changed


moves = st.lists(
    st.tuples(st.integers(0, 11), st.one_of(st.none(), st.integers(0, 11)), st.integers(0, 3)), max_size=40
)


class TestWhateverSequence:
    @given(moves)
    @settings(max_examples=200)
    def test_no_sequence_of_moves_closes_a_circle_or_leaves_a_wrong_chain(
        self, tried: list[tuple[int, int | None, int]]
    ) -> None:
        picture = derived(
            Picture.of([unit(f"u{n}") for n in range(4)], [position(f"p{n}", "u0") for n in range(12)]), TODAY
        )
        for number, superior, home in tried:
            mover = picture.positions[f"p{number}"]
            above = None if superior is None else f"p{superior}"
            wanted = mover.model_copy(update={"superior_id": above, "unit_id": f"u{home}"})
            with contextlib.suppress(ServiceError):
                picture = after(picture, settled(picture, picture.having(wanted), TODAY))
            for one in picture.positions.values():
                path, turns = climb(one.id, lambda identifier: picture.positions[identifier].superior_id)  # noqa: B023
                assert not turns
                assert one.superiors == tuple(path)
                assert one.unit_name == picture.units[one.unit_id].name

    @given(moves)
    def test_no_sequence_of_moves_puts_a_unit_below_itself(self, tried: list[tuple[int, int | None, int]]) -> None:
        picture = Picture.of([unit(f"u{n}") for n in range(12)])
        for number, parent, _ in tried:
            wanted = picture.units[f"u{number}"].model_copy(
                update={"parent_id": None if parent is None else f"u{parent}"}
            )
            with contextlib.suppress(ServiceError):
                picture = after(picture, settled(picture, picture.having(wanted), TODAY))
            for one in picture.units.values():
                assert not climb(one.id, lambda identifier: picture.units[identifier].parent_id)[1]  # noqa: B023

    @given(
        st.lists(
            st.tuples(
                st.sampled_from("pq"),
                st.sampled_from("abc"),
                st.integers(0, 40),
                st.one_of(st.none(), st.integers(0, 20)),
                st.sampled_from(("definitive", "plt", "plh")),
                st.booleans(),
            ),
            max_size=30,
        )
    )
    def test_no_two_of_a_kind_share_a_seat_on_a_day_whatever_is_made_and_cancelled(
        self, tried: list[tuple[str, str, int, int | None, Capacity, bool]]
    ) -> None:
        picture = BASE
        for number, (person, position_id, start, length, capacity, cancel) in enumerate(tried):
            made = seat(person, position_id, start, None if length is None else start + length, capacity)
            wanted = made.model_copy(update={"id": f"n{number}"})
            with contextlib.suppress(ServiceError):
                picture = after(picture, settled(picture, picture.having(wanted), TODAY))
            if cancel and (kept := picture.assignments.get(f"n{number}")):
                gone = kept.model_copy(update={"cancelled": True})
                picture = after(picture, settled(picture, picture.having(gone), TODAY))
        standing = [one for one in picture.assignments.values() if not one.cancelled]
        for one, other in combinations(standing, 2):
            if one.position_id == other.position_id and one.is_acting == other.is_acting:
                assert not one.term.overlaps(other.term)


def after(picture: Picture, found: Changes) -> Picture:
    """The picture once the changes are kept."""
    return picture.having(*found.made, *found.changed)
