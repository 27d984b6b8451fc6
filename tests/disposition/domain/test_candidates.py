"""Who is offered first."""

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.routing import PositionChanged
from services.disposition.domain.candidates import Given, Habit, Traits, candidates, habit_of, matching
from tests.people import held, position_changed

VILLAGE = Traits("Desa Sekartaji", "Surat Permohonan", "request")
POLICE = Traits("Polres Klungkung", "Surat Undangan", "invitation")
NONE = Habit({}, {})


def below(role: str, title: str, *superiors: str, unit_kind: str = "agency") -> PositionChanged:
    """A position under ``me``, and perhaps under others in between."""
    return position_changed(held(role, title=title), *superiors, "me", unit_kind=unit_kind)


class TestOrder:
    def test_P9_secretary_then_those_right_below_then_further_down_then_peers(self) -> None:
        peer = position_changed(held("head", title="Kepala Dinas Kesehatan"), "regent")
        found = [
            peer,
            below("officer", "Pelaksana", "kasi", "kabid"),
            below("head", "Kepala Seksi", "kabid"),
            below("aide", "Ajudan"),
            below("head", "Kepala Bidang"),
            below("secretary", "Sekretaris"),
        ]
        offered = candidates("me", found, NONE)
        assert [one.position.title for one in offered] == [
            "Sekretaris",
            "Kepala Bidang",
            "Kepala Seksi",
            "Ajudan",
            "Pelaksana",
            "Kepala Dinas Kesehatan",
        ]
        assert [one.relation for one in offered] == ["secretary", "direct", "indirect", "direct", "indirect", "peer"]
        assert offered[4].reason == "Bawahan Anda, 3 tingkat di bawah."

    def test_P9_the_regents_secretary_is_the_one_of_the_regency(self) -> None:
        found = [
            below("head", "Kepala Bagian", unit_kind="division"),
            below("head", "Sekretaris Daerah", unit_kind="secretariat"),
        ]
        assert candidates("me", found, NONE)[0].relation == "secretary"

    @given(st.permutations([below("head", f"Kepala Bidang {n}") for n in range(4)]))
    def test_does_not_depend_on_the_order_they_are_known_in(self, found: list[PositionChanged]) -> None:
        titles = [one.position.title for one in candidates("me", found, NONE)]
        assert titles == sorted(titles)

    def test_nobody_is_offered_to_oneself(self) -> None:
        assert candidates("me", [position_changed(held(position_id="me"))], NONE) == []


class TestHabit:
    def test_counts_letters_that_are_alike(self) -> None:
        habit = habit_of(VILLAGE, [Given(VILLAGE, ("a", "b")), Given(VILLAGE, ("a",)), Given(POLICE, ("c",))])
        assert (habit.times["a"], habit.times["b"], habit.times["c"]) == (2, 1, 0)
        assert habit.shares["a"] > habit.shares["b"] > habit.shares["c"] == 0

    def test_what_is_of_any_other_kind_says_nothing(self) -> None:
        one, other = Traits("A", "Surat Dinas", "other"), Traits("B", "Nota Dinas", "other")
        assert one.likeness(other) == 0

    def test_P9_a_habit_goes_before_the_secretary(self) -> None:
        secretary, officer = below("secretary", "Sekretaris"), below("officer", "Pelaksana", "kabid")
        habit = habit_of(VILLAGE, [Given(VILLAGE, (officer.position_id,))])
        assert candidates("me", [secretary, officer], habit)[0].position == officer
        once = habit_of(VILLAGE, [Given(Traits("X", "Y", "request"), (officer.position_id,))])
        assert candidates("me", [secretary, officer], once)[0].position == secretary


class TestMatching:
    def test_all_words_by_title_or_unit(self) -> None:
        found = candidates("me", [below("head", "Kepala Bidang Air"), below("head", "Kepala Bidang Jalan")], NONE)
        assert [one.position.title for one in matching(found, "AIR pekerjaan")] == ["Kepala Bidang Air"]
        assert matching(found, None) == found
