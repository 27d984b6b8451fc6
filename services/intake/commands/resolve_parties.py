"""Find the units and positions a draft names. Invariant: a party in a letter exists and carries its present name."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.auth import HeldPosition
from services.chassis.errors import ServiceError, unprocessable
from services.contracts.routing import PositionChanged
from services.contracts.vocabulary import Party
from services.intake.context import Context
from services.intake.domain.draft import Draft, PartyRef

CHIEFS = frozenset({"head", "leader"})
"""Positions a letter to which is a letter to their unit."""


@dataclass(frozen=True)
class Parties:
    """Whom a letter is from and for."""

    sender: Party
    addressees: tuple[Party, ...]
    copies: tuple[Party, ...]
    led: tuple[str, ...]
    """The units whose chief is among the addressees and copies."""

    @property
    def destined(self) -> tuple[Party, ...]:
        """Everybody the letter is for."""
        return (*self.addressees, *self.copies)


@dataclass(frozen=True)
class _Known:
    units: dict[str, str]
    positions: dict[str, PositionChanged]

    def name(self, one: PartyRef) -> str | None:
        if one.kind == "unit":
            return self.units.get(one.id or "")
        position = self.positions.get(one.id or "")
        return position.title if position else None

    def led(self, wanted: Sequence[PartyRef]) -> tuple[str, ...]:
        named = (self.positions.get(one.id or "") for one in wanted if one.kind == "position")
        return tuple(position.unit_id for position in named if position and position.role in CHIEFS)


async def resolve_parties(context: Context, draft: Draft, acting: HeldPosition) -> Parties:
    """The parties with their names; 422 for the first that is unknown, saying where it stands."""
    own = PartyRef(kind="unit", id=acting.unit_id)
    sender = draft.sender or own
    others = [one for one in (sender, *draft.addressees, *draft.copies) if one.identity != own.identity]
    known = await _known(context, others)
    # The token vouches for the caller's own unit, also where its event has not arrived yet.
    known.units[acting.unit_id] = acting.unit_name
    _own_hand(draft, sender, acting)
    return Parties(
        sender=_party(sender, known, "sender"),
        addressees=tuple(_party(one, known, "addressees", i) for i, one in enumerate(draft.addressees)),
        copies=tuple(_party(one, known, "copies", i) for i, one in enumerate(draft.copies)),
        led=known.led((*draft.addressees, *draft.copies)),
    )


def _own_hand(draft: Draft, sender: PartyRef, acting: HeldPosition) -> None:
    """Only a letter that was received may come from somebody else; nobody writes in another unit's name."""
    own = sender.id in (acting.unit_id, acting.position_id)
    if draft.direction != "incoming" and not own:
        raise unprocessable(
            "sender_not_own",
            "Surat keluar dan surat internal hanya dapat dikirim atas nama unit atau jabatan Anda sendiri.",
            field="sender",
        )


async def _known(context: Context, wanted: Sequence[PartyRef]) -> _Known:
    units = {one.id for one in wanted if one.kind == "unit" and one.id}
    positions = {one.id for one in wanted if one.kind == "position" and one.id}
    found = await asyncio.gather(*(context.organisation.unit(one) for one in units))
    held = await context.organisation.positions(sorted(positions)) if positions else []
    return _Known({unit.unit_id: unit.name for unit in found if unit}, {one.position_id: one for one in held})


def _party(one: PartyRef, known: _Known, field: str, index: int | None = None) -> Party:
    if one.kind == "external":
        return Party(kind="external", name=one.name or "")
    name = known.name(one)
    if name is None:
        raise _unknown(one, field, index)
    return Party(kind=one.kind, id=one.id, name=name)


def _unknown(one: PartyRef, field: str, index: int | None) -> ServiceError:
    what = "Unit" if one.kind == "unit" else "Jabatan"
    labels = {"sender": "pengirim", "addressees": "tujuan", "copies": "tembusan"}
    where = labels[field] if index is None else f"{labels[field]} ke-{index + 1}"
    extra = {"field": field} if index is None else {"field": field, "index": index}
    return unprocessable(f"unknown_{one.kind}", f"{what} pada {where} tidak dikenal.", id=one.id, **extra)
