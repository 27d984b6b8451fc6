"""The contracts gate: ``python -m services.contracts.check [--write]``.

Invariant: a committed schema is only ever replaced by one that adds to it. ``--write`` writes the schemas of new events
and of additive changes; a change that is not additive is refused with or without it. The way to such a change is a new
major version: a new event type beside the old one (docs/decisions/0008-event-evolution.md).
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from services.contracts import golden
from services.contracts.additive import refusals
from services.contracts.catalogue import SAMPLES, SCHEMAS, all_events
from services.contracts.event import Event
from services.contracts.schema import Schema, reader_schema, text
from services.contracts.subscriptions import SUBSCRIPTIONS

ENVELOPE = "envelope.json"
"""Describes the CloudEvent around the data; written by hand."""


def schema_faults(events: dict[str, type[Event]], folder: Path, *, write: bool = False) -> Iterator[str]:
    """What keeps the schemas in ``folder`` from being those of ``events``; ``write`` mends what only adds."""
    for path in sorted(folder.glob("*.json")):
        if path.name != ENVELOPE and path.stem not in events:
            yield f"{path.stem}: the event was removed or renamed, but its schema is committed; readers may need it"
    for event_type, event in events.items():
        path, proposed = folder / f"{event_type}.json", reader_schema(event)
        committed: Schema | None = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
        refused = refusals(committed, proposed) if committed else []
        yield from (f"{event_type}: {reason}" for reason in refused)
        if committed == proposed or refused:
            continue
        if write:
            path.write_text(text(proposed), encoding="utf-8")
        else:
            state = "has no committed schema" if committed is None else "has a schema that only adds to the committed"
            yield f"{event_type}: {state}; run `python -m services.contracts.check --write` and commit it"


def subscription_faults(
    events: dict[str, type[Event]], subscriptions: Mapping[str, Sequence[type[Event]]]
) -> Iterator[str]:
    """What is wrong with the table of who wants which events."""
    for service, wanted in subscriptions.items():
        for event in wanted:
            if events.get(event.event_type) is not event:
                yield f"subscriptions of {service}: {event.__name__} is not a published event"
        for event_type in sorted({one.event_type for one in wanted if wanted.count(one) > 1}):
            yield f"subscriptions of {service}: {event_type} is named twice"


def all_faults(*, write: bool = False) -> list[str]:
    """Everything the gate has to say of this working tree; empty when it is satisfied."""
    events = all_events()
    return [
        *schema_faults(events, SCHEMAS, write=write),
        *golden.faults(events, SAMPLES),
        *subscription_faults(events, SUBSCRIPTIONS),
    ]


def main(arguments: Sequence[str]) -> int:
    """Print what is wrong, one line each; 0 where nothing is, 2 for an argument it does not know."""
    if not set(arguments) <= {"--write"}:
        sys.stderr.write("usage: python -m services.contracts.check [--write]\n")
        return 2
    found = all_faults(write="--write" in arguments)
    for fault in found:
        sys.stderr.write(f"{fault}\n")
    if not found:
        sys.stdout.write(f"contracts: {len(all_events())} events, schemas and samples in order\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
