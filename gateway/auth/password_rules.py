"""Which passwords are accepted: long and not guessed at once, after NIST SP 800-63B-4, section 3.1.1.2.

Invariant: no rule asks for digits or punctuation; length does the work. Fifteen characters where the password is all
there is, eight where a second factor stands beside it. Characters are counted as they are kept: one that is typed may
be eighteen of those.
"""

from collections.abc import Iterable

from gateway.auth.guessable import guessable
from gateway.auth.passwords import normalised
from services.chassis.errors import ServiceError, unprocessable

MIN_ALONE = 15
MIN_WITH_SECOND_FACTOR = 8
MAX_LENGTH = 256


def check_password(password: str, known: Iterable[str], *, second_factor: bool = False) -> None:
    """Raise 422 with the reason when the password must not be used.

    ``known`` is what everybody knows of its owner: the username, the name, the units.
    """
    plain = normalised(password)
    least = MIN_WITH_SECOND_FACTOR if second_factor else MIN_ALONE
    if len(plain) < least:
        raise too_short(least)
    if len(plain) > MAX_LENGTH:
        raise unprocessable("password_too_long", f"Kata sandi paling panjang {MAX_LENGTH} karakter.")
    text = plain.casefold()
    if guessable(text):
        raise unprocessable("password_guessable", "Kata sandi terlalu mudah ditebak. Pilih yang lain.")
    if guessable(text, known):
        detail = "Kata sandi tidak boleh hanya berisi nama Anda, nama pengguna, atau nama unit Anda."
        raise unprocessable("password_like_name", detail)


def is_short(password: str) -> bool:
    """Whether it is good enough only beside a second factor."""
    return len(normalised(password)) < MIN_ALONE


def too_short(least: int) -> ServiceError:
    """422 with the length that is asked for."""
    detail = f"Kata sandi harus paling sedikit {least} karakter. Beberapa kata yang mudah diingat sudah cukup."
    return unprocessable("password_too_short", detail, min_length=least)
