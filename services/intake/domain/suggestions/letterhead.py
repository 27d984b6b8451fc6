"""Who a letter is from, by its head. Invariant: an office of another government is never taken for the regency's own.

``PEMERINTAH PROVINSI BALI / DINAS KESEHATAN`` is not the regency's Dinas Kesehatan, though the second line is the same.
"""

import re
from collections.abc import Sequence

from services.intake.domain.suggestions.directory import Directory, Match
from services.intake.domain.suggestions.labels import Field, Sheet, bare_value
from services.intake.domain.suggestions.names import titled
from services.intake.domain.suggestions.rows import Span, joined
from services.intake.domain.suggestions.spelling import folded, resemblance
from services.intake.domain.suggestions.suggested import Named, Suggested
from services.intake.domain.suggestions.titles import title_in

ROWS = 9
"""A head has no more rows than that."""
ASIDE = 12.0
"""How far from the left, in heights, a column of labels beside the head begins at least."""
_ADDRESS = re.compile(
    r"\b(?:jalan|jl|jln|telp|telepon|tlp|fax|faks|faksimile|kode ?pos|email|e mail|website|laman|www|http|br|"
    r"surel|hp|wa|kotak pos|po box|alamat|sekretariat jl)\b|@|\b\d{5}\b"
)
_GOVERNMENT = re.compile(r"^pemerintah\w*\s+(?P<level>kabupaten|kab|provinsi|prov|kota)\s+(?P<name>.+)$")
_REST = re.compile(r"^(?:kabupaten|kab|kota|provinsi|prov|daerah|republik)\b")
_OFFICE = re.compile(
    r"^(?:kantor|balai|dinas|badan|direktorat|fakultas|universitas|biro|bagian|pengadilan|kejaksaan|loka|unit|"
    r"sekretariat|cabang|dewan|lembaga|kecamatan|kelurahan|desa|rumah sakit|puskesmas|uptd?|bidang|sekolah)\b"
)


def sender(sheet: Sheet, fields: Sequence[Field], directory: Directory) -> Suggested[Named] | None:
    """By the row ``Dari`` of a memorandum, else by the head."""
    for field in fields:
        if field.label == "from" and field.colon and field.row < 25:
            text = bare_value(field.value.text)
            if match := directory.find(text):
                return Suggested(match.unit, 0.95 * match.confidence, field.value.spot, text)
    lines = _head(sheet, fields)
    return _of_head(lines, directory) if lines else None


def _head(sheet: Sheet, fields: Sequence[Field]) -> list[Span]:
    """The rows that name the office: until its address, a label, a date or a title."""
    found: list[Span] = []
    left = min(row.x for row in sheet.rows[:ROWS])
    for whole in sheet.rows[:ROWS]:
        row = _beside_labels(whole, left, fields)
        if row is None:
            continue
        text = folded(row.text)
        if not row.words or _ADDRESS.search(text) or title_in(row.text):
            break
        if found and row.y - found[-1].y > 4.5 * row.height:
            break
        if found and any(mark in row.text for mark in (":", ", ")) and not _mostly_capital(row.text):
            break
        words = [word for word in row.words if _a_word(word.text)]
        if words and sum(len(word.text) for word in words) >= 3 and (_mostly_capital(row.text) or not found):
            found.append(Span(tuple(words)))
    return [one for one in found if _mostly_capital(one.text)] or found[:2]


def _beside_labels(row: Span, left: float, fields: Sequence[Field]) -> Span | None:
    """The row without a column of labels right of the head; None where it has nothing else, empty where a label ends
    the head."""
    labelled = {word for field in fields for word in (*field.named.words, *field.value.words)}
    words = tuple(word for word in row.words if word not in labelled)
    if len(words) == len(row.words):
        return row
    begun = next(word for word in row.words if word in labelled)
    if begun.x < left + ASIDE:
        return Span(())
    return Span(words) if any(map(str.isalpha, "".join(word.text for word in words))) else None


def _a_word(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return letters >= 2 or (text.isdigit() and len(text) <= 3)


def _mostly_capital(text: str) -> bool:
    letters = [symbol for symbol in text if symbol.isalpha()]
    return len(letters) >= 3 and sum(map(str.isupper, letters)) >= 0.75 * len(letters)


def _of_head(lines: list[Span], directory: Directory) -> Suggested[Named] | None:
    ruled = _GOVERNMENT.match(folded(lines[0].text))
    rest = lines[1:] if ruled else lines
    if not rest:
        return None
    whole = joined(rest)
    own = ruled is None or not directory.regency or resemblance(ruled["name"], directory.regency) > 0.8
    own = own and not (ruled and ruled["level"].startswith("prov"))
    match = _unit(rest, directory) if own else None
    if match and (ruled or match.confidence > 0.85) and not _foreign(rest, directory):
        return Suggested(match.unit, min(0.97, match.confidence * (1.0 if ruled else 0.8)), whole.spot, whole.text)
    if ruled and own:
        return Suggested(Named(None, _name(rest)), 0.45, whole.spot, whole.text)
    beside = f" {_level(ruled['level'])} {titled(ruled['name'].upper())}" if ruled else ""
    return Suggested(Named(None, _name(rest) + beside), 0.75 if ruled else 0.7, whole.spot, whole.text)


def _unit(lines: list[Span], directory: Directory) -> Match | None:
    """The unit that the last lines name: the lower a line, the nearer it is to who wrote."""
    best: Match | None = None
    for count in range(1, min(3, len(lines)) + 1):
        match = directory.find(joined(lines[-count:]).text)
        if match and (best is None or match.confidence > best.confidence + 0.08):
            best = match
    return best


def _foreign(lines: list[Span], directory: Directory) -> bool:
    """Whether the lines name another government, or none that rules the regency's offices."""
    said = " ".join(folded(one.text) for one in lines)
    return bool(re.search(r"\b(?:kementerian|republik|provinsi|universitas|kepolisian|yayasan|pt|cv)\b", said)) or (
        "kabupaten" in said and bool(directory.regency) and directory.regency not in said
    )


def _level(level: str) -> str:
    return {"kab": "Kabupaten", "prov": "Provinsi"}.get(level, level.title())


def _name(lines: list[Span]) -> str:
    """The name a clerk would enter: the last line with what it needs to be a name."""
    texts = [titled(one.text) for one in lines]
    police = next((turn for turn, one in enumerate(texts) if folded(one).split()[:1] in (["resor"], ["sektor"])), None)
    if police and folded(texts[0]).startswith("kepolisian"):
        return f"Kepolisian {texts[police]}"
    name = texts.pop()
    while texts and (_REST.match(folded(name)) or not _OFFICE.match(folded(name))):
        if _OFFICE.match(folded(texts[-1])) and len(texts) > 1 and not _REST.match(folded(name)):
            name = f"{texts.pop()} {name}"
            break
        name = f"{texts.pop()} {name}"
    if texts and re.match(r"^(?:fakultas|jurusan|program)\b", folded(name)):
        name = f"{name} {texts.pop()}"
    return name
