"""One letter out of a seed: what is printed on it, and what a clerk would enter from it. Pure."""

import random
from datetime import date, time, timedelta
from typing import Any

from tests.intake.suggestions.corpus.phrases import Outsider, Phrases
from tests.intake.suggestions.corpus.places import PLACES, Place
from tests.intake.suggestions.corpus.truth import TITLES, Made, Truth
from tests.intake.suggestions.corpus.wording import (
    ROMAN,
    TOWNS,
    addressed,
    local,
    office_number,
    unit_code,
    written_date,
    written_hours,
    written_span,
)

ZONES = {"WITA": "+08:00", "WIB": "+07:00"}
FONTS = (
    "Liberation Serif",
    "Liberation Sans",
    "DejaVu Serif",
    "Libertinus Serif",
    "New Computer Modern",
    "Liberation Sans Narrow",
    "DejaVu Sans",
)
UNADDRESSED = frozenset({"assignment", "unseen_decree"})
WITHOUT_SUBJECT = frozenset({"assignment", "cover"})
LATE_DATE = frozenset({"assignment", "unseen_decree"})


def made_letter(name: str, layout: str, phrases: Phrases, seed: str) -> Made:
    """The letter that this seed gives."""
    return _Writer(name, layout, phrases, random.Random(seed)).letter()


class _Writer:
    def __init__(self, name: str, layout: str, phrases: Phrases, chance: random.Random) -> None:
        self.name, self.layout, self.phrases, self.chance = name, layout, phrases, chance
        self.day = date(2024, 1, 3) + timedelta(days=chance.randrange(900))
        self.truth = Truth()

    def fill(self, text: str) -> str:
        """A phrase with its gaps filled."""
        village = self.chance.choice([one for one in PLACES if one.kind == "village"]).name.removeprefix("Desa ")
        month, roman = f"{self.day.month:02d}", ROMAN[self.day.month - 1]
        number = self.chance.randint(2, 900)
        return text.format(v=village, n=number, k=number % 40 + 2, y=self.day.year, m=month, r=roman)

    def letter(self) -> Made:
        head, place, signer, number = self._sender()
        self.truth.letter_number = number
        self.truth.letter_date = self.day.isoformat()
        title, subject, occasion = self._matter()
        printed = {
            "head": head, "place": place, "date": self._date(), "number": number, "title": title,
            "subject": subject, "labels": self._labels(number, subject), "to": self._to(),
            "opening": self.chance.choice(("Dengan hormat,", "Om Swastyastu,", "Assalamu'alaikum Wr. Wb.")),
            "occasion": occasion[0], "paragraphs": [*self._paragraphs(), *occasion[1]], "closing": self._closing(),
            "signer": signer, "copies": self._copies(), **self._look(),
        }  # fmt: skip
        self._forget_unprinted()
        return Made(self.name, self.layout, printed, self.truth)

    def _forget_unprinted(self) -> None:
        """What this layout leaves out, nobody can read off it."""
        if self.layout == "fresh_private":
            self.truth.urgency = self.truth.confidentiality = None
        if self.layout == "fresh_sheet":
            self.truth.addressees = self.truth.addressees[:1]

    def _sender(self) -> tuple[dict[str, Any], str, dict[str, Any], str]:
        inside = self.layout in {"memo", "assignment", "circular"} or (
            self.layout != "society" and self.chance.random() < 0.6
        )
        name = self.chance.choice(self.phrases.names)
        address = [self.fill(self.chance.choice(self.phrases.streets))]
        if not inside:
            return self._outsider(self.chance.choice(self.phrases.outsiders), name, address)
        unit = self.chance.choice([one for one in PLACES if one.kind in ("agency", "village", "district", "ward")])
        self.truth.sender_unit = unit.key
        lines = ["PEMERINTAH KABUPATEN KLUNGKUNG", unit.name.upper()]
        if unit.kind in ("village", "ward"):
            lines.insert(1, "KECAMATAN " + self.chance.choice(("NUSA PENIDA", "KLUNGKUNG", "DAWAN", "BANJARANGKAN")))
        head = {"lines": lines, "address": address}
        signer = {"title": [f"{unit.head},"], "name": name, "rank": self._rank()}
        return head, self.chance.choice(TOWNS), signer, office_number(self.chance, self.day, unit_code(unit))

    def _outsider(
        self, who: Outsider, name: str, address: list[str]
    ) -> tuple[dict[str, Any], str, dict[str, Any], str]:
        turn = self.chance.randint(3, 70)
        lines = [line.replace("{k}", str(turn)) for line in who.lines]
        self.truth.sender_name = who.name.replace("{k}", str(turn))
        signer = {"title": [f"{who.signer},"], "name": name, "rank": []}
        return {"lines": lines, "address": address}, who.place, signer, self.fill(who.number)

    def _rank(self) -> list[str]:
        return self.chance.choice(
            ([], ["Pembina Utama Muda", "NIP. 19700514 199503 1 003"], ["NIP 198204112006041009"])
        )

    def _matter(self) -> tuple[str, str, tuple[list[list[str]], list[str]]]:
        matter = self.fill(self.chance.choice(self.phrases.matters))
        titles = TITLES.get(self.layout)
        title, kind = self.chance.choice(titles) if titles else ("", "")
        invites = self.chance.random() < 0.4 and self.layout not in WITHOUT_SUBJECT | UNADDRESSED | {"circular"}
        if self.layout == "unseen_card":
            invites = True
        if kind in ("Surat Undangan", "Surat Panggilan") or (invites and not kind):
            subject, kind = self._invitation(matter), kind or "Surat Undangan"
        elif kind:
            subject = self.chance.choice(("{m}", "Tindak lanjut {m}", "Penyampaian {m}")).format(m=matter)
            subject = subject[0].upper() + subject[1:]
        else:
            subject, kind = self._ordinary(matter)
        self.truth.kind = kind
        self.truth.subject = None if self.layout in WITHOUT_SUBJECT else subject
        return title, subject, self._occasion() if invites else ([], [])

    def _invitation(self, matter: str) -> str:
        return self.chance.choice(("Undangan", "Undangan rapat {m}", "Undangan Rapat Koordinasi {m}", "Undangan {m}",
                                   "Mohon kehadiran pada {m}")).format(m=matter)  # fmt: skip

    def _ordinary(self, matter: str) -> tuple[str, str]:
        form, kind = self.chance.choice(
            (("Permohonan {m}", "Surat Permohonan"), ("Mohon bantuan {m}", "Surat Permohonan"),
             ("Laporan {m}", "Laporan"), ("Pemberitahuan {m}", "Surat Dinas"), ("Penyampaian data {m}", "Surat Dinas"),
             ("Usulan {m} dan hal-hal lain yang berkaitan dengan pelaksanaannya di tingkat desa", "Surat Dinas"))
        )  # fmt: skip
        return form.format(m=matter), kind

    def _occasion(self) -> tuple[list[list[str]], list[str]]:
        first = self.day + timedelta(days=self.chance.randint(2, 25))
        last = first + timedelta(days=self.chance.choice((0, 0, 0, 0, 1, 2)))
        start = time(self.chance.randint(7, 15), self.chance.choice((0, 0, 15, 30)))
        end = time(start.hour + self.chance.randint(1, 6), start.minute) if self.chance.random() < 0.35 else None
        zone = self.chance.choice(("WITA", "WITA", "WITA", "WITA", "WIB"))
        venue = self.fill(self.chance.choice(self.phrases.venues))
        self.truth.place = venue
        self.truth.starts_at = local(first, start).isoformat() + ZONES[zone]
        ends = local(last, end or time(23, 59))
        self.truth.ends_at = ends.isoformat() + ZONES[zone] if end else None
        span, hours = written_span(self.chance, first, last), written_hours(self.chance, start, end, zone)
        if self.layout != "unseen_card" and self.chance.random() < 0.25:
            lead = self.chance.choice(("Kami mohon kehadiran Saudara pada hari", "Acara akan dilaksanakan pada hari"))
            return [], [f"{lead} {span}, pukul {hours}, bertempat di {venue}."]
        rows = [[self.chance.choice(("Hari/tanggal", "Hari, tanggal", "Hari / Tgl", "Tanggal")), span],
                [self.chance.choice(("Pukul", "Waktu", "Jam")), hours],
                [self.chance.choice(("Tempat", "Bertempat di")), venue]]  # fmt: skip
        if self.chance.random() < 0.6:
            rows.append(["Acara", self.fill(self.chance.choice(self.phrases.matters)).capitalize()])
        return rows, []

    def _date(self) -> str:
        if self.layout not in LATE_DATE and self.chance.random() < 0.03:
            self.truth.letter_date = None
            blank = written_date(self.chance, self.day, figures=0).split(" ", 1)[1]
            return "        " + blank
        return written_date(self.chance, self.day)

    def _labels(self, number: str, subject: str) -> list[list[str]]:
        drawn = self.chance.random() < 0.75
        style = self.chance.choice(
            (("Nomor", "Sifat", "Lampiran", "Hal"), ("Nomor", "Sifat", "Lampiran", "Perihal"),
             ("No.", "Sifat", "Lamp.", "Hal"), ("Nomor", "Sifat", "Lamp", "Perihal"),
             ("No", "Sifat", "Lamp.", "Perihal"))
        )  # fmt: skip
        enclosed = self.chance.choice(("-", "1 (satu) berkas", "2 lembar", "1 (satu) gabung"))
        rows = [[style[0], number], [style[2], enclosed], [style[3], subject]]
        if drawn and self.layout not in {"circular", "assignment", "cover", "unseen_card", "unseen_decree"}:
            rows.insert(1, [style[1], self._nature()])
        return rows

    def _nature(self) -> str:
        said, urgency, confidentiality = self.chance.choice(
            (("Biasa", "normal", None), ("Biasa", "normal", None), ("Segera", "urgent", None), ("Penting", None, None),
             ("Sangat Segera", "very_urgent", None), ("Amat Segera", "very_urgent", None), ("-", None, None),
             ("Rahasia", None, "secret"), ("Segera/Rahasia", "urgent", "secret"), ("Terbatas", None, "restricted"))
        )  # fmt: skip
        self.truth.urgency, self.truth.confidentiality = urgency, confidentiality
        return said

    def _to(self) -> list[str]:
        if self.layout in UNADDRESSED:
            return []
        if self.chance.random() < 0.05:
            return ["(daftar terlampir)", "di -", "Tempat"]
        count = self.chance.choice((1, 1, 1, 1, 2, 3)) if self.layout not in {"memo", "circular"} else 1
        chosen: list[Place] = self.chance.sample(PLACES, count)
        self.truth.addressees = [one.key for one in chosen]
        lines = [addressed(self.chance, one) for one in chosen]
        if count > 1:
            lines = [f"{index}. {line}" for index, line in enumerate(lines, 1)]
        if self.layout == "memo":
            return lines
        town = self.chance.choice(("Semarapura", "Semarapura", "Tempat", "Klungkung"))
        return lines + self.chance.choice(([f"di {town}"], ["di -", f"     {town}"], [f"di – {town}"], [f"di {town}"]))

    def _paragraphs(self) -> list[str]:
        chosen = self.chance.sample(self.phrases.sentences, self.chance.randint(2, 4))
        return [self.fill(one) for one in chosen]

    def _closing(self) -> list[str]:
        return [self.chance.choice(("Demikian disampaikan, atas perhatian dan kehadirannya diucapkan terima kasih.",
                                    "Atas perhatian dan kerja sama Bapak/Ibu kami ucapkan terima kasih."))]  # fmt: skip

    def _copies(self) -> list[str]:
        if self.chance.random() < 0.6:
            return []
        return [addressed(self.chance, one) for one in self.chance.sample(PLACES, self.chance.randint(1, 3))] + [
            "Arsip"
        ]

    def _look(self) -> dict[str, Any]:
        font = "Liberation Mono" if self.layout == "unseen_typewriter" else self.chance.choice(FONTS)
        return {"font": font, "size": self.chance.choice((10.5, 11, 11, 12, 12)), "margin": self.chance.randint(17, 26),
                "paper": self.chance.choice(("a4", "a4", "us-legal")), "leading": self.chance.choice((0.55, 0.65, 0.8)),
                "justify": self.chance.random() < 0.5}  # fmt: skip
