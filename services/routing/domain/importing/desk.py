"""What resolving the rows of a file has found so far. Invariant: every reference that cannot be followed is told of,
unless what it refers to is a mistake itself.
"""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from services.routing.domain.importing.directory import Directory, Unresolved
from services.routing.domain.importing.form import plain
from services.routing.domain.importing.identity import id_of
from services.routing.domain.importing.rows import Line, Mistake, Parsed
from services.routing.domain.organisation import Entity, Person, Position, Unit
from services.routing.domain.picture import Picture

U = TypeVar("U", Unit, Position, Person)
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Desk:
    """``wanted`` are the entities that rows make, ``origins`` the rows they come from, ``mistakes`` what is wrong."""

    def __init__(self, before: Picture, parsed: Parsed) -> None:
        self.before = before
        self.directory = Directory(before)
        self.mistakes: list[Mistake] = list(parsed.mistakes)
        self.wanted: dict[str, Entity] = {}
        self.origins: dict[str, Line] = {}
        self._spoiled = set(parsed.spoiled)

    def follow(self, line: Line, field: str, find: Callable[[str], U]) -> U | None:
        """What a cell refers to; a mistake where it refers to nothing, unless what it refers to is one itself."""
        said = line.text(field) or ""
        try:
            return find(said)
        except Unresolved as unresolved:
            if plain(said.split(">")[-1]) not in self._spoiled:
                self.mistakes.append(line.mistake(field, str(unresolved)))
            self._spoil(line, "code", "name", "title")
            return None

    def want(self, line: Line, entity: Entity) -> None:
        """Have the entity as the row says; a mistake where another row said something of it before."""
        first = self.origins.get(entity.id)
        if first is not None and first is not line:
            name = "name" if line.sheet != "jabatan" else "title"
            field = name if line.sheet != "penugasan" else "person"
            again = f"{entity.label} sudah disebut pada baris {first.row}."
            self.mistakes.append(line.mistake(field, again))
            return
        self.origins[entity.id] = line
        self.wanted[entity.id] = entity

    def ambiguous(self, line: Line, field: str) -> None:
        """Told of a row that could mean several things."""
        sentence = f"Ada lebih dari satu {line.sheet} bernama {line.text(field)} di tempat ini. Isilah kode."
        self.mistakes.append(line.mistake(field, sentence))
        self._spoil(line, field)

    def base(self, there: Any, known: Entity | None, fresh: str) -> dict[str, Any]:
        """What is kept of the entity today: of the one the row means, or of one a former run of the file made."""
        found = there.get(known.id if known else fresh)
        if found is None:
            return {"id": known.id} if known else {}
        kept: dict[str, Any] = found.model_dump()
        return kept

    def _spoil(self, line: Line, *fields: str) -> None:
        self._spoiled |= {plain(said) for field in fields if (said := line.text(field))}


def said_of(line: Line, *fields: str) -> dict[str, Any]:
    """What the row says of these fields. A code that is an id names the thing and is not its code."""
    given = {field: line.values[field] for field in fields if field in line.values}
    if given.get("code") is None or _is_id(str(given["code"])):
        given.pop("code", None)
    return given


def coded(kind: str, code: str) -> str:
    """The id of what has this code; an id is its own, so that an export makes the same things elsewhere."""
    return code.lower() if _is_id(code) else id_of(kind, "code", code)


def _is_id(code: str) -> bool:
    return bool(_ID.fullmatch(code))
