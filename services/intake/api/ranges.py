"""Range requests (RFC 9110, section 14). Invariant: whatever is malformed is ignored, as the standard asks.

One range is served; a request for several gets the whole file, which is always allowed.
"""

import re

_ONE_RANGE = re.compile(r"^bytes=\s*(\d*)\s*-\s*(\d*)\s*$", re.IGNORECASE)


class Unsatisfiable(Exception):
    """The range lies outside the file."""


def part_wanted(header: str | None, size: int) -> tuple[int, int] | None:
    """(offset, length) of the one range wanted, or None for the whole; raises Unsatisfiable."""
    match = _ONE_RANGE.match(header or "")
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        length = min(int(last), size)
        if length == 0:
            raise Unsatisfiable
        return size - length, length
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return start, end - start + 1
