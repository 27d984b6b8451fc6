"""Letters for measuring how well searches find. Invariant: what a letter is about is known apart from any stemmer.

Letters are drawn from word families ("usulan, mengusulkan, diusulkan"). Questions use other forms of the words than the
letters do; scans are misread as character recognition misreads them; fingers slip.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from services.routing.domain.search_document import SearchDocument
from tests.routing.documents import document

MATTERS = [
    line.split()
    for line in """
    usulan mengusulkan diusulkan pengusulan
    pengangkutan mengangkut diangkut angkutan
    pembayaran membayar dibayarkan
    pencatatan mencatat dicatat
    penggantian mengganti diganti
    penghapusan menghapus dihapus
    perlindungan melindungi dilindungi
    pemasangan memasang dipasang
    penyewaan menyewa disewa
    penambahan menambah ditambah tambahan
    penebangan menebang ditebang
    pengukuran mengukur diukur
    pembongkaran membongkar dibongkar
    penggalian menggali digali
    penimbunan menimbun ditimbun
    pemotongan memotong dipotong
    penyaringan menyaring disaring
    penagihan menagih ditagih tagihan
    penyimpanan menyimpan disimpan
    penjualan menjual dijual
    pembelian membeli dibeli
    penanaman menanam ditanam
    penutupan menutup ditutup
    pembukaan membuka dibuka
    peninjauan meninjau ditinjau
    penolakan menolak ditolak
    perbaikan memperbaiki diperbaiki
    pengiriman mengirim dikirim
    pemeriksaan memeriksa diperiksa
    pembangunan membangun dibangun
    """.strip().splitlines()
]
THINGS = """
jembatan puskesmas saluran pohon lampu kendaraan gedung embung pipa meja komputer tanah ternak bibit pupuk sampah
dermaga pasar jaringan retribusi
""".split()  # noqa: SIM905
VILLAGES = """
Sekartaji Batukandik Besan Sampalan Toyapakeh Jungutbatu Lembongan Pejukutan Tanglad Klumpu
""".split()  # noqa: SIM905
OPENINGS = (
    "Sehubungan dengan hasil musyawarah desa kami sampaikan bahwa warga {} {} {} di wilayah Desa {}.",
    "Dengan hormat, bersama ini dilaporkan rencana {} {} {} yang berlokasi di Desa {} pada bulan depan.",
    "Menindaklanjuti surat terdahulu, tim kecamatan telah {} {} {} milik Desa {} dan menunggu arahan.",
)
CLOSINGS = "Demikian kami sampaikan, atas perhatian dan kerja sama Bapak kami ucapkan terima kasih."
MISREAD = (("m", "rn"), ("l", "1"), ("o", "0"), ("i", "l"), ("e", "c"), ("a", "o"), ("h", "b"), ("n", "u"), ("g", "q"))
ASIDES = """
administrasi kelengkapan dokumen persyaratan lampiran jadwal petugas lokasi anggaran waktu
""".split()  # noqa: SIM905


@dataclass(frozen=True)
class Written:
    """A letter and what it is about: two matters, each with its thing, and the village."""

    letter: SearchDocument
    about: frozenset[str]
    misread: SearchDocument


@dataclass(frozen=True)
class Question:
    """What is typed, and what it is meant to find."""

    text: str
    about: frozenset[str]


def misread(text: str, chance: random.Random, share: float) -> str:
    """The text as recognition would have it: in this share of the words one mistake."""
    return " ".join(_misread(word, chance) if chance.random() < share else word for word in text.split(" "))


def _misread(word: str, chance: random.Random) -> str:
    fitting = [(seen, read) for seen, read in MISREAD if seen in word]
    if not fitting or len(word) < 4:
        return word
    seen, read = chance.choice(fitting)
    place = chance.choice([at for at in range(len(word)) if word.startswith(seen, at)])
    return word[:place] + read + word[place + len(seen) :]


def mistyped(word: str, chance: random.Random) -> str:
    """The word after one slip of the fingers."""
    place = chance.randrange(1, len(word) - 1)
    other = chance.choice("abcdefghijklmnoprstu")
    slips = (
        word[:place] + word[place + 1 :],
        word[:place] + other + word[place:],
        word[:place] + other + word[place + 1 :],
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
    )
    return chance.choice(slips)


def letters(count: int, chance: random.Random) -> list[Written]:
    """Letters, each about one matter in its subject and another in its text."""
    written: list[Written] = []
    for _ in range(count):
        (first, second), things = chance.sample(MATTERS, 2), chance.sample(THINGS, 2)
        village = chance.choice(VILLAGES)
        subject = f"{chance.choice(first).capitalize()} {things[0]} Desa {village}"
        said = chance.choice(OPENINGS).format(chance.choice(second), things[1], chance.choice(ASIDES), village)
        text = f"{said} {' '.join(chance.sample(ASIDES, 4))}. {CLOSINGS}"
        about = frozenset({first[0], second[0], things[0], things[1], village.casefold()})
        letter = document(subject, text, sender=f"Desa {village}")
        written.append(Written(letter, about, replace(letter, text=misread(text, chance, 0.15))))
    return written


def ask(one: Written, chance: random.Random, change: Callable[[str], str] = str) -> Question:
    """A question for a letter: a matter, a thing of it and where, as somebody remembers it."""
    families = [*MATTERS, *([thing] for thing in THINGS)]
    named = [family for family in families if family[0] in one.about]
    picked = chance.sample(named, 2)
    words = [chance.choice(family) for family in picked]
    place = chance.randrange(len(words))
    words[place] = change(words[place])
    village = next(name for name in VILLAGES if name.casefold() in one.about)
    return Question(f"{' '.join(words)} {village} ", frozenset({*(family[0] for family in picked), village.casefold()}))
