"""Excerpts."""

from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.search_engine import Excerpt
from services.routing.domain.search_excerpts import LENGTH, Passage, Wanted, excerpt, passage, stands_in
from services.routing.domain.search_stems import stem

ABOUT = "Sehubungan dengan tertutupnya jalan desa oleh longsor, kami mohon bantuan peminjaman satu unit alat berat."


def shown(one: Excerpt) -> str:
    return "".join(f"[{piece.text}]" if piece.match else piece.text for piece in one.pieces)


def wanting(*stems: str) -> Wanted:
    return lambda form: stem(form) in stems


class TestExcerpt:
    def test_inflected_forms_are_marked(self) -> None:
        text = "Memohon alat; permohonan diajukan"
        assert shown(excerpt("subject", text, wanting("mohon", "aju"))) == "[Memohon] alat; [permohonan] [diajukan]"

    def test_a_code_and_its_parts_are_one_match(self) -> None:
        text = "Nomor 005/12/SKT/2026 tanggal"
        found = excerpt("subject", text, wanting("5", "12", "skt", "2026", "00512skt2026"))
        assert shown(found) == "Nomor [005/12/SKT/2026] tanggal"

    def test_markup_stays_text(self) -> None:
        found = excerpt("subject", "<b>jalan</b> & <script>", wanting("jalan"))
        assert [(piece.text, piece.match) for piece in found.pieces] == [
            ("<b>", False),
            ("jalan", True),
            ("</b> & <script>", False),
        ]

    @given(st.text(max_size=300))
    def test_the_pieces_are_the_text(self, text: str) -> None:
        found = excerpt("subject", text, lambda form: "a" in form)
        assert "".join(piece.text for piece in found.pieces) == text


class TestPassage:
    def test_the_best_has_the_most_different_words(self) -> None:
        text = f"jalan {'x ' * 200}{ABOUT} {'y ' * 200}jalan jalan jalan"
        places = [(0, "jalan"), (text.index("jalan desa"), "jalan"), (text.index("alat"), "alat")]
        found = passage(Passage.best("text", text, places), wanting("jalan", "alat"))
        assert "[jalan] desa" in shown(found)
        assert "[alat] berat" in shown(found)
        assert shown(found).startswith("…")
        assert shown(found).endswith("…")

    def test_it_begins_and_ends_with_words(self) -> None:
        text = f"{'sebelumnya ' * 30}jalan {'sesudahnya ' * 60}"
        chosen = Passage.best("text", text, [(text.index("jalan"), "jalan")])
        inside = shown(passage(chosen, wanting("jalan"))).strip("…").split()
        assert set(inside) == {"sebelumnya", "[jalan]", "sesudahnya"}

    def test_lines_are_run_together(self) -> None:
        chosen = Passage.best("text", "jalan\n\n   rusak", [(0, "jalan")])
        assert shown(passage(chosen, wanting("jalan"))) == "[jalan] rusak"

    def test_without_a_place_there_is_none(self) -> None:
        assert Passage.best("text", ABOUT, []).words == 0
        assert Passage.best("text", "", [(5, "jalan")]).words == 0

    @given(st.text(alphabet="ab \n", max_size=600), st.integers(0, 600))
    def test_it_is_short_whatever_the_text(self, text: str, place: int) -> None:
        chosen = Passage.best("text", text, [(place, "a")])
        if chosen.words:
            assert len(shown(passage(chosen, lambda _: False))) <= LENGTH + 2


class TestStandsIn:
    def test_words_together_whatever_is_between_them(self) -> None:
        assert stands_in(ABOUT, ("alat", "berat"))
        assert stands_in("ALAT -\n Berat", ("alat", "berat"))
        assert not stands_in(ABOUT, ("berat", "alat"))
        assert not stands_in("alat beratnya", ("alat", "berat"))
        assert not stands_in("alat yang berat", ("alat", "berat"))

    def test_numbers_with_their_zeros(self) -> None:
        assert stands_in("Nomor 005/12", ("5", "12"))

    def test_what_looks_like_a_pattern_is_text(self) -> None:
        assert not stands_in("ab", ("a.", "b"))
