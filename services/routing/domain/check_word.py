"""Check words (kata kunci): what a sender says beside the tracking code to hear of a letter.

Invariant: a check word follows from the letter's id and the installation's secret key, and from nothing else; without
the key it is one of ``COMBINATIONS``, each as likely. So none is stored, and the receipt can be printed again.
"""

import hashlib
import hmac
import unicodedata

from services.routing.domain.words import WORDS

WORD_COUNT = 3
NUMBERS = 10_000
COMBINATIONS = len(WORDS) ** WORD_COUNT * NUMBERS
"""1.3 * 10^12, 40 bits."""
KEY_BYTES = 32
PURPOSE = b"lontar check word 1:"


def check_word(key: bytes, letter_id: str) -> str:
    """The letter's check word: ``gamelan-pulau-kijang-4827``."""
    value = int.from_bytes(hmac.digest(key, PURPOSE + letter_id.encode(), hashlib.sha256))
    words = []
    for _ in range(WORD_COUNT):
        value, index = divmod(value, len(WORDS))
        words.append(WORDS[index])
    return f"{'-'.join(words)}-{value % NUMBERS:04d}"


def same_word(given: str, true: str) -> bool:
    """Whether somebody means this word, in whatever case and with whatever between its parts.

    The time it takes tells nothing of where they differ.
    """
    return hmac.compare_digest(_bare(given), _bare(true))


def _bare(text: str) -> bytes:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(one for one in folded if one.isalnum()).encode()
