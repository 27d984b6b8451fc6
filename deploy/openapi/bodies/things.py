"""Ids and words the examples share."""

from deploy.demo.organisation import demo_id, seat, unit_id

LETTER = "019cabe3-aa18-7adf-b016-39ce2e0766e0"
OTHER_LETTER = "019cabc2-cfc8-7e0b-9c86-1d0f2ab45c11"
SCAN = "019cabe3-9f04-7c55-8d1e-6a2b90c3d4e5"
OTHER_SCAN = "019cabe3-9f66-7d0a-9b3c-1f2e3d4c5b6a"
BRANCH = "019cabe3-b1c2-7b8e-a4d5-0c9f8e7d6b5a"
DISPOSITION = "019cabf4-b5d4-7dc6-9efd-72e002abbb35"
RECIPIENT = "019cabf4-b5d5-7eb3-900c-485f79e57828"
PIECE = "019cabf9-1d2c-7a3b-8c4d-5e6f7a8b9c0d"
OTHER_PIECE = "019cabf9-1d9e-7b4c-9d5e-6f7a8b9c0d1e"
NEW_UNIT = "019cac10-7e21-7f3a-9c55-2b4d6f8a0c1e"
NIP = "198504172010011003"

AGENCY = unit_id("dinas-pu")
BUREAU = unit_id("bina-marga")
DISTRICT = unit_id("nusa-penida")
VILLAGE = unit_id("sekartaji")
OTHER_VILLAGE = unit_id("batununggul")
REGENT = seat("bupati")
HEAD = seat("kadis.pu")
SECRETARY = seat("sekdis.pu")
BUREAU_HEAD = seat("kabid.bm")
REGISTRAR = seat("tu.pu")
OPERATOR = seat("desa.sekartaji")
RULE = demo_id("rule", "alat-berat")

SUBJECT = "Permohonan peminjaman alat berat untuk perbaikan jalan longsor"
NUMBER = "005/12/SKT/III/2026"
KIND = "Surat Permohonan"
