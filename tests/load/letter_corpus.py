"""Letters of a regency that does not exist, for measuring suggestions. Invariant: the same seed gives the same letters.

Made so that nobody can be right always, as in an office: a third of the letters is about matters that several agencies
share, others say nothing of their matter, clerks err and misspell, one duty moves to another agency near the end, and
small agencies get few letters to learn from.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.load.letter_phrases import AGENCIES, GENERAL, MONTHS, OUTSIDERS, SENTENCES, SHARED, TEMPLATES, VILLAGES

MISROUTED = 0.06
GENERAL_SHARE = 0.14
SHARED_SHARE = 0.34
MISSPELT = 0.04
WITH_SUMMARY = 0.3
CLASSIFIED = 0.5
OTHER_MATTER = 0.35
MOVED_FROM = 0.8
"""From this share of the period on, fires are another agency's business."""


@dataclass(frozen=True)
class Sent:
    """A letter and where people brought it. ``sender_under`` is the unit above the sender."""

    kind: str
    category: str
    classification: str | None
    sender: str
    sender_kind: str
    sender_under: str | None
    subject: str
    summary: str | None
    text: str
    addressees: tuple[str, ...]
    copies: tuple[str, ...]


class Regency:
    """Draws letters one after the other."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        # Offices are not written to equally often: the tenth gets a fifth of what the first gets.
        self._weights = [1 / (rank + 2) ** 0.8 for rank in range(len(AGENCIES))]

    def letters(self, count: int) -> list[Sent]:
        """``count`` letters in the order they came."""
        return [self._letter(number / count) for number in range(count)]

    def _letter(self, time: float) -> Sent:
        draw = self._random.random()
        if draw < GENERAL_SHARE:
            matter, agency, code = self._general()
        elif draw < GENERAL_SHARE + SHARED_SHARE:
            matter, agency, code = self._shared()
        else:
            matter, agency, code = self._own()
        if "kebakaran" in matter and time > MOVED_FROM:
            agency = "satpol"
        if self._random.random() < MISROUTED:
            agency = self._random.choice(list(AGENCIES))
        kind, category, template = self._random.choices(TEMPLATES, [one[3] for one in TEMPLATES])[0][:3]
        sender, sender_kind, district = self._sender(agency)
        subject = self._written(template, matter, sender if sender_kind == "village" else self._village()[0])
        return Sent(
            kind=kind,
            category=category,
            classification=self._classification(code),
            sender=sender,
            sender_kind=sender_kind,
            sender_under=district if sender_kind == "village" else "setda" if sender_kind == "agency" else None,
            subject=subject,
            summary=self._summary(matter, agency),
            text=self._text(matter, sender, district),
            addressees=self._addressees(agency),
            copies=self._copies(sender_kind, district, agency),
        )

    def _own(self) -> tuple[str, str, str]:
        agency = self._random.choices(list(AGENCIES), self._weights)[0]
        code, phrases = AGENCIES[agency]
        return self._random.choice(phrases), agency, code

    def _shared(self) -> tuple[str, str, str]:
        phrase, shares = self._random.choice(list(SHARED.items()))
        agency = self._random.choices(list(shares), list(shares.values()))[0]
        return phrase, agency, AGENCIES[agency][0]

    def _general(self) -> tuple[str, str, str]:
        phrase = self._random.choice(GENERAL)
        agency = self._random.choices(["setda", *AGENCIES], [6.0, *(weight * 3 for weight in self._weights)])[0]
        return phrase, agency, "000"

    def _sender(self, addressee: str) -> tuple[str, str, str]:
        village, district = self._village()
        kind = self._random.choices(["village", "agency", "external"], [0.55, 0.25, 0.2])[0]
        if kind == "agency":
            return self._random.choice([one for one in AGENCIES if one != addressee]), "agency", district
        if kind == "external":
            return self._random.choice(OUTSIDERS), "external", district
        return village, "village", district

    def _village(self) -> tuple[str, str]:
        district = self._random.choice(list(VILLAGES))
        return self._random.choice(VILLAGES[district]), district

    def _written(self, template: str, matter: str, village: str) -> str:
        month = self._random.choice(MONTHS)
        text = template.format(matter=matter, village=f"Desa {village.title()}", month=month, year=2026)
        return " ".join(self._misspelt(word) for word in text.split())

    def _misspelt(self, word: str) -> str:
        if len(word) < 5 or self._random.random() >= MISSPELT:
            return word
        at = self._random.randrange(1, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    def _summary(self, matter: str, agency: str) -> str | None:
        if self._random.random() >= WITH_SUMMARY:
            return None
        phrases: Sequence[str] = AGENCIES[agency][1] if agency in AGENCIES else GENERAL
        other = self._random.choice(phrases if self._random.random() < 0.6 else GENERAL)
        return f"Mohon tindak lanjut mengenai {matter} serta {other} pada kesempatan pertama."

    def _text(self, matter: str, sender: str, district: str) -> str:
        """What a scan says: the letterhead, the matter once more, what stands in any letter, often something else."""
        sentences = self._random.sample(SENTENCES, 3)
        if self._random.random() < OTHER_MATTER:
            other = self._random.choice(AGENCIES[self._random.choice(list(AGENCIES))][1])
            sentences.append(f"Selain itu kami mengharapkan {other}.")
        text = (
            f"PEMERINTAH KABUPATEN KLUNGKUNG KECAMATAN {district} {sender} Kepada Yth di tempat. Dengan hormat, "
            f"dalam rangka {matter}, {' '.join(sentences)} Demikian kami sampaikan, terima kasih."
        )
        return " ".join(self._misspelt(word) for word in text.split())

    def _classification(self, code: str) -> str | None:
        if self._random.random() >= CLASSIFIED:
            return None
        return code if self._random.random() < 0.85 else f"{self._random.randrange(10)}00"

    def _addressees(self, agency: str) -> tuple[str, ...]:
        second = self._random.choice(list(AGENCIES))
        return (agency, second) if self._random.random() < 0.07 and second != agency else (agency,)

    def _copies(self, sender_kind: str, district: str, agency: str) -> tuple[str, ...]:
        copies = []
        if sender_kind == "village" and self._random.random() < 0.6:
            copies.append(district)
        if agency != "setda" and self._random.random() < 0.15:
            copies.append("setda")
        return tuple(copies)
