"""What several doors of the organisation ask for: the scope to write it, and the state the client has seen.

A resource's entity tag is its version in quotes (RFC 9110, section 8.8.3).
"""

import re
from typing import Annotated

from fastapi import Depends, Header, Response

from services.chassis.auth import Principal, require
from services.chassis.errors import ServiceError

WRITE = "organisation:write"
Writer = Annotated[Principal, Depends(require(WRITE))]
_TAG = re.compile(r'^(?:W/)?"(\d{1,18})"$')


def tag(response: Response, version: int) -> None:
    """Put the tag on the answer."""
    response.headers["ETag"] = f'"{version}"'


def _seen_version(
    if_match: Annotated[str | None, Header(description="The ETag the client has seen; 412 where it changed.")] = None,
) -> int | None:
    """The version the client asks to be the present one, or None where it does not ask."""
    if if_match is None or if_match.strip() == "*":
        return None
    match = _TAG.match(if_match.strip())
    if match is None:
        raise ServiceError(412, "changed_meanwhile", "Data ini sudah berubah sejak Anda membukanya.")
    return int(match[1])


SeenVersion = Annotated[int | None, Depends(_seen_version)]
