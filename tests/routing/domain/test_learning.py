"""What was learned, and what is suggested from it."""

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.ids import new_id
from services.routing.domain.fitting import FEWEST_LETTERS, Example, fit
from services.routing.domain.learned_form import learned_from, plain_places, plain_traits
from services.routing.domain.learning import Learned, Measured, Origin, traits_of
from services.routing.domain.letter_facts import LetterFacts
from services.routing.domain.mention import Mention
from services.routing.domain.suggestion import reasons, suggested

PU = Mention(kind="unit", id=new_id())
HEALTH = Mention(kind="unit", id=new_id())
DISTRICT = Mention(role="copy", kind="unit", id=new_id())
UNDER = Origin("village", DISTRICT.id)
MATTERS = {
    PU: ("perbaikan jembatan rusak", "pengaspalan jalan", "peminjaman alat berat", "jembatan putus"),
    HEALTH: ("imunisasi balita", "kekurangan obat puskesmas", "ambulans puskesmas", "penyemprotan nyamuk"),
}


def letter(subject: str, **further: str) -> LetterFacts:
    return LetterFacts(kind="Surat Permohonan", subject=subject, category="request", **further)  # type: ignore[arg-type]


def past(count: int = 160, only: str | None = None) -> list[Example]:
    """Letters about two matters, one as often as the other, from ten villages of a district, which gets a copy."""
    examples = []
    for number in range(count):
        place = (PU, HEALTH)[number % 2]
        subject = f"Permohonan {MATTERS[place][number // 2 % 4]}"
        traits = traits_of(letter(subject if only is None else only), UNDER if number % 3 else Origin("external"))
        places = (place, DISTRICT) if number % 3 else (place,)
        examples.append(Example(traits, places, f"village-{number % 10}"))
    return examples


@pytest.fixture(scope="module")
def taught() -> tuple[Learned, Measured]:
    found = fit(past(), threshold=0.3)
    assert found is not None
    return found


class TestTraits:
    def test_words_are_stems_and_empty_ones_and_numbers_are_left_out(self) -> None:
        traits = traits_of(letter("Permohonan jembatan untuk Desa pada 2026, jembatannya"), None)
        assert traits["jembat"] == 2
        assert not {"untuk", "pada", "2026"} & set(traits)

    def test_a_classification_counts_at_every_level(self) -> None:
        traits = traits_of(letter("x", classification="600.1.2"), UNDER)
        assert {"class:600", "class:600.1", "class:600.1.2", "from:village", f"under:{DISTRICT.id}"} <= set(traits)

    def test_a_word_of_the_scan_counts_less_than_one_of_the_subject(self) -> None:
        traits = traits_of(letter("longsor", text="jalan jalan"), None)
        assert 0 < traits["jalan"] < traits["longsor"]


class TestFit:
    def test_it_is_measured_on_later_letters_beside_a_baseline(self, taught: tuple[Learned, Measured]) -> None:
        _, measured = taught
        assert measured.held_out == 32
        assert measured.top1 == 1.0
        assert measured.baseline_top1 == 0.5
        assert measured.is_better

    def test_too_few_letters_teach_nothing(self) -> None:
        assert fit(past(FEWEST_LETTERS - 1), threshold=0.3) is None

    def test_letters_that_say_nothing_of_their_matter_are_no_better_than_the_baseline(self) -> None:
        found = fit(past(only="Undangan rapat"), threshold=0.3)
        assert found is None or not found[1].is_better

    def test_what_one_sender_alone_writes_is_not_learned(self) -> None:
        examples = past()
        private = traits_of(letter("Perceraian perbekel"), UNDER)
        examples += [Example(private, (PU,), "village-3") for _ in range(20)]
        found = fit(examples, threshold=0.3)
        assert found is not None
        assert not {"cerai", "perceraian", "perbekel", "bekel"} & set(found[0].rarity)

    def test_a_place_only_one_sender_writes_to_is_not_learned(self) -> None:
        own = Mention(kind="position", id=new_id())
        examples = past() + [Example(traits_of(letter("jembatan"), UNDER), (own,), "village-3") for _ in range(20)]
        found = fit(examples, threshold=0.3)
        assert found is not None
        assert own not in [one.mention for one in found[0].places]

    def test_the_same_letters_teach_the_same(self, taught: tuple[Learned, Measured]) -> None:
        assert fit(past(), threshold=0.3) == taught

    def test_what_was_learned_is_plain_data_and_back(self, taught: tuple[Learned, Measured]) -> None:
        learned, _ = taught
        stored = orjson.loads(orjson.dumps([plain_traits(learned), plain_places(learned)]))
        assert learned_from(stored[0], stored[1]) == learned


class TestSuggested:
    def test_the_place_with_the_letters_own_words_as_reasons(self, taught: tuple[Learned, Measured]) -> None:
        facts = letter("Jembatannya putus, mohon ditinjau")
        first = suggested(taught[0], traits_of(facts, None), 0.3)[0]
        assert first.mention == PU
        assert first.confidence > 0.5
        assert reasons(first.because, facts)[0].startswith("karena kata: ")
        assert "jembatannya" in reasons(first.because, facts)[0]

    def test_a_place_may_be_suggested_for_where_a_letter_comes_from(self, taught: tuple[Learned, Measured]) -> None:
        facts = letter("Permohonan obat puskesmas")
        found = {one.mention: one for one in suggested(taught[0], traits_of(facts, UNDER), 0.3)}
        assert set(found) == {HEALTH, DISTRICT}
        assert set(reasons(found[DISTRICT].because, facts)) & {"karena asal surat", "karena wilayah asal surat"}

    def test_nothing_below_the_threshold(self, taught: tuple[Learned, Measured]) -> None:
        traits = traits_of(letter("Undangan sosialisasi"), Origin("external"))
        assert all(one.confidence >= 0.3 for one in suggested(taught[0], traits, 0.3))
        assert suggested(taught[0], traits, 0.999) == []

    @settings(max_examples=60)
    @given(st.text(max_size=120), st.sampled_from([None, UNDER]))
    def test_every_suggestion_is_explained_by_the_letter_and_made_again(
        self, taught: tuple[Learned, Measured], subject: str, origin: Origin | None
    ) -> None:
        facts = letter(subject)
        traits = traits_of(facts, origin)
        found = suggested(taught[0], traits, 0.1)
        assert found == suggested(taught[0], traits, 0.1)
        for one in found:
            assert one.because
            assert set(one.because) <= set(traits)
            assert 0.1 <= one.confidence <= 1
