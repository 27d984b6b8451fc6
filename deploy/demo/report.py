"""Prints for people what was read off a scan, and a letter's track. Invariant: what the server told, nothing else."""

from datetime import datetime
from zoneinfo import ZoneInfo

from deploy.cli.console import say, table
from deploy.demo.client import Json
from services.chassis.clock import now

STATUSES = {
    "registered": "terdaftar",
    "routed": "tersalur",
    "disposed": "didisposisikan",
    "in_progress": "diproses",
    "done": "selesai",
}


def print_suggestions(found: Json) -> None:
    """What the scan seems to say, and how sure that is; where it says nothing a line is missing."""
    named = {"Nomor": found["letter_number"], "Perihal": found["subject"], "Jenis": found["kind"]}
    read = [(label, one["value"], one["confidence"]) for label, one in named.items() if one]
    read += [("Tujuan", one["value"]["name"], one["confidence"]) for one in found["addressees"]]
    for label, value, confidence in read:
        say(f"        {label}: {value}  ({confidence:.0%})")


def print_track(track: Json, letter: Json, zone: ZoneInfo) -> None:
    """One letter: its head line, then every step: when, what, who, in which capacity, how long after the one before."""
    number = f"{letter['agenda_number']}/{letter['year']}"
    status = STATUSES.get(track["status"], track["status"])
    say("")
    say(f"{track['letter']['subject']}", style="bold")
    say(f"Agenda {number}, kode lacak {letter['tracking_code']}, status: {status}")
    rows = [_row(step, zone) for step in track["timeline"]]
    table("Jejak surat", (f"waktu ({now().astimezone(zone):%Z})", "langkah", "oleh", "rincian", "selang"), rows)


def _row(step: Json, zone: ZoneInfo) -> tuple[str, ...]:
    at = datetime.fromisoformat(step["at"]).astimezone(zone)
    actor = step.get("actor")
    who = f"{actor['person_name']}, {actor['display']}" if actor else "sistem"
    apart = step.get("seconds_since_previous")
    return (
        f"{at:%d-%m-%Y %H:%M:%S}",
        step["label"],
        who,
        step.get("detail") or "",
        "" if apart is None else f"{apart * 1000:,.0f} ms",
    )
