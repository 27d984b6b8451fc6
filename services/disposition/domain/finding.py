"""What a disposition is found by. Invariant: a pure function of it, so what is searched follows every change."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from services.disposition.domain.boxes import GIVEN, Box, given_boxes, received_boxes
from services.disposition.domain.disposition import Disposition, DispositionState
from services.disposition.domain.progress import OPEN, State
from services.disposition.domain.recipient import DispositionRecipient

StateFilter = State | DispositionState | Literal["open"]
WORDS_AT_MOST = 8
_WORD = re.compile(r"\w+", re.UNICODE)
_ID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


@dataclass(frozen=True)
class Wanted:
    """What is asked for; None does not narrow. ``person`` is an id, or what they or their position are called."""

    state: StateFilter | None = None
    instruction: str | None = None
    text: str | None = None
    person: str | None = None

    @property
    def narrows(self) -> bool:
        """Whether something is asked for."""
        return self != Wanted()


@dataclass(frozen=True)
class BoxItem:
    """A disposition as it stands in a box of a position: as one it gave, or with the ``part`` that it was given."""

    disposition: Disposition
    position_id: str
    part: DispositionRecipient | None = None

    @property
    def id(self) -> str:
        """The disposition's id, which orders boxes."""
        return self.disposition.id


def items_of(disposition: Disposition, box: Box, position_ids: frozenset[str], wanted: Wanted) -> list[BoxItem]:
    """As what it stands in this box of these positions, where it is what is wanted; the last part first."""
    if box in GIVEN:
        mine = disposition.owner.position_id in position_ids and box in given_boxes(disposition)
        item = BoxItem(disposition, disposition.owner.position_id)
        return [item] if mine and _given_fits(disposition, wanted) else []
    mine_parts = [one for one in disposition.recipients if one.position_id in position_ids]
    fitting = [one for one in mine_parts if box in received_boxes(one) and _part_fits(one, wanted)]
    return [BoxItem(disposition, one.position_id, one) for one in sorted(fitting, key=_id_of, reverse=True)]


def found_by(disposition: Disposition) -> dict[str, Any]:
    """What queries look in: codes of instructions, ids of positions and people, and two texts in small letters."""
    memory, letter = disposition.memory, disposition.letter
    given = [each for one in disposition.recipients for each in one.instructions]
    notes = [disposition.note, *(one.note for one in disposition.recipients)]
    names = [disposition.owner.position_title, *memory.names]
    titles = [text for one in disposition.recipients for text in (one.position_title, one.unit_name)]
    about = (
        [letter.sender, letter.kind, letter.tracking_code, f"{letter.agenda_number}/{letter.year}"] if letter else []
    )
    issuer = [disposition.issuer.person_name, disposition.issuer.position_title]
    said = [disposition.letter_subject, *about, *notes, *(one.label for one in given), memory.words]
    return {
        "codes": list(dict.fromkeys(one.code for one in given)),
        "people": sorted({*disposition.parties, disposition.issuer.person_id, *memory.person_ids}),
        "named": plain(" ".join(dict.fromkeys([*issuer, *names, *titles]))),
        "said": plain(" ".join(dict.fromkeys(one for one in said if one))),
    }


def conditions(wanted: Wanted) -> dict[str, Any]:
    """What must be true of what ``found_by`` gives; the state is looked at afterwards."""
    found: list[dict[str, Any]] = [{"codes": wanted.instruction}] if wanted.instruction else []
    found += [{"said": {"$regex": word}} for word in words_of(wanted.text)]
    if wanted.person and _ID.match(wanted.person):
        found.append({"people": wanted.person})
    else:
        found += [{"named": {"$regex": word}} for word in words_of(wanted.person)]
    return {"$and": found} if found else {}


def words_of(text: str | None) -> list[str]:
    """The words to look for, each once: letters and digits, so none of them means anything to a pattern."""
    return list(dict.fromkeys(_WORD.findall(plain(text or ""))))[:WORDS_AT_MOST]


def plain(text: str) -> str:
    """The text in small letters with single spaces."""
    return " ".join(text.casefold().split())


def _given_fits(disposition: Disposition, wanted: Wanted) -> bool:
    states = {
        disposition.state,
        *(one.state for one in disposition.recipients if one.state not in ("done", "recalled")),
    }
    return wanted.state is None or wanted.state in states


def _part_fits(part: DispositionRecipient, wanted: Wanted) -> bool:
    if wanted.instruction and wanted.instruction not in {one.code for one in part.instructions}:
        return False
    return wanted.state is None or (part.state in OPEN if wanted.state == "open" else part.state == wanted.state)


def _id_of(part: DispositionRecipient) -> str:
    return part.recipient_id
