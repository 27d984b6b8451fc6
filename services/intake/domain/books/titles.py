"""What books are called. Invariant: a book of practice is never called like a real one."""

from services.intake.domain.agenda import TRAINING

_USUAL = {"masuk": "Surat Masuk", "keluar": "Surat Keluar", "internal": "Surat Internal"}


def title_of(book: str) -> str:
    """``Buku Agenda Surat Masuk``."""
    name = book.removeprefix(TRAINING)
    title = f"Buku Agenda {_USUAL.get(name, name.replace('-', ' ').replace('_', ' ').title())}"
    return f"{title} (Latihan)" if book != name else title
