"""How errors appear in the API description. Invariant: every documented refusal has the one problem shape."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from services.chassis.errors import PROBLEM_JSON


class Problem(BaseModel):
    """RFC 9457 problem details; `code` is stable, `detail` is a sentence in Bahasa Indonesia."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str
    detail: str
    instance: str | None = None


_MEANINGS = {
    400: "The request cannot be read",
    401: "Not signed in, or the token is expired, foreign or forged",
    403: "Signed in, but not allowed to do this",
    404: "Not there, or not for the caller to know of",
    409: "In conflict with the present state, which the answer carries",
    410: "It was there, and its time is over",
    412: "The resource has changed since it was read",
    413: "The body is over the limit",
    415: "A kind of content that is not accepted",
    416: "The range lies outside the file",
    422: "Understood, but the content cannot be accepted",
    423: "Somebody else is at it this moment",
    429: "Too many requests",
    460: "What arrived has another checksum than was announced; nothing of it was kept",
    507: "There is no room left to take it in",
    503: "A part this needs is away; try again after Retry-After seconds",
    504: "A part this needs takes too long to answer",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's ``responses``: these statuses, each as problem+json. Every route can also answer 503."""
    schema = Problem.model_json_schema()
    return {
        status: {"description": _MEANINGS[status], "content": {PROBLEM_JSON: {"schema": schema}}}
        for status in (*statuses, 503)
    }
