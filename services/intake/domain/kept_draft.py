"""A registration that was begun and put aside. Invariant: it becomes one letter at most, and is not changed after that.

What it says may be incomplete, but each part is well-formed: it is judged whole when it is registered.
"""

from copy import copy
from typing import Any, Optional, cast

from pydantic import AwareDatetime, BaseModel, ConfigDict, create_model

from services.chassis.ids import EntityId
from services.intake.domain.draft import Draft, Said


def _open_fields() -> dict[str, Any]:
    """The fields of a draft with their own rules, each of which may be missing."""
    fields = {}
    for name, field in Draft.model_fields.items():
        optional = copy(field)
        if field.is_required():
            optional.annotation, optional.default = cast(Any, Optional[field.annotation]), None  # noqa: UP045 - at run time
        fields[name] = (optional.annotation, optional)
    return fields


DraftSoFar: type[Said] = create_model("DraftSoFar", __base__=Said, **_open_fields())
"""What is said of a letter so far: a draft of which any field may still be missing."""


class KeptDraft(BaseModel):
    """A draft in the making. ``letter`` holds only what was said; ``letter_id`` is the letter it became."""

    model_config = ConfigDict(frozen=True)

    id: EntityId
    person_id: str
    unit_id: str
    position_id: str
    letter: dict[str, Any]
    scans: tuple[str, ...]
    version: int
    created_at: AwareDatetime
    changed_at: AwareDatetime
    letter_id: str | None = None
