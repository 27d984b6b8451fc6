"""Seals of printed sheets. Invariant: a seal names one printed page and what was ordered on it, by digests alone; it is
never changed, so whether the order is still that one can be told long after, and nothing of its content.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.disposition.domain.disposition import Disposition
from services.disposition.domain.recipient import DispositionRecipient

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: 5 bits a character, none that is misread for another."""
LENGTH, GROUP = 20, 5
CODE_BITS = LENGTH * 5
"""100, so a code is found by nobody who does not hold the paper."""
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = re.compile(r"[\s\-_.\u2010-\u2015]+")

SealState = Literal["unchanged", "changed", "recalled"]
SENTENCES: dict[SealState, str] = {
    "unchanged": "Isi disposisi masih sama dengan yang tercetak pada lembar ini.",
    "changed": "Disposisi ini sudah diubah setelah lembar ini dicetak.",
    "recalled": "Disposisi ini sudah ditarik kembali oleh pemberinya.",
}


class Seal(BaseModel):
    """``id`` is the code on the paper; ``content`` and ``page`` are the digests of what was ordered and of the page."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    disposition_id: str
    signer: str
    unit_name: str
    signed_on: date
    content: str
    page: str
    sealed_at: AwareDatetime


def code_of(number: int) -> str:
    """The code that this number of 100 bits is written as: ``7K3M4-Q2XDB-9FJR0-5TVW1``."""
    digits = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return _grouped("".join(digits))


def as_issued(text: str) -> str | None:
    """A code as it was given out, however somebody writes it down; None for what is none."""
    bare = _BETWEEN.sub("", text.strip().upper()).translate(_MISREAD)
    return _grouped(bare) if len(bare) == LENGTH and set(ALPHABET).issuperset(bare) else None


def _grouped(bare: str) -> str:
    return "-".join(bare[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 over the one way to write this content down."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def content_of(disposition: Disposition) -> dict[str, Any]:
    """What was ordered: by whom, of whom, what, until when. What became of it since is no part of it."""
    return {
        "disposition": disposition.id,
        "letter": disposition.letter_id,
        "subject": disposition.letter_subject,
        "issuer": disposition.issuer.model_dump(mode="json"),
        "issued_at": disposition.issued_at.isoformat(),
        "note": disposition.note,
        "recipients": [_ordered(one) for one in disposition.recipients if one.state != "recalled"],
    }


def _ordered(part: DispositionRecipient) -> dict[str, Any]:
    """The position as it was ordered: work that was handed over was ordered of the one before."""
    return {
        "position": (part.former[0] if part.former else part).position_id,
        "role": part.role,
        "instructions": [[one.code, one.label] for one in part.instructions],
        "note": part.note,
        "due_on": part.due_on.isoformat() if part.due_on else None,
    }


def state_of(seal: Seal, disposition: Disposition) -> SealState:
    """What became of the order since it was printed."""
    if disposition.state == "recalled":
        return "recalled"
    return "unchanged" if digest(content_of(disposition)) == seal.content else "changed"
