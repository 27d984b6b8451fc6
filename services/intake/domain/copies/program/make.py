"""``make.py <order>`` in a folder that holds ``original``: make its copies and say, in JSON, what there is.

Every page is made in a process forked for it, with the processor's time a page may take; so is the PDF of all of them.
One that is killed, breaks or breaks off leaves its page without copies. When the time for all is over, the pages that
are left are not begun. So whatever the scan is, something can be said of it.
"""

import json
import os
import resource
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.intake.domain.copies.program.assembly import assemble
from services.intake.domain.copies.program.pages import Job, make_page

NORMALISED, ARCHIVAL, WORDS, TEXT = "normalised.pdf", "archival", "words.jsonl", "text.txt"


def main(order: dict[str, Any]) -> dict[str, Any]:
    """Make what is ordered: ``pages``, ``pdf``, ``languages``, ``page_seconds``, ``seconds``, ``assembly_seconds``."""
    folder = Path.cwd()
    job = Job(folder, order["pdf"], order["languages"])
    made: dict[int, dict[str, Any] | None] = {}
    for number in range(1, order["pages"] + 1):
        in_time = _used() < order["seconds"]
        if in_time:
            _apart(lambda number=number: make_page(job, number), order["page_seconds"])  # type: ignore[misc]
        made[number] = _made(job, number)
    known = {number: _without_words(page) for number, page in made.items()}
    _write_words(folder, made)
    seconds = order["assembly_seconds"]
    # The strict validator reads every byte of it; where that is too much, a plain PDF is better than none.
    whole = any(_apart(lambda sure=sure: _assemble(job, known, sure), seconds) for sure in (True, False))  # type: ignore[misc]
    pages = [{"page": number} | _told(job, number, page) for number, page in known.items()]
    normalised = whole and (folder / NORMALISED).exists()
    return {"pages": pages, "normalised": normalised, "archival": normalised and (folder / ARCHIVAL).exists()}


def _assemble(job: Job, made: dict[int, dict[str, Any] | None], archival: bool) -> None:
    target = job.folder / NORMALISED
    if assemble(made, job.folder, job.original if job.pdf else None, target, archival=archival):
        (job.folder / ARCHIVAL).touch()


def _apart(act: Callable[[], None], seconds: float) -> bool:
    """Do it in a process of its own, which may take ``seconds`` of the processor; whether it came to its end."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            _bound(seconds)
            act()
            status = 0
        finally:
            os._exit(status)  # never back into the program's own course
    _, ended = os.waitpid(child, 0)
    return ended == 0


def _bound(seconds: float) -> None:
    """What the process started, Tesseract among it, is bound alike."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = max(1, round(seconds))
    resource.setrlimit(resource.RLIMIT_CPU, (min(wanted, most), min(wanted, most)) if most > 0 else (wanted, wanted))


def _used() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _made(job: Job, number: int) -> dict[str, Any] | None:
    try:
        page: dict[str, Any] = json.loads(job.at(number, ".json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return page


def _without_words(page: dict[str, Any] | None) -> dict[str, Any] | None:
    return page and {name: value for name, value in page.items() if name not in ("words", "text")}


def _told(job: Job, number: int, page: dict[str, Any] | None) -> dict[str, Any]:
    if page is None:
        return {"failed": True}
    shown = job.at(number, "-small.webp").exists() and job.at(number, "-large.webp").exists()
    failed = not shown or bool(page.get("unread"))
    return {name: page[name] for name in ("width", "height", "recognised", "faults")} | {"failed": failed}


def _write_words(folder: Path, made: dict[int, dict[str, Any] | None]) -> None:
    with (folder / WORDS).open("w", encoding="utf-8") as words, (folder / TEXT).open("w", encoding="utf-8") as texts:
        for number, page in made.items():
            known = page or {"width": 0.0, "height": 0.0, "words": [], "text": ""}
            spoken = [[tidy(text), *box] for text, *box in known["words"]]
            row = [number, known["width"], known["height"], [word for word in spoken if word[0]]]
            words.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
            texts.write(tidy(known["text"]) + "\f")


def tidy(text: str) -> str:
    """One line a line, single spaces, words whole again, ligatures spelt out, and only what can be printed."""
    spelt = unicodedata.normalize("NFKC", text.replace("\x02", "").replace("\u00ad", ""))
    lines = (" ".join(line.split()) for line in spelt.splitlines())
    printable = ("".join(symbol for symbol in line if symbol.isprintable()) for line in lines)
    return "\n".join(line for line in printable if line)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(json.loads(sys.argv[1]))))
