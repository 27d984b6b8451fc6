"""How officials sign. Invariant: whoever acts for a position is never shown without saying so."""

from services.contracts.vocabulary import Capacity

PREFIXES: dict[Capacity, str] = {"definitive": "", "plt": "Plt. ", "plh": "Plh. ", "pj": "Pj. ", "pjs": "Pjs. "}


def display_title(title: str, capacity: Capacity) -> str:
    """How an official signs: "Plt. Kepala Dinas PU"."""
    return f"{PREFIXES[capacity]}{title}"


def standing_in(capacity: Capacity) -> str:
    """What somebody is called who acts in this capacity: "Plh."."""
    return PREFIXES[capacity].strip() or "Pejabat definitif"
