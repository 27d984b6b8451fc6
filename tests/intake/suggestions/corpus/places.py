"""The invented regency the letters go through, with the names people write for its units. Data alone.

The regency is called Klungkung, as in the demo; what units it has is made up, with names that resemble each other on
purpose: agencies of the province bear the same ones, and a village is called like a part of a district.
"""

from dataclasses import dataclass

from services.contracts.routing import PositionChanged, UnitChanged


@dataclass(frozen=True)
class Place:
    """A unit, the title of who heads it, and the shorter ways in which letters address them."""

    key: str
    name: str
    kind: str
    head: str
    shorter: tuple[str, ...] = ()


def _agency(key: str, name: str, *shorter: str) -> Place:
    return Place(key, name, "agency", f"Kepala {name}", shorter)


def _village(name: str) -> Place:
    return Place(f"desa-{name.lower().replace(' ', '-')}", f"Desa {name}", "village", f"Perbekel {name}")


def _district(name: str) -> Place:
    return Place(f"kec-{name.lower().replace(' ', '-')}", f"Kecamatan {name}", "district", f"Camat {name}")


PLACES: tuple[Place, ...] = (
    Place("bupati", "Bupati Klungkung", "leadership", "Bupati Klungkung", ("Bapak Bupati Klungkung",)),
    Place("wabup", "Wakil Bupati Klungkung", "leadership", "Wakil Bupati Klungkung"),
    Place("setda", "Sekretariat Daerah", "secretariat", "Sekretaris Daerah", ("Sekda Kabupaten Klungkung", "Sekda")),
    Place("asisten-1", "Asisten Pemerintahan dan Kesejahteraan Rakyat", "assistant", "Asisten Pemerintahan dan Kesra"),
    Place("asisten-2", "Asisten Perekonomian dan Pembangunan", "assistant", "Asisten Perekonomian dan Pembangunan"),
    Place("setwan", "Sekretariat DPRD", "secretariat", "Sekretaris DPRD", ("Sekretaris Dewan",)),
    Place("bag-umum", "Bagian Umum", "division", "Kepala Bagian Umum", ("Kabag Umum",)),
    Place("bag-hukum", "Bagian Hukum", "division", "Kepala Bagian Hukum", ("Kabag. Hukum Setda",)),
    Place(
        "bag-prokopim",
        "Bagian Protokol dan Komunikasi Pimpinan",
        "division",
        "Kepala Bagian Protokol dan Komunikasi Pimpinan",
        ("Kabag Prokopim",),
    ),
    Place("bag-organisasi", "Bagian Organisasi", "division", "Kepala Bagian Organisasi"),
    _agency(
        "pu",
        "Dinas Pekerjaan Umum, Penataan Ruang, Perumahan dan Kawasan Permukiman",
        "Kepala Dinas PUPRPKP",
        "Kepala Dinas Pekerjaan Umum dan Penataan Ruang",
        "Kadis PU",
    ),
    _agency("dinkes", "Dinas Kesehatan", "Kadis Kesehatan", "Kepala Dinkes"),
    _agency("disdik", "Dinas Pendidikan, Kepemudaan dan Olahraga", "Kepala Dinas Pendidikan", "Kepala Disdikpora"),
    _agency(
        "pmd",
        "Dinas Pemberdayaan Masyarakat dan Desa, Pengendalian Penduduk dan Keluarga Berencana",
        "Kepala Dinas PMDPPKB",
        "Kepala Dinas Pemberdayaan Masyarakat dan Desa",
    ),
    _agency("dinsos", "Dinas Sosial, Pemberdayaan Perempuan dan Perlindungan Anak", "Kepala Dinas Sosial", "Kadinsos"),
    _agency("dlh", "Dinas Lingkungan Hidup dan Pertanahan", "Kepala DLHP", "Kepala Dinas Lingkungan Hidup"),
    _agency("dishub", "Dinas Perhubungan", "Kadishub", "Kepala Dishub"),
    _agency("pariwisata", "Dinas Pariwisata", "Kadis Pariwisata", "Kepala Dispar"),
    _agency("kebudayaan", "Dinas Kebudayaan", "Kadis Kebudayaan"),
    _agency("kominfo", "Dinas Komunikasi dan Informatika", "Kepala Diskominfo", "Kadis Kominfo"),
    _agency("dukcapil", "Dinas Kependudukan dan Pencatatan Sipil", "Kepala Disdukcapil", "Kadis Dukcapil"),
    _agency("pertanian", "Dinas Pertanian", "Kadis Pertanian"),
    _agency("perikanan", "Dinas Ketahanan Pangan dan Perikanan", "Kepala DKPP", "Kepala Dinas Perikanan"),
    _agency("koperasi", "Dinas Koperasi, Usaha Kecil Menengah dan Perdagangan", "Kepala Dinas Koperasi UKM"),
    _agency("perizinan", "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", "Kepala DPMPTSP"),
    _agency("arsip", "Dinas Perpustakaan dan Kearsipan", "Kadis Perpustakaan dan Kearsipan"),
    _agency("bpbd", "Badan Penanggulangan Bencana Daerah", "Kepala Pelaksana BPBD", "Kalak BPBD"),
    _agency("bkpsdm", "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia", "Kepala BKPSDM"),
    _agency("bpkpd", "Badan Pengelolaan Keuangan dan Pendapatan Daerah", "Kepala BPKPD"),
    _agency("bappeda", "Badan Perencanaan Pembangunan Daerah", "Kepala Bappeda"),
    _agency("kesbangpol", "Badan Kesatuan Bangsa dan Politik", "Kepala Badan Kesbangpol", "Kaban Kesbangpol"),
    Place("inspektorat", "Inspektorat Daerah", "agency", "Inspektur Daerah", ("Inspektur Kabupaten Klungkung",)),
    Place("satpol", "Satuan Polisi Pamong Praja", "agency", "Kepala Satuan Polisi Pamong Praja", ("Kasatpol PP",)),
    Place("rsud", "Rumah Sakit Umum Daerah", "agency", "Direktur Rumah Sakit Umum Daerah", ("Direktur RSUD",)),
    Place("bina-marga", "Bidang Bina Marga", "subdivision", "Kepala Bidang Bina Marga", ("Kabid Bina Marga",)),
    Place("cipta-karya", "Bidang Cipta Karya", "subdivision", "Kepala Bidang Cipta Karya"),
    *map(_district, ("Klungkung", "Dawan", "Banjarangkan", "Nusa Penida")),
    Place("kel-klod", "Kelurahan Semarapura Klod", "ward", "Lurah Semarapura Klod"),
    Place("kel-kelod-kangin", "Kelurahan Semarapura Klod Kangin", "ward", "Lurah Semarapura Klod Kangin"),
    Place("kel-kaja", "Kelurahan Semarapura Kaja", "ward", "Lurah Semarapura Kaja"),
    Place("kel-tengah", "Kelurahan Semarapura Tengah", "ward", "Lurah Semarapura Tengah"),
    *map(
        _village,
        (
            "Sekartaji",
            "Batununggul",
            "Batukandik",
            "Ped",
            "Suana",
            "Lembongan",
            "Jungutbatu",
            "Tanglad",
            "Aan",
            "Bakas",
            "Getakan",
            "Nyalian",
            "Takmung",
            "Tusan",
            "Timuhun",
            "Bungbungan",
            "Akah",
            "Gelgel",
            "Jumpai",
            "Kamasan",
            "Manduang",
            "Satra",
            "Selat",
            "Tangkas",
            "Besan",
            "Dawan Kaler",
            "Dawan Klod",
            "Gunaksa",
            "Kusamba",
            "Paksebali",
            "Pesinggahan",
            "Pikat",
            "Sampalan Klod",
            "Sampalan Tengah",
        ),
    ),
)
BY_KEY = {place.key: place for place in PLACES}


def units() -> tuple[UnitChanged, ...]:
    """The units as the service knows them; their keys are their ids."""
    return tuple(UnitChanged(unit_id=one.key, name=one.name, kind=one.kind) for one in PLACES)


def heads() -> tuple[PositionChanged, ...]:
    """Who heads them."""
    return tuple(
        PositionChanged(
            position_id=f"head-{one.key}",
            title=one.head,
            unit_id=one.key,
            unit_name=one.name,
            unit_kind=one.kind,
            role="leader" if one.kind == "leadership" else "head",
        )
        for one in PLACES
    )
