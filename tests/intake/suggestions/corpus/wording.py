"""How dates, times, numbers and addressees are written: many ways, drawn by chance."""

import random
from datetime import date, datetime, time

from services.projections.local_dates import MONTHS
from tests.intake.suggestions.corpus.places import Place

OLDER = {"Februari": "Pebruari", "November": "Nopember"}
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
TOWNS = ("Semarapura", "Semarapura", "Klungkung", "Denpasar")


def month(chance: random.Random, number: int) -> str:
    """The month's name, now and then as it used to be spelt."""
    name = MONTHS[number - 1]
    return OLDER[name] if name in OLDER and chance.random() < 0.4 else name


def written_date(chance: random.Random, day: date, *, figures: float = 0.12) -> str:
    """A date; with the chance ``figures`` in figures alone."""
    if chance.random() < figures:
        return chance.choice((day.strftime("%d-%m-%Y"), f"{day.day}/{day.month}/{day.year}", day.strftime("%d.%m.%Y")))
    number = chance.choice((str(day.day), f"{day.day:02d}"))
    name = month(chance, day.month)
    return f"{number} {name.upper() if chance.random() < 0.04 else name} {day.year}"


def weekday(chance: random.Random, day: date) -> str:
    """The day of the week."""
    name = DAYS[day.weekday()]
    return "Jum'at" if name == "Jumat" and chance.random() < 0.5 else name


def written_span(chance: random.Random, first: date, last: date) -> str:
    """Day and date of an occasion, of one day or of several."""
    if first == last:
        day, mark = weekday(chance, first), chance.choice((", ", " / ", ", tanggal "))
        return f"{day}{mark}{written_date(chance, first, figures=0)}"
    until = chance.choice((" s.d. ", " s/d ", " sampai dengan "))
    days = f"{weekday(chance, first)}{until}{weekday(chance, last)}"
    if first.month == last.month:
        return (
            f"{days}, {first.day}{chance.choice((until, ' - ', '-'))}{last.day} {month(chance, last.month)} {last.year}"
        )
    return f"{days}, {first.day} {month(chance, first.month)}{until}{last.day} {month(chance, last.month)} {last.year}"


def written_hours(chance: random.Random, start: time, end: time | None, zone: str) -> str:
    """From when until when."""
    mark = chance.choice((".", ".", ":"))
    first = f"{start.hour:02d}{mark}{start.minute:02d}"
    zone = chance.choice((zone, zone.title()))
    if end is None:
        return f"{first} {zone}" + chance.choice((" s.d. selesai", " s/d selesai", " - selesai", " sampai selesai", ""))
    return f"{first}{chance.choice((' - ', ' s.d. ', '-'))}{end.hour:02d}{mark}{end.minute:02d} {zone}"


def office_number(chance: random.Random, day: date, code: str) -> str:
    """A letter number of an office of the regency."""
    n, classification = chance.randint(1, 2400), chance.choice(("005", "600.1.2", "045.2", "800", "400.7", "900.1.3.2"))
    form = chance.choice(
        (
            "{c}/{n}/{u}/{r}/{y}",
            "{c}/{n}/{u}",
            "{c}/{n}/{u}/{y}",
            "{c} / {n} / {u} / {y}",
            "{n}/{u}/{r}/{y}",
            "B/{c}/{n}/{u}/{y}",
            "{c}/{n:04d}/{u}",
        )
    )
    return str(form.format(c=classification, n=n, u=code, r=ROMAN[day.month - 1], y=day.year))


def unit_code(place: Place) -> str:
    """What stands for a unit in its numbers."""
    words = [word for word in place.name.replace(",", "").split() if word[0].isupper()]
    return words[-1][:4].upper() if len(words) < 3 else "".join(word[0] for word in words)


def addressed(chance: random.Random, place: Place, regency: str = "Klungkung") -> str:
    """How a letter addresses who heads the unit."""
    name = chance.choice(place.shorter) if place.shorter and chance.random() < 0.4 else place.head
    if place.kind == "agency" and chance.random() < 0.35 and regency not in name:
        name += f" Kabupaten {regency}"
    if chance.random() < 0.12 and "Bapak" not in name:
        name = chance.choice(("Bapak ", "Ibu ", "Sdr. ", "Plt. ")) + name
    return name


def local(day: date, at: time) -> datetime:
    """A local time without its zone."""
    return datetime.combine(day, at)
