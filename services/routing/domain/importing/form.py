"""The sheets and their columns. Invariant: one description serves reading, the empty workbook and the export."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

SheetName = Literal["unit", "jabatan", "pegawai", "penugasan"]
GUIDE = "petunjuk"
"""The sheet that explains the others; it is not read."""
KIND = "jenis"
"""The column that says of each row of a mixed file which sheet it belongs to."""
PATH = " > "


@dataclass(frozen=True)
class Column:
    """A column: its heading, the field it fills, and what may stand in it (``words``: what is written, what is meant).

    The first word for a meaning is the one that is written; others are understood.
    """

    heading: str
    field: str
    about: str
    required: bool = False
    words: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def spoken(self) -> list[str]:
        """The words that are offered, one for each meaning."""
        offered: dict[str, str] = {}
        for word, meaning in self.words.items():
            offered.setdefault(meaning, word)
        return list(offered.values())

    def word(self, meaning: str) -> str:
        """How a meaning is written."""
        return next(word for word, meant in self.words.items() if meant == meaning)


UNIT_KINDS = {
    "pimpinan": "leadership",
    "setda": "secretariat",
    "asisten": "assistant",
    "staf ahli": "expert_staff",
    "bagian": "division",
    "opd": "agency",
    "bidang": "subdivision",
    "kecamatan": "district",
    "kelurahan": "ward",
    "desa": "village",
    "pihak luar": "external",
    "sekretariat daerah": "secretariat",
    "skpd": "agency",
    "dinas": "agency",
    "badan": "agency",
    "sekretariat": "subdivision",
    "subbagian": "subdivision",
    "subbag": "subdivision",
    "seksi": "subdivision",
}
ROLES = {
    "pimpinan": "leader",
    "kepala": "head",
    "sekretaris": "secretary",
    "agendaris": "registrar",
    "staf": "officer",
    "sespri": "personal_secretary",
    "ajudan": "aide",
    "protokol": "protocol",
    "petugas agenda": "agenda_staff",
    "operator desa": "village_operator",
    "arsiparis": "archivist",
    "admin unit": "unit_admin",
    "admin kabupaten": "regency_admin",
    "pemeriksa": "auditor",
    "tu": "registrar",
    "pelaksana": "officer",
    "sekretaris pribadi": "personal_secretary",
}
CAPACITIES = {"definitif": "definitive", "plt": "plt", "plh": "plh", "pj": "pj", "pjs": "pjs"}
YES_NO = {"ya": "true", "tidak": "false"}
_CODE = "Kode singkat milik kabupaten, tidak boleh sama dengan yang lain. Tanpa kode, baris dikenali dari namanya."
_ACTIVE = "Ya atau tidak; kosong berarti ya."

SHEETS: dict[SheetName, tuple[Column, ...]] = {
    "unit": (
        Column("kode", "code", _CODE),
        Column("nama", "name", "Nama unit kerja.", required=True),
        Column("jenis_unit", "kind", "Jenis unit kerja.", required=True, words=UNIT_KINDS),
        Column("induk", "parent", "Kode unit induk, atau namanya (Setda > Dinas PU). Kosong: unit teratas."),
        Column("aktif", "active", _ACTIVE, words=YES_NO),
    ),
    "jabatan": (
        Column("kode", "code", _CODE),
        Column("nama", "title", "Nama jabatan.", required=True),
        Column("unit", "unit", "Kode unit, atau namanya (Setda > Dinas PU).", required=True),
        Column("peran", "role", "Peran jabatan dalam persuratan.", required=True, words=ROLES),
        Column(
            "atasan", "superior", "Kode jabatan atasan, atau namanya (Dinas PU > Kepala Dinas). Kosong: tanpa atasan."
        ),
        Column("aktif", "active", _ACTIVE, words=YES_NO),
    ),
    "pegawai": (
        Column("kode", "code", "Kode pegawai, bagi yang tidak memiliki NIP."),
        Column("nama", "name", "Nama lengkap dengan gelar.", required=True),
        Column("nip", "nip", "NIP, 18 angka. Format sel harus teks."),
        Column("pangkat", "rank", "Pangkat dan golongan, seperti tercetak: Pembina Utama Muda (IV/c)."),
    ),
    "penugasan": (
        Column("pegawai", "person", "NIP, kode atau nama pegawai.", required=True),
        Column("jabatan", "position", "Kode jabatan, atau namanya (Dinas PU > Kepala Dinas).", required=True),
        Column("kedudukan", "capacity", "Kosong berarti definitif.", words=CAPACITIES),
        Column("mulai", "starts_on", "Tanggal mulai: 2026-03-01 atau 01/03/2026.", required=True),
        Column("selesai", "ends_on", "Tanggal terakhir berlaku. Kosong: tanpa batas; bagi Plh. wajib diisi."),
        Column("dasar_hukum", "legal_basis", "Nomor dan tanggal surat keputusan; wajib bagi selain definitif."),
    ),
}


def plain(text: str) -> str:
    """Text as it is compared: small letters, single spaces, no underscores."""
    return " ".join(text.replace("_", " ").casefold().split())


def column_of(sheet: SheetName, field_name: str) -> Column | None:
    """The column that fills a field."""
    return next((one for one in SHEETS[sheet] if one.field == field_name), None)


def sheet_called(name: str) -> SheetName | None:
    """The sheet with this name, however it is written."""
    return next((sheet for sheet in SHEETS if sheet == plain(name)), None)
