"""Prints a letter's track for people. Invariant: shows what the server told, and computes nothing but times apart."""

from datetime import datetime
from zoneinfo import ZoneInfo

from deploy.cli.console import say, table
from deploy.demo.client import Json


def print_track(track: Json, letter: Json, zone: ZoneInfo) -> None:
    """One letter: its head line, then every step: when, what, who, in which capacity, how long after the one before."""
    number = f"{letter['agenda_number']}/{letter['year']}"
    say("")
    say(f"Agenda {number}  kode lacak {letter['tracking_code']}  status {track['status']}", style="bold")
    rows = []
    before: datetime | None = None
    for step in track["timeline"]:
        at = datetime.fromisoformat(step["at"]).astimezone(zone)
        rows.append((f"{at:%d-%m-%Y %H:%M:%S}", step["label"], _who(step), _apart(before, at)))
        before = at
    table("Jejak surat", ("waktu", "langkah", "oleh", "selang"), rows)


def _who(step: Json) -> str:
    actor = step.get("actor")
    return f"{actor['person_name']}, {actor['display']}" if actor else "sistem"


def _apart(before: datetime | None, at: datetime) -> str:
    return "" if before is None else f"{(at - before).total_seconds() * 1000:,.0f} ms"
