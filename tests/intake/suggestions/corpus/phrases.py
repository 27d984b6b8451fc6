"""What the invented letters say, twice over: once for letters that may be tuned on, once for those that may not.

The two share no sender from outside, no matter, no place of meeting and no sentence. Data alone.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outsider:
    """Somebody who writes from outside the regency: the letterhead's lines, and the name a clerk would enter."""

    lines: tuple[str, ...]
    name: str
    number: str
    place: str
    signer: str


@dataclass(frozen=True)
class Phrases:
    """One set of words."""

    outsiders: tuple[Outsider, ...]
    matters: tuple[str, ...]
    venues: tuple[str, ...]
    sentences: tuple[str, ...]
    names: tuple[str, ...]
    streets: tuple[str, ...]


TUNED = Phrases(
    outsiders=(
        Outsider(
            ("PEMERINTAH PROVINSI BALI", "DINAS KESEHATAN"),
            "Dinas Kesehatan Provinsi Bali",
            "B.10.440/{n}/YANKES/DISKES",
            "Denpasar",
            "Kepala Dinas Kesehatan Provinsi Bali",
        ),
        Outsider(
            ("PEMERINTAH KABUPATEN GIANYAR", "DINAS PARIWISATA"),
            "Dinas Pariwisata Kabupaten Gianyar",
            "556/{n}/DISPAR",
            "Gianyar",
            "Kepala Dinas Pariwisata",
        ),
        Outsider(
            ("KEMENTERIAN AGAMA REPUBLIK INDONESIA", "KANTOR KEMENTERIAN AGAMA KABUPATEN KLUNGKUNG"),
            "Kantor Kementerian Agama Kabupaten Klungkung",
            "B-{n}/Kk.18.7/2/PP.00/{m}/{y}",
            "Semarapura",
            "Kepala",
        ),
        Outsider(
            ("UNIVERSITAS UDAYANA", "FAKULTAS TEKNIK"),
            "Fakultas Teknik Universitas Udayana",
            "{n}/UN14.2.5/PT.01.03/{y}",
            "Jimbaran",
            "Dekan",
        ),
        Outsider(
            ("PT MAJU BERSAMA NUSANTARA",),
            "PT Maju Bersama Nusantara",
            "{n}/MBN-DIR/{r}/{y}",
            "Denpasar",
            "Direktur Utama",
        ),
        Outsider(
            ("YAYASAN PELITA HARAPAN BALI",),
            "Yayasan Pelita Harapan Bali",
            "{n}/YPHB/{r}/{y}",
            "Semarapura",
            "Ketua Yayasan",
        ),
        Outsider(
            ("SEKAA TERUNA TERUNI", "DHARMA KERTI BANJAR PANDE"),
            "Sekaa Teruna Teruni Dharma Kerti Banjar Pande",
            "{n}/STT-DK/{r}/{y}",
            "Kamasan",
            "Ketua",
        ),
        Outsider(
            ("KEPOLISIAN NEGARA REPUBLIK INDONESIA", "DAERAH BALI", "RESOR KLUNGKUNG"),
            "Kepolisian Resor Klungkung",
            "B/{n}/{r}/{y}/Lantas",
            "Semarapura",
            "Kepala Kepolisian Resor",
        ),
    ),
    matters=(
        "perbaikan jalan desa",
        "peminjaman alat berat",
        "penanganan demam berdarah",
        "pembangunan jembatan gantung",
        "normalisasi sungai Unda",
        "bantuan bibit padi",
        "pengangkutan sampah pasar",
        "penerangan jalan umum",
        "pencairan alokasi dana desa",
        "rehabilitasi ruang kelas SD Negeri 1",
        "penertiban pedagang kaki lima",
        "pendataan keluarga miskin tahun {y}",
        "kekurangan tenaga puskesmas pembantu",
        "pelaksanaan festival budaya Semarapura ke-{k}",
        "evaluasi anggaran pendapatan dan belanja desa",
        "penyusunan rencana kerja perangkat daerah",
        "pemasangan rambu lalu lintas di depan sekolah",
    ),
    venues=(
        "Ruang Rapat Praja Mandala, Kantor Bupati Klungkung",
        "Balai Desa {v}",
        "Aula Dinas Kesehatan",
        "Wantilan Pura Dalem {v}",
        "Hotel Wyndham Tamansari Jivva",
        "Ruang Widya Mandala Lantai II",
        "Lapangan Puputan Klungkung",
        "Balai Banjar Pande, {v}",
    ),
    sentences=(
        "Sehubungan dengan hal tersebut di atas, kami sampaikan bahwa anggaran yang tersedia belum mencukupi.",
        "Bersama ini kami lampirkan proposal, foto lokasi dan daftar nama warga sebagai bahan pertimbangan.",
        "Kondisi ini telah berlangsung sejak tanggal 3 Januari {y} dan dikeluhkan oleh warga.",
        "Menindaklanjuti surat Kepala Dinas Perhubungan Nomor 551/77/DISHUB tanggal 2 Februari {y}.",
        "Hal ini telah dibahas dalam rapat bersama kelian banjar dan Badan Permusyawaratan Desa.",
        "Kegiatan dimaksud merupakan bagian dari rencana pembangunan jangka menengah desa.",
        "Berdasarkan Peraturan Daerah Nomor 4 Tahun 2019, pelaksanaannya menjadi tanggung jawab bersama.",
    ),
    names=(
        "I Wayan Sudira",
        "Ni Made Ratih, S.Sos.",
        "Drs. I Nyoman Arta, M.Si.",
        "I Ketut Darma, ST.",
        "dr. Ni Putu Ayu Lestari",
        "I Gede Bagus Santika",
    ),
    streets=(
        "Jalan Gajah Mada Nomor 55 Semarapura",
        "Jl. Untung Surapati No. 2 Semarapura Kode Pos 80711",
        "Jl. Raya {v}, Telp. (0366) 21115",
        "Jalan Bypass Ngurah Rai 12 Denpasar, Telepon (0361) 223344",
    ),
)

HELD_OUT = Phrases(
    outsiders=(
        Outsider(
            ("PEMERINTAH PROVINSI BALI", "BADAN PENANGGULANGAN BENCANA DAERAH"),
            "Badan Penanggulangan Bencana Daerah Provinsi Bali",
            "B.33.360/{n}/BPBD/{y}",
            "Denpasar",
            "Kepala Pelaksana",
        ),
        Outsider(
            ("PEMERINTAH KABUPATEN KARANGASEM", "KECAMATAN MANGGIS"),
            "Kecamatan Manggis Kabupaten Karangasem",
            "138/{n}/MGS/{y}",
            "Manggis",
            "Camat Manggis",
        ),
        Outsider(
            ("KEMENTERIAN PEKERJAAN UMUM", "DIREKTORAT JENDERAL SUMBER DAYA AIR", "BALAI WILAYAH SUNGAI BALI PENIDA"),
            "Balai Wilayah Sungai Bali Penida",
            "PR.01.02-Ah/{n}",
            "Denpasar",
            "Kepala Balai",
        ),
        Outsider(
            ("BADAN PUSAT STATISTIK", "KABUPATEN KLUNGKUNG"),
            "Badan Pusat Statistik Kabupaten Klungkung",
            "B-{n}/51050/VS.010/{y}",
            "Semarapura",
            "Kepala",
        ),
        Outsider(("CV BUMI SEJAHTERA",), "CV Bumi Sejahtera", "{n}/CV-BS/{m}/{y}", "Gianyar", "Direktur"),
        Outsider(
            ("SMA NEGERI 2 SEMARAPURA",), "SMA Negeri 2 Semarapura", "421.3/{n}/SMAN2", "Semarapura", "Kepala Sekolah"
        ),
        Outsider(
            ("PALANG MERAH INDONESIA", "KABUPATEN KLUNGKUNG"),
            "Palang Merah Indonesia Kabupaten Klungkung",
            "{n}/PMI-KLK/{r}/{y}",
            "Semarapura",
            "Ketua",
        ),
        Outsider(
            ("PANITIA HARI ULANG TAHUN KE-{k}", "BANJAR ADAT SENGGUAN"),
            "Panitia Hari Ulang Tahun ke-{k} Banjar Adat Sengguan",
            "{n}/PAN-HUT/{r}/{y}",
            "Semarapura",
            "Ketua Panitia",
        ),
    ),
    matters=(
        "pemasangan instalasi air minum",
        "penggunaan kendaraan operasional",
        "vaksinasi ternak babi",
        "pengerukan muara",
        "pupuk bersubsidi musim tanam kedua",
        "kebersihan pantai Watu Klotok",
        "penataan kabel udara",
        "penyaluran bantuan langsung tunai bulan ke-{k}",
        "mutasi guru agama",
        "pengamanan upacara Melasti",
        "data warga lanjut usia penerima jaminan",
        "akreditasi puskesmas",
        "lomba ogoh-ogoh tingkat kabupaten tahun {y}",
        "laporan keuangan badan usaha milik desa",
        "dokumen lingkungan hidup usaha penginapan",
        "retribusi parkir pasar umum Galiran",
    ),
    venues=(
        "Gedung Kesenian Ida Bagus Adnyana Banjarangkan",
        "Kantor Perbekel {v}",
        "Ruang Rapat Sekda Lt. 2",
        "Puri Agung Semarapura",
        "Pantai Watu Klotok",
        "Aula SMK Negeri 1 Klungkung, Jl. Kecubung",
        "Balai Budaya Ida I Dewa Agung Istri Kanya",
        "Dermaga Banjar Nyuh {v}",
    ),
    sentences=(
        "Dapat kami laporkan bahwa hingga saat ini pekerjaan baru mencapai enam puluh persen.",
        "Mengingat pentingnya acara tersebut, mohon agar tidak diwakilkan.",
        "Merujuk surat edaran Bupati Nomor 12 Tahun {y} tanggal 7 Maret {y} perihal penghematan energi.",
        "Terlampir kami kirimkan rincian kebutuhan beserta jadwal pelaksanaannya.",
        "Untuk keterangan lebih lanjut dapat menghubungi Saudara Ketut Rena pada nomor 081234567890.",
        "Warga kami yang terdampak berjumlah 214 kepala keluarga pada lima banjar.",
        "Sesuai hasil musyawarah tanggal 19 Juni {y}, kegiatan disepakati dilaksanakan secara gotong royong.",
    ),
    names=(
        "Ida Ayu Sri Utami, S.H.",
        "I Komang Yasa",
        "Ir. I Dewa Gede Raka",
        "Putu Eka Saputra, S.Kom., M.T.",
        "Ni Kadek Rai Wahyuni",
        "A.A. Gde Oka, S.E.",
    ),
    streets=(
        "Jl. Kenyeri No. 17, Semarapura Tengah 80716",
        "Jalan Puputan 10 Telp (0366) 5501234",
        "Br. Dinas {v}, email: kantor@{v}.desa.id",
        "Jln. Cok Agung Tresna Nomor 9 Renon, Laman: www.bali.id",
    ),
)
