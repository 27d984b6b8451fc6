"""Words of letters."""

import pytest

from services.routing.domain.search_words import is_searched, plain, searched, whole_of, words


def forms(text: str) -> list[str]:
    return [word.form for word in words(text)]


class TestPlain:
    @pytest.mark.parametrize(
        ("written", "form"),
        [
            ("PERMOHONAN", "permohonan"),
            ("Café", "cafe"),
            ("ﬁnal", "final"),
            ("Ｄｅｓａ", "desa"),  # full width
            ("n̄", "n"),
            ("005", "5"),
            ("000", "0"),
            ("0x1f", "0x1f"),
        ],
    )
    def test_compares_without_case_accents_and_leading_zeros(self, written: str, form: str) -> None:
        assert plain(written) == form


class TestWords:
    def test_each_stands_where_it_stands_in_the_text(self) -> None:
        text = "Yth. Bapak: jalan “rusak”, Désa X"
        assert [text[word.start : word.end] for word in words(text)] == [
            "Yth",
            "Bapak",
            "jalan",
            "rusak",
            "Désa",
            "X",
        ]

    def test_a_letters_number_is_its_parts_and_the_whole(self) -> None:
        assert forms("No. 005/12/SKT/XI/2026") == ["no", "5", "12", "skt", "xi", "2026", "00512sktxi2026"]

    def test_a_tracking_code_is_the_same_with_and_without_its_dash(self) -> None:
        assert forms("SKT-7K2M")[-1] == forms("skt7k2m")[-1] == whole_of("SKT-7K2M") == "skt7k2m"

    def test_doubled_words_and_prefixes_with_a_dash_are_no_codes(self) -> None:
        assert forms("surat-surat e-surat a.n. Bupati") == ["surat", "surat", "e", "surat", "a", "n", "bupati"]
        assert whole_of("surat-surat") is None

    def test_letters_and_digits_written_together_are_found_apart_too(self) -> None:
        assert forms("RT05 COVID19 7K2M") == ["rt05", "covid19", "covid", "19", "7k2m"]

    def test_what_is_too_long_for_a_code_is_only_its_parts(self) -> None:
        assert "".join(["1"] * 50) not in forms("/".join(["1"] * 50))

    @pytest.mark.parametrize("text", ["", "   ", "—…!?", "\x00\n\t", "😀"])
    def test_without_letters_there_are_none(self, text: str) -> None:
        assert forms(text) == []


class TestSearched:
    def test_common_words_and_single_letters_tell_nothing(self) -> None:
        text = "Dengan hormat, kami sampaikan kepada Bapak A tentang jalan 5 yang rusak"
        assert [word.form for word in searched(text)] == ["sampaikan", "jalan", "5", "rusak"]

    def test_a_word_longer_than_any_word_is_not_kept(self) -> None:
        assert not is_searched("a" * 41)
        assert is_searched("a" * 40)
