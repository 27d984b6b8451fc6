"""Holding the record against itself. Invariant: nothing is changed, and whatever does not fit is named.

A chain alone tells what was changed, taken out or put in. Who holds the database could make the whole chain anew, or
cut its end off: against that, hashes are noted elsewhere (the log has one a minute, every exported table has all) and
given here as anchors.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gateway.audit.entries import BEGINNING, AuditEntry
from gateway.audit.store import KEEP_SECONDS, Audit
from services.chassis.clock import now

SPAN = 1000
MOST_FAULTS = 100
END = 2**53


@dataclass
class Verdict:
    """What was found. ``faults`` are sentences for an operator, at most a hundred of them."""

    entries: int = 0
    first: int = 0
    last: int = 0
    hash: str = ""
    waiting: int = 0
    faults: list[str] = field(default_factory=list)

    def blame(self, sentence: str) -> None:
        """Note a fault."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(sentence)


async def verify(audit: Audit, anchors: Mapping[int, str] | None = None) -> Verdict:
    """Read all of it. ``anchors``: hashes by number, as they were noted elsewhere."""
    verdict = Verdict(waiting=await audit.waiting())
    head, head_hash = await audit.head()
    expired = now() - timedelta(seconds=KEEP_SECONDS)
    noted = dict(anchors or {})
    before: AuditEntry | None = None
    for first in range(1, head + 1, SPAN):
        for entry in await audit.numbered(first, min(first + SPAN, head + 1)):
            _look(verdict, before, entry, expired)
            if noted.pop(entry.seq, entry.hash) != entry.hash:
                verdict.blame(f"entry {entry.seq}: its hash is not the one that was noted")
            before = entry
    _end(verdict, before, head, head_hash)
    await _beyond(verdict, audit, head)
    for seq in noted:
        if seq > head or seq >= verdict.first:
            verdict.blame(f"entry {seq}: it was noted, and is not there")
    return verdict


async def _beyond(verdict: Verdict, audit: Audit, head: int) -> None:
    """What stands behind the end; what was linked while we read is no fault, and the next look's business."""
    extras = await audit.numbered(head + 1, END)
    end, _ = await audit.head()
    for extra in extras:
        if extra.seq > end:
            verdict.blame(f"entry {extra.seq}: it stands behind the end of the chain")


def _look(verdict: Verdict, before: AuditEntry | None, entry: AuditEntry, expired: datetime) -> None:
    verdict.first = verdict.first or entry.seq
    verdict.entries, verdict.last, verdict.hash = verdict.entries + 1, entry.seq, entry.hash
    if not entry.true:
        verdict.blame(f"entry {entry.seq}: it was changed")
    if before is not None and before.seq == entry.seq - 1:
        if (entry.previous_hash, entry.previous_at) != (before.hash, before.at):
            verdict.blame(f"entry {entry.seq}: it does not follow from the one before it")
    elif entry.seq == 1:
        if (entry.previous_hash, entry.previous_at) != (BEGINNING, None):
            verdict.blame("entry 1: it is not the beginning")
    elif entry.previous_at is None or entry.previous_at > expired:
        since = before.seq + 1 if before else 1
        verdict.blame(f"entries {since} to {entry.seq - 1} are missing, and their time was not over")


def _end(verdict: Verdict, last: AuditEntry | None, head: int, head_hash: str) -> None:
    if last is not None and last.seq == head and last.hash != head_hash:
        verdict.blame(f"entry {head}: it is not what the chain ends with")
    elif head and (last is None or last.seq < head):
        verdict.blame(f"entries {verdict.last + 1} to {head} are missing")
