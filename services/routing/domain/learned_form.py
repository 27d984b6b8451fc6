"""What was learned as plain data, for the database and between processes. Invariant: read back, it is what it was.

Never pickled: data that can only be data.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.routing.domain.learning import Learned, LearnedPlace
from services.routing.domain.mention import Mention

Plain = Mapping[str, Any]


def plain_traits(learned: Learned) -> dict[str, Any]:
    """The traits with their rarity, in the order of their numbers."""
    return {"traits": list(learned.rarity), "rarity": list(learned.rarity.values())}


def plain_places(learned: Learned) -> list[dict[str, Any]]:
    """The places, each with its weights: ``at`` are the numbers of the traits."""
    return [
        {
            "mention": one.mention.model_dump(),
            "letters": one.letters,
            "bias": one.bias,
            "at": list(one.weights),
            "weights": list(one.weights.values()),
        }
        for one in learned.places
    ]


def learned_from(traits: Plain, places: Sequence[Plain]) -> Learned:
    """The same again."""
    rarity = dict(zip(traits["traits"], traits["rarity"], strict=True))
    return Learned(rarity, tuple(_place(one) for one in places))


def _place(row: Plain) -> LearnedPlace:
    weights = dict(zip(row["at"], row["weights"], strict=True))
    return LearnedPlace(Mention.model_validate(row["mention"]), row["letters"], row["bias"], weights)
