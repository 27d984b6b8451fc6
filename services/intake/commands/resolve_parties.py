"""Find the units and positions a draft names. Invariant: a party in a letter exists and carries its present name."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.auth import HeldPosition
from services.chassis.errors import ServiceError, unprocessable
from services.contracts.routing import PositionChanged, UnitChanged
from services.contracts.vocabulary import Direction, Party
from services.intake.context import Context
from services.intake.domain.draft import Draft, PartyRef
from services.intake.domain.letter import Letter
from services.projections.first_access import Place, place_of


@dataclass(frozen=True)
class Parties:
    """Whom a letter is from and for."""

    sender: Party
    addressees: tuple[Party, ...]
    copies: tuple[Party, ...]
    places: tuple[Place, ...]
    """Where in the regency the letter goes."""


@dataclass(frozen=True)
class _Known:
    own: HeldPosition
    """The token vouches for the caller's own unit, also where its event has not arrived yet."""
    units: dict[str, UnitChanged]
    positions: dict[str, PositionChanged]

    def name(self, one: PartyRef) -> str | None:
        if one.kind == "unit" and one.id == self.own.unit_id:
            return self.own.unit_name
        if one.kind == "unit":
            unit = self.units.get(one.id or "")
            return unit.name if unit else None
        position = self.positions.get(one.id or "")
        return position.title if position else None

    def in_own_unit(self, one: PartyRef) -> bool:
        """Whether this is the caller's acting unit or a position in it."""
        if one.kind == "unit":
            return one.id == self.own.unit_id
        position = self.positions.get(one.id or "")
        return position is not None and position.unit_id == self.own.unit_id

    def places(self, wanted: Sequence[PartyRef]) -> tuple[Place, ...]:
        """Where these are in the regency; the own unit, which reads its letters anyway, is left out."""
        found = []
        for one in wanted:
            if one.kind == "unit" and (unit := self.units.get(one.id or "")):
                found.append(place_of(unit.unit_id, unit.kind))
            if one.kind == "position" and (position := self.positions.get(one.id or "")):
                found.append(place_of(position.unit_id, position.unit_kind, position.position_id, position.role))
        return tuple(place for place in found if place)


async def resolve_parties(context: Context, draft: Draft, acting: HeldPosition) -> Parties:
    """The parties with their names; 422 for the first that is unknown, saying where it stands."""
    own = PartyRef(kind="unit", id=acting.unit_id)
    sender = draft.sender or own
    others = [one for one in (sender, *draft.addressees, *draft.copies) if one.identity != own.identity]
    known = await _known(context, others, acting)
    parties = Parties(
        sender=_party(sender, known, "sender"),
        addressees=tuple(_party(one, known, "addressees", i) for i, one in enumerate(draft.addressees)),
        copies=tuple(_party(one, known, "copies", i) for i, one in enumerate(draft.copies)),
        places=known.places((*draft.addressees, *draft.copies)),
    )
    _own_hand(draft.direction, sender, (*draft.addressees, *draft.copies), known)
    return parties


async def resolve_sender(context: Context, letter: Letter, sender: PartyRef, acting: HeldPosition) -> Party:
    """Another sender of a registered letter, under the rules of its registration."""
    reached = [_mentioned(party) for party in (*letter.addressees, *letter.copies)]
    known = await _known(context, [sender, *reached], acting)
    party = _party(sender, known, "sender")
    _own_hand(letter.direction, sender, reached, known)
    return party


def _mentioned(party: Party) -> PartyRef:
    return PartyRef(kind=party.kind, id=party.id, name=party.name)


def _own_hand(direction: Direction, sender: PartyRef, reached: Sequence[PartyRef], known: _Known) -> None:
    """Nobody writes in another unit's name; its letter is entered only by those it came to, and reaches nobody else."""
    if direction != "incoming":
        if sender.id not in (known.own.unit_id, known.own.position_id):
            raise unprocessable(
                "sender_not_own",
                "Surat keluar dan surat internal hanya dapat dikirim atas nama unit atau jabatan Anda sendiri.",
                field="sender",
            )
        return
    if sender.kind == "external" or known.in_own_unit(sender):
        return
    if not all(known.in_own_unit(one) for one in reached):
        raise unprocessable(
            "sender_not_own",
            "Surat dari unit atau jabatan lain hanya dapat Anda catat jika seluruh tujuan dan tembusannya"
            " adalah unit Anda sendiri atau jabatan di dalamnya.",
            field="sender",
        )


async def _known(context: Context, wanted: Sequence[PartyRef], own: HeldPosition) -> _Known:
    units = {one.id for one in wanted if one.kind == "unit" and one.id}
    positions = {one.id for one in wanted if one.kind == "position" and one.id}
    found = await asyncio.gather(*(context.organisation.unit(one) for one in units))
    held = await context.organisation.positions(sorted(positions)) if positions else []
    return _Known(own, {unit.unit_id: unit for unit in found if unit}, {one.position_id: one for one in held})


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
