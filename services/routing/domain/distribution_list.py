"""Distribution lists (daftar distribusi): named lists of places. Invariant: a list names each place once, and is kept
by one unit or by the regency; a retired one stays to be read and is used no more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from services.contracts.vocabulary import Party
from services.routing.domain.mention import Key, KnownPlace, Mention, once

REGENCY = "regency"
MOST_MEMBERS = 500


class DistributionList(BaseModel):
    """A list. Without ``owner_unit_id`` it is the regency's."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    version: int = 1
    name: str
    description: str | None = None
    owner_unit_id: str | None = None
    members: tuple[Mention, ...]
    retired: bool = False

    @property
    def owner(self) -> str:
        """Whose it is, as a key."""
        return self.owner_unit_id or REGENCY


@dataclass(frozen=True)
class Expansion:
    """The parties of some lists as they are now; ``skipped`` are those that are active no more."""

    addressees: tuple[Party, ...]
    copies: tuple[Party, ...]
    skipped: tuple[Party, ...]


def expanded(lists: Iterable[DistributionList], known: Mapping[Key, KnownPlace]) -> Expansion:
    """The lists' places, each once over all of them, as addressee where it would be both."""
    mentions = once(member for one in lists for member in one.members)
    named = [(one, known.get(one.key)) for one in mentions]
    there = [(one, place.party) for one, place in named if place and place.active]
    gone = tuple(_left_out(one, place) for one, place in named if not (place and place.active))
    return Expansion(
        addressees=tuple(party for one, party in there if one.role == "addressee"),
        copies=tuple(party for one, party in there if one.role == "copy"),
        skipped=gone,
    )


def _left_out(mention: Mention, place: KnownPlace | None) -> Party:
    return place.party if place else Party(kind=mention.kind, id=mention.id, name="(tidak dikenal)")
