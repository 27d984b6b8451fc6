"""Which passwords are accepted."""

import pytest

from gateway.auth.password_rules import check_password
from services.chassis.errors import ServiceError

KNOWN = ("kadek.pu", "I Kadek Suardana", "Dinas Pekerjaan Umum dan Penataan Ruang")


def refusal(password: str, *, second_factor: bool = False) -> str | None:
    """The code of the refusal, None where the password is taken."""
    try:
        check_password(password, KNOWN, second_factor=second_factor)
    except ServiceError as error:
        return error.code
    return None


class TestPasswordRules:
    """After NIST SP 800-63B-4, section 3.1.1.2."""

    @pytest.mark.parametrize(
        "password",
        [
            "sepeda-biru-di-pasar",
            "perahu menuju nusa penida",
            "abcd-efgh-jkmn-pq7z",
            "ᬓᬵᬓ ᬩᬮᬶ ᬲᬸᬭᬢ᭄ ᬫᬵᬲ᭄",
            "tiga ekor kambing mandi",
            "kuda-lumping-password",
            "rtjvkwpnzmqxbhd",
            "x" * 4 + "kelapa muda dingin" + "y" * 100,
        ],
    )
    def test_long_ones_are_taken_whatever_they_are_made_of(self, password: str) -> None:
        assert refusal(password) is None

    @pytest.mark.parametrize("length", [8, 14])
    def test_alone_a_password_needs_fifteen_characters(self, length: int) -> None:
        password = "jeruk nipis asam"[:length]
        assert refusal(password) == "password_too_short"
        assert refusal(password, second_factor=True) is None

    def test_beside_a_second_factor_eight_are_the_least(self) -> None:
        assert refusal("nipis72", second_factor=True) == "password_too_short"

    def test_characters_are_counted_as_people_see_them(self) -> None:
        assert refusal("é" * 2 + "jeruknipisasam") is None
        assert refusal("ﬃ" + "kelapa muda") == "password_too_short"  # 14 once the ligature is three letters

    @pytest.mark.parametrize(
        "password",
        [
            "passwordpassword",
            "P@ssw0rdP@ssw0rd!",
            "Rahasia-Rahasia-2024",
            "Indonesia17081945",
            "bismillah123456789",
            "1234567890123456",
            "aaaaaaaaaaaaaaaaaa",
            "qwertyuiopasdfghjkl",
            "abcabcabcabcabcabc",
            "Kabupaten.Klungkung.2025",
            "admin-lontar-surat-bupati",
            "198503172010012003",
            "081234567890bupati",
            "S4y4ngku_s3l4m4ny4",
        ],
    )
    def test_what_is_tried_first_is_refused(self, password: str) -> None:
        assert refusal(password) == "password_guessable"

    @pytest.mark.parametrize("password", ["kadek.pu-kadek.pu", "suardana-pekerjaan2025", "Penataan-Ruang-Suardana!"])
    def test_what_everybody_knows_of_the_owner_is_refused(self, password: str) -> None:
        assert refusal(password) == "password_like_name"

    def test_a_blocked_word_inside_a_good_password_does_no_harm(self) -> None:
        assert refusal("password untuk gubuk di sawah") is None

    def test_the_short_ones_of_the_list_are_refused_beside_a_second_factor_too(self) -> None:
        assert refusal("password", second_factor=True) == "password_guessable"
        assert refusal("sayang123", second_factor=True) == "password_guessable"

    def test_what_grows_too_long_once_it_is_written_out_is_refused(self) -> None:
        assert refusal("⁗" * 61 + "bqxzkwmvj9") is None  # each is four primes
        assert refusal("⁗" * 62 + "bqxzkwmvj9") == "password_too_long"
        assert refusal("\ufdfa" * 256) == "password_too_long"

    def test_the_longest_is_judged_at_once(self) -> None:
        assert refusal("ab1" * 85) == "password_guessable"
        assert refusal("".join(chr(97 + (i * i * 7 + i) % 26) for i in range(256))) is None
