"""Stems of Indonesian words, so that "diajukan" finds "pengajuan". Invariant: the only place that knows the stemmer.

The stemmer is Snowball's (Tala's algorithm). It takes affixes off by rule, without a dictionary, so it errs where a
rule fits that should not; the words of official letters it errs on are set right here. What the nasal prefixes hide is
put back: "menulis" is tulis, "mengirim" is kirim, "memohon" is mohon.
"""

import re
from functools import lru_cache

import snowballstemmer

SHORTEST = 3
"""A stem shorter than this says too little to stand for the word."""
_stemmer = snowballstemmer.stemmer("indonesian")
_AFFIXED = re.compile(r"[a-z]+")

_AS_THEY_ARE = frozenset(
    """
    balai bali bangli berita bupati dewan diri kabupaten kecamatan kelurahan kementerian kepala kesra kuasa
    menteri pemerintah pedoman perbekel perumahan sekolah sekretariat sekretaris selatan serikat setda tembusan terima
    pengadaan perangkat perkara pertama kendaraan kepulauan koperasi pelaku pegawai pantai pemuda pemilu penduduk
    rencana sampai sungai sesuai camat wali wilayah swasta desa kali kail nilai partai petani pulau ternak
    kelola pakai periksa
    """.split()  # noqa: SIM905
)
"""Words that only look as if they had affixes, or mean something else without them."""
_SET_RIGHT = {
    "berikan": "beri",
    "kependudukan": "penduduk",
    "pemerintahan": "pemerintah",
    "kepegawaian": "pegawai",
    "kepemudaan": "pemuda",
    "persekolahan": "sekolah",
    "bersekolah": "sekolah",
    "penerimaan": "terima",
    "menerima": "terima",
    "tangani": "tangan",
    "meneruskan": "terus",
    "diteruskan": "terus",
    "rencanakan": "rencana",
    "perencanaan": "rencana",
    "merencanakan": "rencana",
    "direncanakan": "rencana",
    "penilaian": "nilai",
    "menilai": "nilai",
    "dinilai": "nilai",
    "kedatangan": "datang",
    "peresmian": "resmi",
    "mengawasi": "awas",
    "diawasi": "awas",
    "tindakan": "tindak",
    "memakai": "pakai",
    "dipakai": "pakai",
    "dikelola": "kelola",
    "perawatan": "rawat",
    "perekaman": "rekam",
    "berencana": "rencana",
    "cetakan": "cetak",
    "mengolah": "olah",
    "diolah": "olah",
}
_HIDDEN = {
    "m": """
    ohon inta asuk akan ilik ulai anfaat uat utasi usnah ediasi aju inat isi ain utakhir
    """.split(),  # noqa: SIM905
    "n": """
    ikah aik asihat anti amai egosiasi ormalisasi
    """.split(),  # noqa: SIM905
    "k": """
    irim umpul urang unjung elola osong ukuh embang ecam enal endali erah erja etik hawatir hitan onfirmasi oordinasi
    awal ejar ering erahkan ubur unci utip uasa uasai orek oreksi umandang ucur upas uras omunikasi ontrak ualifikasi
    ualitas embali ehendak
    """.split(),  # noqa: SIM905
}
"""Stems without the first letter that a nasal prefix took from them, where it is not the usual one."""
_NASAL = re.compile(r"(?:di|ter)?(?:me|pe)(ng|n|m)([aiueo][a-z]+)")


@lru_cache(maxsize=200_000)
def stem(form: str) -> str:
    """The stem of a word in its plain form; of what is no word of plain letters, the form itself."""
    if len(form) <= SHORTEST or not _AFFIXED.fullmatch(form):
        return form
    if form in _SET_RIGHT:
        return _SET_RIGHT[form]
    if form in _AS_THEY_ARE:
        return form
    found: str = _stemmer.stemWord(form)
    found = _unhidden(form, found)
    return found if len(found) >= SHORTEST else form


def _unhidden(form: str, found: str) -> str:
    """The stem with the letter back that a nasal prefix took from it."""
    nasal = _NASAL.fullmatch(form)
    if nasal is None:
        return found
    prefix, rest = nasal.groups()
    bare = found[1:] if prefix == "m" and found.startswith("p") else found
    if not rest.startswith(bare):
        return found
    if prefix == "ng":
        return f"k{bare}" if bare in _HIDDEN["k"] else found
    if bare in _HIDDEN[prefix]:
        return f"{prefix}{bare}"
    return found if prefix == "m" else f"t{bare}"
