"""Range requests (RFC 9110, section 14). Invariant: whatever is malformed is ignored, as the standard asks.

One range is served; a request for several gets the whole file, which is always allowed.
"""

import re

# Possessive, so that a header of nothing but spaces is refused in one pass.
_ONE_RANGE = re.compile(r"bytes=\s*+([0-9]*+)\s*+-\s*+([0-9]*+)\s*+", re.IGNORECASE)
_DIGITS = 18
"""A position with more digits lies beyond any file; how far is nothing to reckon with."""


class Unsatisfiable(Exception):
    """The range lies outside the file."""


def part_wanted(header: str | None, size: int) -> tuple[int, int] | None:
    """(offset, length) of the one range wanted, or None for the whole; raises Unsatisfiable."""
    match = _ONE_RANGE.fullmatch(header or "")
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        length = min(_number(last), size)
        if length == 0:
            raise Unsatisfiable
        return size - length, length
    start = _number(first)
    end = min(_number(last), size - 1) if last else size - 1
    if last and _number(last) < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return start, end - start + 1


def _number(digits: str) -> int:
    significant = digits.lstrip("0")
    return int(significant or "0") if len(significant) <= _DIGITS else 10**_DIGITS
