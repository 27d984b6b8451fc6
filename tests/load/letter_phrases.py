"""What the invented regency writes about. Data alone: agencies with their matters, and the matters several share."""

AGENCIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "pu": (
        "600",
        (
            "perbaikan jalan rusak",
            "peminjaman alat berat",
            "pembangunan jembatan",
            "normalisasi sungai",
            "perbaikan saluran drainase",
            "penanganan gorong-gorong tersumbat",
            "pengaspalan jalan lingkungan",
            "perbaikan bendung irigasi",
        ),
    ),
    "dinkes": (
        "400",
        (
            "penanganan demam berdarah",
            "imunisasi balita",
            "kekurangan tenaga puskesmas",
            "pengobatan gratis",
            "pengadaan obat-obatan",
            "pemeriksaan kesehatan jemaah",
            "ambulans desa",
            "akreditasi puskesmas",
        ),
    ),
    "disdik": (
        "400",
        (
            "kekurangan guru sekolah dasar",
            "rehabilitasi ruang kelas",
            "penerimaan siswa baru",
            "lomba siswa berprestasi",
            "bantuan operasional sekolah",
            "mutasi guru",
            "perpustakaan sekolah",
            "kegiatan pendidikan anak usia dini",
        ),
    ),
    "pmd": (
        "100",
        (
            "evaluasi anggaran desa",
            "pemilihan perbekel",
            "pembinaan badan usaha milik desa",
            "pengangkatan perangkat desa",
            "penetapan batas desa",
            "lomba desa",
            "pencairan alokasi dana desa",
            "musyawarah desa",
        ),
    ),
    "dinsos": (
        "400",
        (
            "data keluarga miskin",
            "bantuan sembako",
            "penanganan orang terlantar",
            "bantuan penyandang disabilitas",
            "perbaikan data kesejahteraan",
            "rehabilitasi sosial lansia",
            "program keluarga harapan",
        ),
    ),
    "bpbd": (
        "300",
        (
            "penanganan tanah longsor",
            "bantuan korban bencana",
            "peringatan dini tsunami",
            "simulasi gempa bumi",
            "pemadaman kebakaran",
            "sarana penanggulangan kebakaran",
            "tanggap darurat banjir",
        ),
    ),
    "pertanian": (
        "500",
        (
            "bantuan bibit padi",
            "pupuk bersubsidi",
            "serangan hama wereng",
            "vaksinasi ternak",
            "kelompok tani",
            "gagal panen jagung",
            "penyuluh pertanian lapangan",
        ),
    ),
    "dlh": (
        "600",
        (
            "pengangkutan sampah",
            "pencemaran sungai oleh limbah",
            "penebangan pohon perindang",
            "bank sampah",
            "dokumen lingkungan hidup",
            "kebersihan pantai",
        ),
    ),
    "dishub": (
        "500",
        (
            "pemasangan rambu lalu lintas",
            "penerangan jalan umum",
            "dermaga penyeberangan",
            "uji kendaraan bermotor",
            "penertiban parkir liar",
            "angkutan siswa",
        ),
    ),
    "pariwisata": (
        "500",
        (
            "festival budaya",
            "pengembangan desa wisata",
            "promosi objek wisata",
            "pungutan retribusi wisatawan",
            "pelatihan pemandu wisata",
            "pentas kesenian",
        ),
    ),
    "dukcapil": (
        "400",
        (
            "perekaman kartu tanda penduduk",
            "penerbitan akta kelahiran",
            "pindah datang penduduk",
            "kartu identitas anak",
            "pelayanan keliling administrasi kependudukan",
        ),
    ),
    "bkpsdm": (
        "800",
        (
            "usul kenaikan pangkat",
            "cuti pegawai",
            "pengangkatan pegawai kontrak",
            "pensiun pegawai",
            "diklat kepemimpinan",
            "formasi calon pegawai",
        ),
    ),
    "bpkad": (
        "900",
        (
            "pencairan hibah",
            "laporan barang milik daerah",
            "rekonsiliasi keuangan",
            "pinjam pakai gedung",
            "pembayaran gaji",
            "penghapusan kendaraan dinas",
        ),
    ),
    "bappeda": (
        "000",
        (
            "musyawarah perencanaan pembangunan",
            "usulan rencana kerja",
            "evaluasi rencana pembangunan jangka menengah",
            "penelitian dan pengembangan inovasi",
            "data indikator pembangunan",
        ),
    ),
    "satpol": (
        "300",
        (
            "penertiban pedagang kaki lima",
            "pengamanan upacara",
            "penertiban bangunan liar",
            "pelanggaran peraturan daerah",
            "anggota linmas",
        ),
    ),
    "kominfo": (
        "500",
        (
            "gangguan jaringan internet",
            "pembuatan laman resmi",
            "pemasangan menara telekomunikasi",
            "keterbukaan informasi publik",
            "tanda tangan elektronik",
        ),
    ),
    "koperasi": (
        "500",
        (
            "pendirian koperasi",
            "rapat anggota tahunan koperasi",
            "bantuan usaha mikro",
            "revitalisasi pasar rakyat",
            "tera ulang timbangan",
        ),
    ),
    "perizinan": (
        "500",
        (
            "izin mendirikan bangunan",
            "nomor induk berusaha",
            "izin praktik dokter",
            "izin keramaian usaha",
        ),
    ),
    "perikanan": (
        "500",
        (
            "bantuan jaring nelayan",
            "budidaya rumput laut",
            "perahu nelayan rusak",
            "kartu pelaku usaha kelautan",
        ),
    ),
    "naker": (
        "500",
        ("pelatihan kerja", "perselisihan hubungan industrial", "penempatan tenaga kerja luar negeri", "upah minimum"),
    ),
    "kesbangpol": (
        "200",
        ("izin penelitian mahasiswa", "pendaftaran organisasi kemasyarakatan", "wawasan kebangsaan", "bantuan partai"),
    ),
    "inspektorat": (
        "700",
        ("tindak lanjut hasil pemeriksaan", "pengaduan penyimpangan dana", "reviu laporan keuangan"),
    ),
    "arsip": ("000", ("pemusnahan arsip", "perpustakaan keliling", "pembinaan kearsipan")),
    "dppkb": ("400", ("kampung keluarga berencana", "kader posyandu", "pencegahan pernikahan dini")),
    "perkim": ("600", ("rumah tidak layak huni", "sertifikat tanah kas desa", "permukiman kumuh")),
    "pemuda": ("400", ("turnamen bola voli antar pemuda", "seleksi paskibraka", "lapangan olahraga")),
    "setda": ("000", ("fasilitasi produk hukum", "rapat pimpinan daerah", "kerja sama daerah", "protokol acara")),
}
"""Per agency its classification and the matters that are its own."""

SHARED: dict[str, dict[str, float]] = {
    "penanganan longsor pada ruas jalan": {"pu": 0.5, "bpbd": 0.5},
    "perbaikan senderan jebol akibat banjir": {"pu": 0.55, "bpbd": 0.35, "perkim": 0.1},
    "penurunan stunting": {"dinkes": 0.5, "dppkb": 0.3, "pmd": 0.2},
    "dana desa": {"pmd": 0.7, "bpkad": 0.2, "inspektorat": 0.1},
    "bantuan bibit": {"pertanian": 0.7, "perikanan": 0.3},
    "pembangunan gedung sekolah": {"disdik": 0.65, "pu": 0.35},
    "pembangunan puskesmas pembantu": {"dinkes": 0.6, "pu": 0.4},
    "air bersih": {"pu": 0.6, "perkim": 0.25, "bpbd": 0.15},
    "penataan pedagang pasar": {"koperasi": 0.6, "satpol": 0.4},
    "sampah di objek wisata": {"dlh": 0.6, "pariwisata": 0.4},
    "bangunan tanpa izin": {"satpol": 0.5, "perizinan": 0.3, "pu": 0.2},
    "penerangan jalan desa": {"dishub": 0.7, "pu": 0.3},
    "bantuan korban kebakaran rumah": {"dinsos": 0.5, "bpbd": 0.5},
    "beasiswa siswa miskin": {"disdik": 0.6, "dinsos": 0.4},
    "penyelenggaraan festival": {"pariwisata": 0.7, "pemuda": 0.15, "koperasi": 0.15},
    "jaringan irigasi sawah": {"pu": 0.5, "pertanian": 0.5},
    "perahu penyeberangan": {"dishub": 0.6, "perikanan": 0.4},
    "honor perangkat desa": {"pmd": 0.75, "bpkad": 0.25},
    "pelatihan kader": {"dinkes": 0.4, "dppkb": 0.4, "pmd": 0.2},
    "aplikasi pelayanan desa": {"kominfo": 0.6, "pmd": 0.4},
    "lapangan upacara": {"pemuda": 0.5, "disdik": 0.3, "pu": 0.2},
    "laporan kinerja": {"setda": 0.5, "bappeda": 0.3, "inspektorat": 0.2},
}
"""Matters that go to one or another, and nobody can tell which from the letter."""

GENERAL = (
    "rapat koordinasi",
    "audiensi",
    "bantuan dana",
    "kegiatan rutin",
    "data dan informasi",
    "narasumber",
    "peminjaman tempat",
    "upacara piodalan",
)

TEMPLATES: tuple[tuple[str, str, str, float], ...] = (
    ("Surat Permohonan", "request", "Permohonan {matter}", 5),
    ("Surat Permohonan", "request", "Mohon {matter} di {village}", 4),
    ("Surat Dinas", "request", "Usulan {matter} {village} tahun {year}", 3),
    ("Surat Dinas", "other", "Penyampaian {matter}", 2),
    ("Laporan", "report", "Laporan {matter} bulan {month} {year}", 3),
    ("Surat Undangan", "invitation", "Undangan rapat pembahasan {matter}", 3),
    ("Surat Undangan", "invitation", "Undangan kegiatan {matter} di {village}", 2),
    ("Surat Pengantar", "other", "Pengantar berkas {matter} {village}", 1),
    ("Nota Dinas", "other", "Tindak lanjut {matter}", 1),
)

MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober")

VILLAGES: dict[str, tuple[str, ...]] = {
    "nusa-penida": ("sekartaji", "batukandik", "batununggul", "ped", "suana", "lembongan", "jungutbatu", "tanglad"),
    "banjarangkan": ("aan", "bakas", "getakan", "nyalian", "takmung", "tusan", "timuhun", "bungbungan"),
    "klungkung": ("akah", "gelgel", "jumpai", "kamasan", "manduang", "satra", "selat", "tangkas"),
    "dawan": ("besan", "dawan kaler", "gunaksa", "kusamba", "paksebali", "pesinggahan", "pikat", "sampalan"),
}
"""Villages by district."""

OUTSIDERS = (
    "PT Maju Bersama",
    "Universitas Udayana",
    "Dinas PU Provinsi",
    "Balai Wilayah Sungai",
    "Badan Pusat Statistik",
    "Bank Pembangunan Daerah",
    "Yayasan Pelita",
    "Karang Taruna",
    "Kementerian Dalam Negeri",
)

SENTENCES = (
    "Sehubungan dengan hal tersebut kami sampaikan bahwa anggaran yang tersedia belum mencukupi.",
    "Kegiatan dimaksud direncanakan bertempat di balai banjar dan dihadiri tokoh masyarakat.",
    "Bersama ini kami lampirkan proposal, foto lokasi dan daftar nama warga.",
    "Kondisi ini telah berlangsung sejak musim hujan dan dikeluhkan oleh warga.",
    "Hal ini telah dibahas dalam rapat bersama kelian dan badan permusyawaratan.",
    "Besar harapan kami agar hal ini mendapat perhatian sebagaimana mestinya.",
    "Narahubung kegiatan adalah sekretaris desa melalui nomor telepon kantor.",
)
"""What stands in any letter."""
