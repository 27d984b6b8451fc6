"""What people call the fields of a letter's entry in the register. Invariant: pure, and for every field that can be
corrected; one that is not known here keeps the name it was told under.
"""

FIELD_NAMES = {
    "kind": "Jenis naskah",
    "category": "Kategori",
    "urgency": "Sifat penyampaian",
    "confidentiality": "Sifat kerahasiaan",
    "subject": "Perihal",
    "summary": "Ringkasan",
    "letter_number": "Nomor surat",
    "letter_date": "Tanggal surat",
    "received_on": "Tanggal terima",
    "sender": "Pengirim",
    "occasion": "Acara",
    "classification": "Klasifikasi",
}


def field_name(field: str) -> str:
    """What people call the field."""
    return FIELD_NAMES.get(field, field)
