"""Pages written by hand for tests: lines of text with the places of their words, as if they had been recognised."""

from collections.abc import Iterator, Sequence

from services.intake.domain.suggestions.directory import Directory
from services.intake.domain.suggestions.labels import Sheet
from services.intake.domain.suggestions.read_letter import read_letter
from services.intake.domain.suggestions.rows import rows_of
from services.intake.domain.suggestions.suggested import Suggestions
from services.intake.domain.words import PageWords, Word
from tests.intake.suggestions.measuring import ZONE, directory

WIDTH, HEIGHT = 595.0, 842.0
LETTER, LINE = 6.0, 16.0
"""How wide a letter is and how far apart lines are, in points; words are 11 points high."""
_DIRECTORY = directory()


def page(text: str, number: int = 1, *, lean: float = 0.0) -> PageWords:
    """A page of these lines; spaces count, so columns can be drawn. ``lean``: how much lines fall towards the right."""
    return PageWords(number, WIDTH, HEIGHT, tuple(_words(text.strip("\n").split("\n"), lean)))


def _words(lines: Sequence[str], lean: float) -> Iterator[Word]:
    for row, line in enumerate(lines):
        at = 0
        for part in line.split(" "):
            if part:
                left = 40 + at * LETTER
                top = 50 + row * LINE + lean * left
                right = left + len(part) * LETTER - 1
                yield Word(part, left / WIDTH, top / HEIGHT, right / WIDTH, (top + 11) / HEIGHT)
            at += len(part) + 1


def sheet(text: str) -> Sheet:
    """The same as rows."""
    return Sheet(rows_of(page(text)))


def read(*texts: str, known: Directory | None = None, lean: float = 0.0) -> Suggestions:
    """What is suggested for a letter of these pages, in the invented regency."""
    pages = [page(text, number, lean=lean) for number, text in enumerate(texts, 1)]
    return read_letter(pages, known or _DIRECTORY, ZONE)


INVITATION = """
             PEMERINTAH KABUPATEN KLUNGKUNG
                   DINAS PERHUBUNGAN
            Jalan Gajah Mada Nomor 55 Semarapura

                                              Semarapura, 12 Mei 2025
Nomor    : 005/117/DISHUB/V/2025              Kepada
Sifat    : Segera                             Yth. Kepala Dinas Kesehatan
Lampiran : -                                       Kabupaten Klungkung
Hal      : Undangan rapat penataan                 di Semarapura
           parkir pasar

Dengan hormat,
Sehubungan dengan surat Bupati tanggal 3 Januari 2025, kami mengundang:
     Hari/tanggal : Senin, 19 Mei 2025
     Pukul        : 09.00 WITA s.d. selesai
     Tempat       : Ruang Rapat Praja Mandala
Demikian disampaikan.
                                              Kepala Dinas Perhubungan,

                                              I Wayan Sudira
Tembusan:
1. Camat Dawan
2. Arsip
"""
