"""How what stands on a sheet is called. Invariant: in the words of the forms that clerks know."""

from services.intake.domain.batches.sheet import SheetDefaults

_VALUES: dict[str, dict[str, str]] = {
    "direction": {"incoming": "Surat masuk", "outgoing": "Surat keluar", "internal": "Surat internal"},
    "category": {"invitation": "Undangan", "request": "Permohonan", "report": "Laporan", "other": "Lainnya"},
    "urgency": {"very_urgent": "Sangat segera", "urgent": "Segera", "normal": "Biasa"},
    "confidentiality": {
        "top_secret": "Sangat rahasia",
        "secret": "Rahasia",
        "restricted": "Terbatas",
        "ordinary": "Biasa",
    },
}
_LABELS = {"direction": "Arah", "category": "Kategori", "urgency": "Kecepatan", "confidentiality": "Keamanan"}


def labelled(defaults: SheetDefaults, addressee: str | None) -> list[list[str]]:
    """Label and value of each default that is given, in the order of the form."""
    rows = [["Jenis naskah", defaults.kind or ""], ["Tujuan", addressee or ""]]
    for name, label in _LABELS.items():
        rows.append([label, _VALUES[name].get(getattr(defaults, name) or "", "")])
    return [row for row in rows if row[1]]
