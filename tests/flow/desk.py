"""What people do at their desks, and how they see that something has come. Invariant: over the public API alone."""

from collections.abc import Awaitable, Callable
from typing import Any

from deploy.demo.client import Client, Json, Refused
from tests.house import everything
from tests.waiting import until_equal


async def once_known(ask: Callable[[], Awaitable[Json]], *not_yet: int) -> Json:
    """What is answered as soon as it is refused with none of these statuses: news may still be on its way there.

    A service waits for such news a moment by itself, which its own tests show; a busy machine takes longer.
    """

    async def look() -> Json | Refused:
        try:
            return await ask()
        except Refused as refused:
            if refused.status not in not_yet:
                raise
            return refused

    found = await until_equal(look, lambda one: not isinstance(one, Refused))
    assert not isinstance(found, Refused)
    return found


async def opened(client: Client, letter_id: str) -> Json:
    """The letter in its book, as soon as intake knows that this person may read it."""
    return await once_known(lambda: client.get(f"/v1/letters/{letter_id}"), 404)


async def in_box(client: Client, box: str, **query: str) -> list[Json]:
    """Everything that stands in a box."""
    return [item async for item in everything(client, f"/v1/boxes/{box}", **query)]


async def arrived(client: Client, letter_id: str, box: str = "inbox") -> Json:
    """The branch on which the letter stands in the box, as soon as it does."""

    async def look() -> Json | None:
        page = await client.get(f"/v1/boxes/{box}")
        return next((one["branch"] for one in page["items"] if one["letter_id"] == letter_id), None)

    found = await until_equal(look, bool)
    assert found is not None
    return found


async def track_of(client: Client, letter_id: str) -> Json:
    """The letter's track."""
    return await client.get(f"/v1/letters/{letter_id}/track")


async def tracked(client: Client, letter_id: str, wanted: Callable[[Json], bool]) -> Json:
    """The track, as soon as it is as ``wanted``."""

    async def look() -> Json | None:
        try:
            return await track_of(client, letter_id)
        except Refused as refused:
            if refused.status != 404:
                raise
            return None

    found = await until_equal(look, lambda track: track is not None and wanted(track))
    assert found is not None
    return found


async def has_status(client: Client, letter_id: str, status: str) -> Json:
    """The track, as soon as the letter has this status."""
    return await tracked(client, letter_id, lambda track: bool(track["status"] == status))


async def told(client: Client, letter_id: str, reason: str) -> Json:
    """The notification about the letter that came for this reason, as soon as it has come."""

    async def look() -> Json | None:
        page = await client.get("/v1/notifications", limit="200")
        return next((one for one in page["items"] if _about(one, letter_id) and one["reason"] == reason), None)

    found = await until_equal(look, bool)
    assert found is not None
    return found


async def dispose(client: Client, letter_id: str, *recipients: Json, **how: Any) -> Json:
    """Give a disposition about the letter, as soon as it is known there that it came to this desk."""
    body = {"recipients": list(recipients), **how}
    return await once_known(lambda: client.post(f"/v1/letters/{letter_id}/dispositions", body), 403, 404)


def instructed(position_id: str, *instructions: str, **how: Any) -> Json:
    """A recipient of a disposition."""
    return {"position_id": position_id, "instructions": list(instructions or ("tindaklanjuti",)), **how}


def part_of(disposition: Json, position_id: str) -> str:
    """Where the position's part of a disposition is acted on."""
    [part] = [one for one in disposition["recipients"] if one["position_id"] == position_id]
    return f"/v1/dispositions/{disposition['id']}/recipients/{part['recipient_id']}"


async def act(client: Client, branch: Json, what: str, **body: Any) -> Json:
    """Do something on a branch."""
    return await client.post(f"/v1/branches/{branch['id']}/{what}", body)


async def replace(client: Client, path: str, body: Json) -> Json:
    """Put something in the place of what is there."""
    return await client._json("PUT", path, json=body)


async def remove(client: Client, path: str) -> None:
    """Take something away."""
    await client._json("DELETE", path)


async def refusal(client: Client, path: str, body: Json | None = None) -> int:
    """The status of a post that must not succeed."""
    try:
        await client.post(path, body)
    except Refused as refused:
        return refused.status
    raise AssertionError(f"{client.username} may do what is not theirs: {path}")


def steps(track: Json) -> list[str]:
    """What happened, in order."""
    return [step["what"] for step in track["timeline"]]


def branch_to(track: Json, unit_id: str) -> Json:
    """The newest way of the letter to a unit."""
    return max((one for one in track["branches"] if one["unit"]["id"] == unit_id), key=lambda one: str(one["id"]))


def _about(notification: Json, letter_id: str) -> bool:
    return bool(notification["links"].get("letter_id") == letter_id)
