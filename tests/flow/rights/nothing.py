"""Things there are not. Invariant: whoever is told so was let in."""

from collections.abc import Sequence

from services.chassis.ids import new_id

FORMS = {
    "box": "inbox",
    "day": "2031-01-06",
    "year": "2026",
    "number": "1",
    "page": "1",
    "book": "masuk",
    "series": "external",
    "link_id": "0" * 64,
}
"""What a path's parameter must look like at least."""


def nowhere(names: Sequence[str]) -> dict[str, str]:
    """For the parameters of a path, a thing there is not."""
    return {name: FORMS.get(name) or (new_id() if name.endswith("_id") else "tidak-ada") for name in names}
