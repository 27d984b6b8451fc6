"""Suggest what a letter says of itself. Invariant: nothing is written, and who may not read the scan is told nothing.

A suggestion is made anew whenever it is asked for: it depends on the words, the units and the kinds there are now.
"""

import asyncio
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from services.chassis.auth import Principal
from services.intake.commands.copies.find_copies import copies_of_file, copies_of_scan
from services.intake.commands.copies.read_words import words_of
from services.intake.context import Context
from services.intake.domain.catalogue.kinds import key_of
from services.intake.domain.copies.copies import CopiesOf
from services.intake.domain.suggestions.read_letter import PAGES, read_letter
from services.intake.domain.suggestions.suggested import Suggestions
from services.intake.domain.words import PageWords

State: TypeAlias = Literal["pending", "ready", "unavailable"]


@dataclass(frozen=True)
class Suggesting:
    """How far suggestions are: the words are still to be read, are there, or never will be."""

    state: State
    suggestions: Suggestions | None = None


async def suggest_for_file(context: Context, caller: Principal, letter_id: str, file_id: str) -> Suggesting:
    """For a letter's file; 404 as for the file itself, and asking is recorded as opening it is."""
    return await _suggest(context, file_id, await copies_of_file(context, caller, letter_id, file_id))


async def suggest_for_scan(context: Context, caller: Principal, scan_id: str) -> Suggesting:
    """For a scan that has no letter yet; 404 for one that is not the caller's, 409 for one that a letter has."""
    return await _suggest(context, scan_id, await copies_of_scan(context, caller, scan_id))


async def _suggest(context: Context, file_id: str, copies: CopiesOf | None) -> Suggesting:
    if copies is not None and copies.state == "parked":
        return Suggesting("unavailable")
    words = await words_of(context, file_id, PAGES)
    if words is None:
        return Suggesting("unavailable" if copies is not None and copies.state == "done" else "pending")
    return Suggesting("ready", await _read(context, words))


async def _read(context: Context, words: tuple[PageWords, ...]) -> Suggestions:
    directory = await context.known_units.directory()
    # On a thread: a page full of words from outside must not hold up who else is served.
    found = await asyncio.to_thread(read_letter, words, directory, context.settings.zone)
    return await _in_use(context, found)


async def _in_use(context: Context, found: Suggestions) -> Suggestions:
    """Without a kind that the regency has retired, or does not know."""
    if found.kind is None:
        return found
    kind = await context.kinds.named(key_of(found.kind.value))
    if kind is None or kind.retired:
        return replace(found, kind=None)
    return replace(found, kind=found.kind.of(kind.name))
