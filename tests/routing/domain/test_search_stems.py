"""Stems: inflected forms of a word must meet, different words should not."""

from collections.abc import Callable
from itertools import combinations

import pytest
import snowballstemmer

from services.routing.domain.search_stems import stem

OF_LETTERS = """
ajuan pengajuan diajukan mengajukan ajukan
mohon permohonan memohon dimohon pemohon
pinjam peminjaman meminjam dipinjamkan pinjaman
kirim pengiriman mengirim dikirim kiriman mengirimkan
tulis menulis tulisan penulis ditulis tertulis
terima penerimaan menerima diterima penerima
minta permintaan meminta diminta
undang undangan mengundang diundang
bangun pembangunan membangun bangunan dibangun
baik perbaikan memperbaiki diperbaiki
lapor laporan melaporkan dilaporkan pelaporan
laksana pelaksanaan melaksanakan dilaksanakan
bantu bantuan membantu dibantu
kelola pengelolaan mengelola dikelola
kumpul pengumpulan mengumpulkan dikumpulkan
kunjung kunjungan mengunjungi dikunjungi
putus keputusan memutuskan diputuskan putusan
layan pelayanan layanan melayani dilayani
tetapkan penetapan menetapkan ditetapkan tetap ketetapan
bersih kebersihan membersihkan dibersihkan
rencana perencanaan merencanakan direncanakan
usul usulan mengusulkan diusulkan pengusulan
pakai pemakaian memakai dipakai
manfaat pemanfaatan memanfaatkan dimanfaatkan bermanfaat
musnah pemusnahan memusnahkan dimusnahkan
periksa pemeriksaan memeriksa diperiksa
resmi peresmian meresmikan diresmikan
awas pengawasan mengawasi diawasi
tata penataan menata ditata
""".strip().splitlines()
"""What official letters are full of."""

HELD_OUT = """
ambil pengambilan mengambil diambil
batas pembatasan membatasi dibatasi batasan
cabut pencabutan mencabut dicabut
dukung dukungan mendukung didukung pendukung
edar pengedaran mengedarkan diedarkan edaran
gelar pagelaran menggelar digelar
harga menghargai dihargai penghargaan
isi mengisi diisi pengisian
jemput penjemputan menjemput dijemput
kelompok mengelompokkan dikelompokkan pengelompokan
larang larangan melarang dilarang pelarangan
masuk memasukkan dimasukkan pemasukan
nikah pernikahan menikah dinikahkan
pindah pemindahan memindahkan dipindahkan
rapat dirapatkan merapatkan
susun penyusunan menyusun disusun susunan
tarik penarikan menarik ditarik
ukir ukiran mengukir diukir
urus pengurusan mengurus diurus urusan
tugas petugas
wawancara mewawancarai diwawancarai
yakin meyakinkan diyakinkan keyakinan
ziarah berziarah peziarah
guna penggunaan menggunakan digunakan kegunaan
""".strip().splitlines()
"""Never looked at while the exceptions were written: these say what the rules are worth on words yet to come."""


def met(families: list[str], stemmed: Callable[[str], str]) -> float:
    """The share of pairs of one family that have one stem."""
    pairs = [pair for family in families for pair in combinations(family.split(), 2)]
    return sum(stemmed(one) == stemmed(other) for one, other in pairs) / len(pairs)


class TestStem:
    @pytest.mark.parametrize("family", OF_LETTERS, ids=lambda family: family.split()[0])
    def test_the_forms_letters_use_have_one_stem(self, family: str) -> None:
        assert len({stem(form) for form in family.split()}) == 1

    def test_words_it_has_never_seen_mostly_meet_and_more_than_by_the_rules_alone(self) -> None:
        rules = snowballstemmer.stemmer("indonesian").stemWord
        ours, bare = met(HELD_OUT, stem), met(HELD_OUT, rules)
        assert ours >= 0.88
        assert ours > bare

    def test_different_words_keep_apart(self) -> None:
        stems: dict[str, str] = {}
        for family in OF_LETTERS + HELD_OUT:
            for form in family.split():
                assert stems.setdefault(stem(form), family) == family

    @pytest.mark.parametrize("name", ["bupati", "kepala", "sekolah", "berita", "menteri", "camat", "desa", "kabupaten"])
    def test_words_that_only_look_inflected_stay(self, name: str) -> None:
        assert stem(name) == name

    def test_fish_are_not_given(self) -> None:
        assert stem("perikanan") == stem("ikan") != stem("berikan") == stem("diberikan")

    @pytest.mark.parametrize("code", ["xi", "2026", "7k2m", "00512sktxi2026", "skt", "", "日本"])
    def test_codes_and_short_words_are_their_own_stem(self, code: str) -> None:
        assert stem(code) == code
