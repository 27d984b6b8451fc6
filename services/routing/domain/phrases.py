"""Words and phrases as rules and suggestions compare them. Invariant: what differs in case, accents or Indonesian
endings alone is the same word, in a rule, in a letter and in what was learned.
"""

import re
import unicodedata
from functools import lru_cache

from snowballstemmer import stemmer

_STEMMER = stemmer("indonesian")
_WORD = re.compile(r"[^\W_]+")
EMPTY = frozenset(
    [
        "ada",
        "adalah",
        "agar",
        "akan",
        "antara",
        "apabila",
        "atas",
        "atau",
        "bagi",
        "bahwa",
        "berdasarkan",
        "bersama",
        "beserta",
        "dalam",
        "dan",
        "dapat",
        "dari",
        "demi",
        "dengan",
        "di",
        "guna",
        "hal",
        "hingga",
        "ini",
        "itu",
        "jika",
        "juga",
        "kami",
        "karena",
        "kepada",
        "ke",
        "kita",
        "lain",
        "maka",
        "maupun",
        "mengenai",
        "mohon",
        "namun",
        "nomor",
        "oleh",
        "olehnya",
        "pada",
        "para",
        "perihal",
        "per",
        "pula",
        "saat",
        "sampai",
        "sebagai",
        "sebagaimana",
        "sehingga",
        "serta",
        "seperti",
        "setelah",
        "sesuai",
        "sudah",
        "supaya",
        "tahun",
        "tanggal",
        "telah",
        "tentang",
        "terhadap",
        "tersebut",
        "tidak",
        "untuk",
        "yaitu",
        "yakni",
        "yang",
    ]
)
"""Words that say nothing of a letter's matter."""


def words(text: str) -> list[str]:
    """The words of a text in lower case, in their order, digits included, signs left out."""
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return _WORD.findall(text.casefold())


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of a word in lower case."""
    return str(_STEMMER.stemWord(word))


class Running:
    """A whole text as phrases are looked for in it, by their stems."""

    def __init__(self, text: str) -> None:
        stems = [stem(one) for one in words(text)]
        self._known = frozenset(stems)
        self._text = f" {' '.join(stems)} "

    def has(self, wanted: str) -> bool:
        """Whether the words of a phrase stand in the text, one right after the other."""
        stems = phrase(wanted)
        return self._known.issuperset(stems) and f" {' '.join(stems)} " in self._text


@lru_cache(maxsize=4096)
def phrase(text: str) -> tuple[str, ...]:
    """The stems of a phrase; none where it has no word."""
    return tuple(stem(one) for one in words(text))
