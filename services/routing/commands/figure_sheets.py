"""The figures as rows of sheets, headings first. Invariant: numbers are numbers, instants are local, and nothing
stands where nothing was measured.

Times are given in minutes: a delivery takes a second, an answer takes days, and both can be read in minutes.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from services.chassis.sheets import Cell
from services.routing.commands.figure_adoption import Adoption
from services.routing.commands.figure_backlogs import Backlogs
from services.routing.commands.figure_counts import Counted
from services.routing.domain.figure_backlog import AGE_LABELS, Standing
from services.routing.domain.figure_baseline import Baseline, saved
from services.routing.domain.figure_counts import Tally, times_of
from services.routing.domain.figure_measures import (
    LABELS,
    LEADER_LABELS,
    LEADERS,
    MEASURES,
    PATH,
    SPANS,
    by_leader,
)
from services.routing.domain.organisation import Unit
from services.routing.domain.steps import OUTCOMES

Rows = list[Sequence[Cell]]
Line = Callable[[Tally], list[Cell]]
STATES = {
    "sent": "Terkirim",
    "read": "Dibaca",
    "received": "Diterima",
    "in_progress": "Diproses",
    "done": "Selesai",
    "returned": "Dikembalikan",
    "recalled": "Ditarik kembali",
    "redirected": "Dialihkan",
}
SPAN_NAMES: dict[str, str] = {
    **{name: LABELS[name] for name in SPANS if name != "to_completion"},
    **{by_leader(one): f"{LABELS['to_disposition']}, {LEADER_LABELS[one]}" for one in LEADERS},
}
PATH_NAMES: dict[str, str] = {name: LABELS[name] for name in PATH}
ROLES = {"addressee": "Surat masuk untuk ditindaklanjuti", "copy": "Tembusan", "dispatch": "Kiriman ke luar"}
TOTAL = "Seluruh unit"
MOST_LINES = 2_000
"""Of more units and months than this a sheet has a line a unit, over all the months."""


def times_sheet(counted: Counted, units: Mapping[str, Unit], names: Mapping[str, str]) -> Rows:
    """Of each unit and month: how many, the median and the 90th percentile of each of these times."""
    headings: list[Cell] = ["Unit", "Bulan", "Jumlah jalur surat"]
    for label in names.values():
        headings += [f"{label}: jumlah", f"{label}: median (menit)", f"{label}: p90 (menit)"]

    def line(tally: Tally) -> list[Cell]:
        found: list[Cell] = [sum(tally.counted_by("role").values())]
        for name in names:
            times = times_of(tally, name)
            found += [times.count, _minutes(times.median_seconds), _minutes(times.p90_seconds)]
        return found

    return [headings, *_lines(counted, units, line)]


def outcome_sheet(counted: Counted, units: Mapping[str, Unit]) -> Rows:
    """Of each unit and month: what it sent and entered, what became of it, and where those ended that came to it."""
    headings: list[Cell] = ["Unit", "Bulan", "Surat terdaftar", "Surat dikirim unit ini", "Surat dari luar dicatat"]
    headings += [f"Hasil: {label}" for label in OUTCOMES.values()]
    headings += [f"{LABELS['to_completion']}: {what}" for what in ("jumlah", "median (menit)", "p90 (menit)")]
    headings += [*ROLES.values(), *(f"Posisi akhir: {label}" for label in STATES.values())]

    def line(tally: Tally) -> list[Cell]:
        times = times_of(tally, "to_completion")
        named = ["letters", "sent", "entered", *(f"outcome/{name}" for name in OUTCOMES)]
        found: list[Cell] = [tally.count(name) for name in named]
        found += [times.count, _minutes(times.median_seconds), _minutes(times.p90_seconds)]
        ends = [*(f"role/{name}" for name in ROLES), *(f"state/{name}" for name in STATES)]
        return [*found, *(tally.count(name) for name in ends)]

    return [headings, *_lines(counted, units, line)]


def before_sheet(total: Tally, before: Baseline | None) -> Rows:
    """Before and after, of everything together."""
    rows: Rows = [["Langkah", "Sebelum (menit)", "Sesudah: median (menit)", "Jumlah", "Penghematan (%)"]]
    for measure in MEASURES:
        times, took = times_of(total, measure), before.seconds(measure) if before else None
        share = saved(took, times.median_seconds)
        percent = None if share is None else round(share * 100, 2)
        rows.append([LABELS[measure], _minutes(took), _minutes(times.median_seconds), times.count, percent])
    if before:
        rows.append(["Sumber data sebelum", before.source])
    return rows


def adoption_sheet(month: str, found: Sequence[Adoption], zone: ZoneInfo) -> Rows:
    """Who works with it."""
    headings: list[Cell] = ["Unit", "Bulan", "Jabatan aktif", "Jabatan yang bertindak", "Orang yang bertindak"]
    headings += ["Surat dikirim", "Surat diterima", "Dibuka", "Perlu ditindaklanjuti", "Ditindaklanjuti"]
    headings += ["Berbatas waktu", "Tepat waktu", "Lewat batas waktu", "Kegiatan terakhir"]
    counted = ("sent", "delivered", "opened", "asked", "acted", "timed", "in_time", "overdue")
    rows: Rows = [headings]
    for one in found:
        numbers = [one.positions, one.acting, one.people, *(one.tally.count(name) for name in counted)]
        rows.append([one.unit.name, month, *numbers, _local(one.last_at, zone)])
    return rows


def backlog_sheet(found: Backlogs, zone: ZoneInfo) -> Rows:
    """What lies undone, and at what instant it was so."""
    headings: list[Cell] = ["Unit", "Belum selesai", "Belum ditindaklanjuti", "Lewat batas waktu"]
    headings += ["Tembusan belum dibaca", "Belum dikirim ke luar"]
    headings += [*(f"Umur {label}" for label in AGE_LABELS), "Tertua sejak", "Keadaan pada"]

    def line(name: str, one: Standing) -> Sequence[Cell]:
        numbers = [one.open, one.not_followed_up, one.overdue, one.unread_copies, one.to_dispatch]
        return [name, *numbers, *one.ages.values(), _local(one.oldest_at, zone), _local(found.at, zone)]

    return [headings, *(line(unit.name, one) for unit, one in found.units), line(TOTAL, found.total)]


def _lines(counted: Counted, units: Mapping[str, Unit], line: Line) -> Rows:
    cells = counted.cells
    if len(cells) > MOST_LINES:
        span = f"{min(counted.months)} s.d. {max(counted.months)}"
        cells = {(unit_id, span): tally for unit_id, tally in counted.units.items()}
    ordered = sorted(cells.items(), key=lambda one: (units[one[0][0]].name, one[0]))
    rows: Rows = [[units[unit_id].name, month, *line(tally)] for (unit_id, month), tally in ordered]
    rows += [[TOTAL, month, *line(tally)] for month, tally in counted.months.items()]
    return rows


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 60, 3)


def _local(instant: datetime | None, zone: ZoneInfo) -> datetime | None:
    return instant.astimezone(zone).replace(microsecond=0) if instant else None
