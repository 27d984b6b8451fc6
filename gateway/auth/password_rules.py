"""Which passwords are accepted: long and not guessable at once, in the sense of NIST SP 800-63B, section 3.1.1.2.

Invariant: no rule asks for digits or punctuation; length does the work.
"""

from gateway.auth.passwords import normalised
from services.chassis.errors import unprocessable

MIN_LENGTH = 12
MAX_LENGTH = 256
COMMON = frozenset(
    {
        "password1234",
        "passwordpassword",
        "katasandi123",
        "katasandikatasandi",
        "rahasia12345",
        "rahasiarahasia",
        "indonesia123",
        "indonesia1945",
        "merdeka17845",
        "qwertyuiop12",
        "qwertyuiop123",
        "administrator",
        "bismillah123",
        "sayangsayang",
    }
)
RUNS = ("0123456789" * 4, "9876543210" * 4, "abcdefghijklmnopqrstuvwxyz" * 2, "qwertyuiopasdfghjklzxcvbnm" * 2)


def check_password(password: str, username: str) -> None:
    """Raise 422 with the reason when the password must not be used."""
    text = normalised(password).casefold()
    if len(text) < MIN_LENGTH:
        raise unprocessable("password_too_short", f"Kata sandi harus paling sedikit {MIN_LENGTH} karakter.")
    if username.casefold() in text and len(text) - len(username) < MIN_LENGTH - 4:
        raise unprocessable("password_like_username", "Kata sandi tidak boleh mirip dengan nama pengguna.")
    if text in COMMON or len(set(text)) < 5 or any(text in run for run in RUNS):
        raise unprocessable("password_guessable", "Kata sandi terlalu mudah ditebak. Pilih yang lain.")
