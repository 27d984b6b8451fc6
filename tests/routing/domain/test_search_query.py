"""Questions."""

import pytest

from services.routing.domain.search_query import Asked, Unanswerable, question


def forms(text: str) -> list[str]:
    return [word.form for word in question(text).words]


class TestQuestion:
    def test_common_words_are_not_asked_for(self) -> None:
        assert forms("permohonan untuk alat yang berat") == ["permohonan", "alat", "berat"]

    def test_the_last_word_may_still_be_being_typed(self) -> None:
        assert [word.beginning for word in question("alat ber").words] == [False, True]
        assert [word.beginning for word in question("alat ber ").words] == [False, False]
        assert [word.beginning for word in question("alat be").words] == [False, False], "too short to begin anything"

    def test_a_star_asks_for_beginnings(self) -> None:
        assert [word.beginning for word in question("permoh* alat ").words] == [True, False]

    def test_words_in_quotation_marks_stand_together(self) -> None:
        asked = question("“alat dan berat” jalan")
        assert asked.phrases == (("alat", "dan", "berat"),)
        assert [word.form for word in asked.words] == ["alat", "berat", "jalan"]

    def test_one_quoted_word_is_a_word(self) -> None:
        assert question('"jalan" ').phrases == ()
        assert question('"jalan"').words == (Asked("jalan", "jalan"),)

    def test_a_quotation_that_does_not_end_is_words(self) -> None:
        asked = question('"alat berat')
        assert (asked.phrases, [word.form for word in asked.words]) == ((), ["alat", "berat"])

    def test_the_parts_of_a_number_know_the_whole(self) -> None:
        asked = question("005/12/SKT/XI/2026").words
        assert [word.form for word in asked] == ["5", "12", "skt", "xi", "2026"]
        assert {word.whole for word in asked} == {"00512sktxi2026"}
        assert not any(word.beginning for word in asked)

    def test_a_word_twice_is_asked_for_once(self) -> None:
        assert forms("Jalan jalan JALAN ") == ["jalan"]

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "search_empty"),
            ("  \n ", "search_empty"),
            ("yang dan di", "search_too_common"),
            ("a b c", "search_too_common"),
            ("?!", "search_too_common"),
            ("x" * 201, "search_too_long"),
            (" ".join(f"kata{n}" for n in range(13)), "search_too_long"),
        ],
    )
    def test_what_cannot_be_searched_for_says_why(self, text: str, code: str) -> None:
        with pytest.raises(Unanswerable) as refused:
            question(text)
        assert refused.value.code == code
        assert refused.value.detail.endswith(".")

    def test_twelve_words_may_be_asked_for(self) -> None:
        assert len(forms(" ".join(f"kata{n}" for n in range(12)))) == 12
