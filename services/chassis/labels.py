"""What people call the fields of forms. Invariant: for reading alone; programs go by ``field``, which is never renamed.

A field without a label here is told by its own name. The labels are those of sign-in, accounts and letters, which
people fill in themselves.
"""

LABELS = {
    "username": "nama pengguna",
    "password": "kata sandi",
    "old_password": "kata sandi lama",
    "new_password": "kata sandi baru",
    "second_factor_code": "kode verifikasi dua langkah",
    "name": "nama",
    "roles": "peran",
    "person_id": "pegawai",
    "reason": "alasan",
    "direction": "arah surat",
    "kind": "jenis",
    "category": "kategori",
    "urgency": "kesegeraan",
    "confidentiality": "kerahasiaan",
    "subject": "perihal",
    "summary": "ringkasan",
    "letter_number": "nomor surat",
    "letter_date": "tanggal surat",
    "classification": "klasifikasi",
    "received_on": "tanggal diterima",
    "sender": "pengirim",
    "addressees": "tujuan",
    "copies": "tembusan",
}
FORMS = {"username": "hanya huruf, angka, titik, garis bawah dan tanda hubung, diawali huruf atau angka"}
"""Of a field with a pattern: what it allows."""


def label_of(path: str) -> str:
    """What the field at the end of a path is called: ``roles.0`` is one of ``roles``."""
    named = [part for part in path.split(".") if not part.isdigit()]
    return LABELS.get(named[-1], path) if named else path


def form_of(path: str) -> str | None:
    """What the field allows; None where no more is to be said than that it does not fit."""
    return FORMS.get(path.rpartition(".")[2])
