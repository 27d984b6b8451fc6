"""What people do with dispositions, and where they see them. Invariant: over the public API alone."""

import json
from typing import Any

import aiohttp

from deploy.demo.client import Client, Json, Refused
from tests.flow.desk import part_of
from tests.waiting import until_equal


async def offered(client: Client, letter_id: str, **query: str) -> list[Json]:
    """Whom this person may instruct about the letter, the most natural first, as soon as the letter is known there."""

    async def look() -> Json | None:
        try:
            return await client.get(f"/v1/letters/{letter_id}/disposition-candidates", **query)
        except Refused as refused:
            if refused.status != 404:
                raise
            return None

    page = await until_equal(look, bool)
    assert page is not None
    items: list[Json] = page["items"]
    return items


async def acted(client: Client, disposition: Json, position_id: str, what: str, **body: Any) -> Json:
    """The disposition after an act on the position's part of it."""
    answer = await client.post(f"{part_of(disposition, position_id)}/{what}", body or None)
    after: Json = answer["disposition"]
    return after


async def as_it_is(client: Client, disposition: Json) -> Json:
    """The disposition by now, with its thread."""
    return await client.get(f"/v1/dispositions/{disposition['id']}")


def part(disposition: Json, position_id: str) -> Json:
    """The position's part of it."""
    [found] = [one for one in disposition["recipients"] if one["position_id"] == position_id]
    return dict(found)


def states(disposition: Json) -> dict[str, str]:
    """How far each position is."""
    return {one["position_id"]: one["state"] for one in disposition["recipients"]}


def roles(disposition: Json) -> dict[str, str]:
    """What each position is for."""
    return {one["position_id"]: one["role"] for one in disposition["recipients"]}


async def in_tab(client: Client, box: str, **query: str) -> list[Json]:
    """What stands in a box of this person, page by page, however short the pages are."""
    found: list[Json] = []
    cursor: dict[str, str] = {}
    while True:
        page = await client.get("/v1/dispositions", box=box, **query, **cursor)
        found += page["items"]
        if not page["next"]:
            return found
        cursor = {"cursor": page["next"]}


async def counts(client: Client, **query: str) -> dict[str, int]:
    """How much stands in each box."""
    page = await client.get("/v1/dispositions/counts", **query)
    return {one["box"]: one["count"] for one in page["items"]}


async def patch(client: Client, path: str, body: Json) -> Json:
    """Change a part of what is there."""
    return await client._json("PATCH", path, json=body)


async def attach(client: Client, disposition: Json, name: str, content: bytes, media_type: str) -> Json:
    """Bring a file for an answer."""
    form = aiohttp.FormData()
    form.add_field("file", content, filename=name, content_type=media_type)
    return await client._json("POST", f"/v1/dispositions/{disposition['id']}/attachments", data=form)


async def refused(client: Client, path: str, body: Json | None = None) -> tuple[int, Json]:
    """Status and problem of a post that must not succeed."""
    try:
        await client.post(path, body)
    except Refused as no:
        return no.status, no.problem
    raise AssertionError(f"{client.username} may do what is not theirs: {path} {json.dumps(body)}")


async def told_of(client: Client, disposition: Json, reason: str) -> Json:
    """The notification about the disposition that came for this reason, as soon as it has come."""

    async def look() -> Json | None:
        page = await client.get("/v1/notifications", limit="200")
        mine = (one for one in page["items"] if one["links"].get("disposition_id") == disposition["id"])
        return next((one for one in mine if one["reason"] == reason), None)

    found = await until_equal(look, bool)
    assert found is not None
    return found


def reasons(notifications: list[Json], disposition: Json) -> list[str]:
    """For which reasons one was told of the disposition."""
    return [one["reason"] for one in notifications if one["links"].get("disposition_id") == disposition["id"]]
