"""The words that occur."""

import pytest

from services.routing.domain.search_lexicon import Lexicon, is_nearly, skeleton

TYPED, READ = True, False


@pytest.fixture
def lexicon() -> Lexicon:
    """Words of a small office."""
    found = Lexicon()
    common = ("permohonan", "peminjaman", "alat", "berat", "jalan", "perbaikan", "undangan", "rapat", "kebersihan")
    found.hear(dict.fromkeys(common, (20, TYPED)) | {"permata": (2, TYPED), "2026": (50, TYPED)})
    return found


class TestCommonest:
    def test_they_come_in_their_order(self, lexicon: Lexicon) -> None:
        lexicon.hear({"jalan": (5, TYPED)})
        assert lexicon.commonest(2) == ["2026", "jalan"]
        assert lexicon.commonest(100)[-1] == "permata"


class TestAdmission:
    def test_what_was_typed_counts_at_once(self, lexicon: Lexicon) -> None:
        lexicon.hear({"adnyana": (1, TYPED)})
        assert lexicon.starting_with("adny", 5) == ["adnyana"]

    def test_what_was_read_from_a_scan_counts_once_several_letters_have_it(self, lexicon: Lexicon) -> None:
        lexicon.hear({"pcrmohonan": (2, READ)})
        assert lexicon.starting_with("pcr", 5) == []
        lexicon.hear({"pcrmohonan": (1, READ)})
        assert lexicon.starting_with("pcr", 5) == ["pcrmohonan"]

    def test_codes_are_never_offered(self, lexicon: Lexicon) -> None:
        lexicon.hear({"skt7k2m": (5, TYPED), "00512sktxi2026": (5, TYPED), "198501012010011001": (9, TYPED)})
        assert lexicon.starting_with("skt", 5) == []
        assert lexicon.starting_with("1985", 5) == []

    def test_kept_and_taken_up_again_it_says_the_same(self, lexicon: Lexicon) -> None:
        again = Lexicon(lexicon.kept())
        assert again.kept() == lexicon.kept()
        assert again.nearly("permohnan", 3) == lexicon.nearly("permohnan", 3)
        assert again.starting_with("per", 9) == lexicon.starting_with("per", 9)


class TestBeginnings:
    def test_the_commonest_first(self, lexicon: Lexicon) -> None:
        assert lexicon.starting_with("perm", 5) == ["permohonan", "permata"]
        assert lexicon.starting_with("perm", 1) == ["permohonan"]
        assert lexicon.starting_with("zz", 5) == []


class TestNearly:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("permohnan", "permohonan"),
            ("perrnohonan", "permohonan"),
            ("pennohonan", "permohonan"),
            ("perm0honan", "permohonan"),
            ("berrat", "berat"),
            ("jaIan".casefold(), "jalan"),
            ("ja1an", "jalan"),
            ("peminjarnan", "peminjaman"),
            ("keber5ihan", "kebersihan"),
            ("undnagan", "undangan"),
        ],
    )
    def test_slips_of_fingers_and_of_recognition(self, lexicon: Lexicon, typed: str, meant: str) -> None:
        assert lexicon.nearly(typed, 3)[0] == meant

    @pytest.mark.parametrize("typed", ["ala", "jembatan", "2025", "xx"])
    def test_what_is_short_far_or_a_number_is_left_alone(self, lexicon: Lexicon, typed: str) -> None:
        assert lexicon.nearly(typed, 3) == []

    def test_a_known_word_is_not_its_own_slip(self, lexicon: Lexicon) -> None:
        assert "berat" not in lexicon.nearly("berat", 3)


class TestMeantBy:
    def test_a_rare_word_is_a_slip_for_an_established_one(self, lexicon: Lexicon) -> None:
        assert lexicon.meant_by("perrnohonan") == "permohonan"

    def test_an_established_word_is_not(self, lexicon: Lexicon) -> None:
        lexicon.hear({"berut": (10, TYPED)})
        assert lexicon.meant_by("berut") is None

    def test_nothing_is_a_slip_for_a_rare_word(self, lexicon: Lexicon) -> None:
        assert lexicon.meant_by("permatta") is None


def test_recognition_confuses_these() -> None:
    assert skeleton("rnodern") == skeleton("modem")
    assert skeleton("l0") == skeleton("io") == skeleton("1o")
    assert is_nearly("perrnohonan", "permohonan")
    assert not is_nearly("surat", "rapat")
