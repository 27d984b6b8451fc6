"""Which letters answer, and in what order."""

from collections.abc import Mapping, Sequence

from services.routing.domain.search_analysis import FIELDS, SLIP
from services.routing.domain.search_lexicon import Lexicon
from services.routing.domain.search_plan import forgiving, planned
from services.routing.domain.search_postings import Postings, posting, postings
from services.routing.domain.search_query import question
from services.routing.domain.search_ranking import Strictness, is_enough, ranked, strictness
from services.routing.domain.search_weighing import Sight, Span, Weighed, weighed

SUBJECT, TEXT, SENDER = FIELDS["subject"], FIELDS["text"], FIELDS["sender"]
ALL = Sight(keys=("me",))
Letters = Mapping[str, Mapping[int, int]]


def having(letters: Letters) -> dict[str, Postings]:
    """Postings of keys: per letter its mask. Everybody sees letters 0 to 99."""
    seen = {"me": dict.fromkeys(range(100), 0)}
    return {key: postings(posting(n, m) for n, m in some.items()) for key, some in (seen | dict(letters)).items()}


def answer(text: str, letters: Letters, sight: Sight = ALL, lexicon: Lexicon | None = None) -> Weighed:
    asked, known = question(text), lexicon or Lexicon()
    plan = planned(asked, known)
    found = weighed(Span(0, 100), plan, sight, having(letters))
    if found.few and not is_enough(found):
        found = weighed(Span(0, 100), forgiving(plan, known, found.few), sight, having(letters))
    return found


def order(found: Weighed) -> Sequence[int]:
    numbers: list[int] = ranked(found, found.rarities, 100).numbers.tolist()
    return numbers


class TestWeighed:
    def test_the_subject_counts_more_than_the_sender_and_that_more_than_the_text(self) -> None:
        found = answer("jalan ", {"jalan": {1: TEXT, 2: SUBJECT, 3: SENDER}})
        assert order(found) == [2, 3, 1]

    def test_often_counts_more_than_once(self) -> None:
        assert order(answer("jalan ", {"jalan": {1: TEXT | 3 * 64, 2: TEXT}})) == [1, 2]

    def test_a_slip_counts_less_than_the_word(self) -> None:
        assert order(answer("jalan ", {"jalan": {1: TEXT, 2: TEXT | SLIP}})) == [1, 2]

    def test_the_newer_first_among_equals(self) -> None:
        assert order(answer("jalan ", {"jalan": {1: SUBJECT, 50: SUBJECT, 7: SUBJECT}})) == [50, 7, 1]

    def test_a_rare_word_counts_more_than_a_common_one(self) -> None:
        found = answer("surat embung ", {"surat": dict.fromkeys(range(50), SUBJECT), "embung": {70: SUBJECT}})
        assert order(found)[0] == 70

    def test_letters_one_may_not_see_do_not_make_a_word_common(self) -> None:
        letters = {"jalan": dict.fromkeys(range(99), SUBJECT), "rusak": {1: SUBJECT}, "own": {1: 0, 2: 0}}
        alone = {"jalan": {1: SUBJECT, 2: SUBJECT}, "rusak": {1: SUBJECT}, "own": {1: 0, 2: 0}}
        sight = Sight(keys=("own",))
        one, other = answer("jalan rusak ", letters, sight), answer("jalan rusak ", alone, sight)
        assert one.rarities == other.rarities
        assert (one.seen, one.having.tolist()) == (2, [2, 1])

    def test_scores_are_shares_of_the_best_there_could_be(self) -> None:
        found = answer("jalan rusak ", {"jalan": {99: 511 - SLIP}, "rusak": {99: 511 - SLIP, 1: TEXT}})
        assert all(0 < score < 1.1 for score in ranked(found, found.rarities, 100).scores.tolist())

    def test_only_what_may_be_seen(self) -> None:
        letters = {"jalan": dict.fromkeys(range(5), SUBJECT), "unit": {1: 0}, "position": {3: 0}}
        assert sorted(order(answer("jalan ", letters, Sight(keys=("unit", "position"))))) == [1, 3]
        assert order(answer("jalan ", letters, Sight(keys=()))) == []

    def test_who_sees_across_sees_all_but_what_is_kept_from_them(self) -> None:
        letters = {"jalan": dict.fromkeys(range(4), SUBJECT), "-leaders": {1: 0, 2: 0}, "own": {2: 0}}
        sight = Sight(keys=("own",), across=("-leaders",))
        assert sorted(order(answer("jalan ", letters, sight))) == [0, 2, 3]

    def test_narrowed_to_one_mark_of_each_kind(self) -> None:
        letters = {"jalan": dict.fromkeys(range(4), SUBJECT), "u=1": {0: 0, 1: 0}, "m=1": {1: 0}, "m=2": {2: 0}}
        sight = Sight(keys=("me",), marks=(("u=1",), ("m=1", "m=2")))
        assert order(answer("jalan ", letters, sight)) == [1]

    def test_letters_with_less_than_half_of_the_words_are_none(self) -> None:
        letters = {"jalan": {1: SUBJECT}, "rusak": {1: SUBJECT, 2: SUBJECT}}
        assert order(answer("jalan rusak embung longsor banjir ", letters)) == []
        assert order(answer("jalan rusak embung longsor ", letters)) == [1]

    def test_the_parts_of_a_number_say_nothing_alone(self) -> None:
        letters = {"skt": {1: FIELDS["number"], 2: FIELDS["number"]}, "7k2m": {2: FIELDS["number"]}}
        assert order(answer("SKT-7K2M", letters)) == [2]

    def test_the_whole_number_answers_for_its_parts(self) -> None:
        assert order(answer("SKT-7K2M", {"skt7k2m": {4: FIELDS["number"]}})) == [4]


class TestStrictness:
    def test_letters_that_surely_have_all_words_are_enough(self) -> None:
        lexicon = Lexicon({"berat": 50})
        letters = {"berrat": dict.fromkeys(range(5), TEXT), "berat": dict.fromkeys(range(20, 40), TEXT)}
        found = answer("berrat ", letters, lexicon=lexicon)
        strict = strictness(found, 1)
        assert sorted(found.where(strict.holds(found)).numbers.tolist()) == [0, 1, 2, 3, 4]

    def test_with_few_of_them_those_are_shown_too_that_may_have_meant_it(self) -> None:
        lexicon = Lexicon({"berat": 50})
        found = answer("berrat ", {"berrat": {1: TEXT}, "berat": {2: TEXT}}, lexicon=lexicon)
        strict = strictness(found, 1)
        assert strict == Strictness(sure=False, words=1)
        assert order(found.where(strict.holds(found))) == [1, 2], "as it was typed first"

    def test_where_no_letter_has_all_words_those_with_most(self) -> None:
        letters = {"jalan": {1: SUBJECT, 2: SUBJECT}, "rusak": {1: SUBJECT}, "embung": {3: SUBJECT}}
        found = answer("jalan rusak embung ", letters)
        assert strictness(found, 3) == Strictness(sure=False, words=2)

    def test_nothing_found_is_nothing(self) -> None:
        found = answer("jalan ", {})
        assert order(found.where(strictness(found, 1).holds(found))) == []


class TestPlan:
    def test_nothing_is_forgiven_at_first(self) -> None:
        assert planned(question("berrat "), Lexicon({"berat": 50}))[0].maybe == {}

    def test_a_word_hardly_any_letter_has_is_taken_for_its_like_and_named(self) -> None:
        lexicon = Lexicon({"berat": 50})
        [alat, berrat] = forgiving(planned(question("alat berrat "), lexicon), lexicon, [1])
        assert (dict(berrat.maybe), dict(berrat.named)) == ({"berat": 0.2}, {"berat": "berat"})
        assert alat.maybe == {}

    def test_a_beginning_asks_for_the_commonest_words(self) -> None:
        [word] = planned(question("permo"), Lexicon({"permohonan": 9, "permodalan": 3}))
        assert list(word.sure) == ["permo", "mohon", "modal"]

    def test_a_word_letters_have_is_not_taken_for_another(self) -> None:
        letters = {"barat": dict.fromkeys(range(6), TEXT), "berat": {50: SUBJECT}}
        assert sorted(order(answer("barat ", letters, lexicon=Lexicon({"barat": 6, "berat": 1})))) == [0, 1, 2, 3, 4, 5]
