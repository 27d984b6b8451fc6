"""How letters shorten names of offices and titles. Data alone: what is usual in the country, not in one regency."""

TITLES: dict[str, str] = {
    "kadis": "kepala dinas", "kaban": "kepala badan", "kabag": "kepala bagian", "kabid": "kepala bidang",
    "kasubag": "kepala subbagian", "kasubbag": "kepala subbagian", "kasi": "kepala seksi", "ka": "kepala",
    "kalak": "kepala pelaksana", "kasat": "kepala satuan", "sekda": "sekretaris daerah", "sekwan": "sekretaris dprd",
    "sekdis": "sekretaris dinas", "wabup": "wakil bupati", "kades": "kepala desa", "kel": "kelurahan",
    "kec": "kecamatan", "kab": "kabupaten", "prov": "provinsi", "ds": "desa", "setda": "sekretariat daerah",
    "setwan": "sekretariat dprd", "kadinsos": "kepala dinas sosial", "kadishub": "kepala dinas perhubungan",
    "kadiskes": "kepala dinas kesehatan", "kadisdik": "kepala dinas pendidikan",
    "kasatpol": "kepala satuan polisi pamong praja", "kesekretariatan": "sekretariat",
}  # fmt: skip
OFFICES: dict[str, str] = {
    "dinkes": "dinas kesehatan", "diskes": "dinas kesehatan", "disdik": "dinas pendidikan",
    "dikpora": "pendidikan kepemudaan olahraga", "disdikpora": "dinas pendidikan kepemudaan olahraga",
    "dispora": "dinas kepemudaan olahraga", "dinsos": "dinas sosial", "dishub": "dinas perhubungan",
    "dispar": "dinas pariwisata", "disparbud": "dinas pariwisata kebudayaan", "disbud": "dinas kebudayaan",
    "kominfo": "komunikasi informatika", "diskominfo": "dinas komunikasi informatika",
    "dukcapil": "kependudukan pencatatan sipil", "disdukcapil": "dinas kependudukan pencatatan sipil",
    "distan": "dinas pertanian", "diskan": "dinas perikanan", "dislautkan": "dinas kelautan perikanan",
    "diskop": "dinas koperasi", "diskopukm": "dinas koperasi usaha kecil menengah", "ukm": "usaha kecil menengah",
    "disperindag": "dinas perindustrian perdagangan", "disnaker": "dinas tenaga kerja",
    "disperpusip": "dinas perpustakaan kearsipan", "disperkim": "dinas perumahan kawasan permukiman",
    "perkim": "perumahan kawasan permukiman", "pu": "pekerjaan umum", "pupr": "pekerjaan umum penataan ruang",
    "damkar": "pemadam kebakaran", "bappeda": "badan perencanaan pembangunan daerah",
    "bapperida": "badan perencanaan pembangunan riset inovasi daerah", "bapenda": "badan pendapatan daerah",
    "kesbangpol": "kesatuan bangsa politik", "bakesbangpol": "badan kesatuan bangsa politik",
    "satpol": "satuan polisi pamong praja", "pp": "pamong praja", "prokopim": "protokol komunikasi pimpinan",
    "kesra": "kesejahteraan rakyat", "ekbang": "perekonomian pembangunan", "tapem": "tata pemerintahan",
    "inspektur": "inspektorat", "direktur": "", "ukpbj": "pengadaan barang jasa", "dewan": "dprd",
}  # fmt: skip
EMPTY = frozenset(
    {"dan", "serta", "di", "dari", "pada", "yth", "yang", "terhormat", "bapak", "bpk", "ibu", "sdr", "saudara",
     "plt", "plh", "pj", "pjs", "kepada", "cq", "up", "para", "se", "kepala", "camat", "lurah", "perbekel", "an"}
)  # fmt: skip
"""What tells no unit from another. Titles are among it: they tell of what kind it is."""
KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("perbekel", frozenset({"village"})), ("kepala desa", frozenset({"village"})), ("desa", frozenset({"village"})),
    ("camat", frozenset({"district"})), ("kecamatan", frozenset({"district"})),
    ("lurah", frozenset({"ward"})), ("kelurahan", frozenset({"ward"})),
    ("wakil bupati", frozenset({"leadership"})), ("bupati", frozenset({"leadership"})),
    ("wali kota", frozenset({"leadership"})), ("walikota", frozenset({"leadership"})),
    ("asisten", frozenset({"assistant"})), ("kepala bagian", frozenset({"division", "subdivision"})),
    ("kepala bidang", frozenset({"subdivision"})), ("kepala seksi", frozenset({"subdivision"})),
    ("kepala dinas", frozenset({"agency"})), ("dinas", frozenset({"agency"})), ("kepala badan", frozenset({"agency"})),
    ("sekretaris daerah", frozenset({"secretariat"})), ("sekretariat daerah", frozenset({"secretariat"})),
)  # fmt: skip
"""Of which kinds a unit is that is written to in these words; the first that a text begins with decides."""
