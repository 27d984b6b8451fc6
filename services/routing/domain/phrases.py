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


def running(text: str) -> str:
    """A whole text as phrases are looked for in it: its stems, each between spaces."""
    return f" {' '.join(map(stem, words(text)))} "


@lru_cache(maxsize=4096)
def phrase(text: str) -> str:
    """A phrase as it is looked for in ``running``; empty where it has no word."""
    found = running(text)
    return found if found.strip() else ""
