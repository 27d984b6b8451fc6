"""What betrays a village's letters: their words, tracking codes, hashes, and the id of everything that came of them.

Invariant: ids of the organisation (units, positions, people, assignments) are everybody's and betray nothing.
"""

import base64
import re
from collections.abc import Iterable
from functools import partial

from deploy.demo.client import Json
from deploy.demo.organisation import SEATS
from tests.flow.cast import Cast
from tests.flow.desk import once_known
from tests.flow.front_desk import check_word_on, receipt_of
from tests.flow.isolation.asking import Request, ask
from tests.flow.isolation.world import World
from tests.house import House, everything

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
ORGANISATION = ("units", "positions", "people", "assignments")


async def read_traces(house: House, cast: Cast, world: World) -> None:
    """Find out what betrays this world, and put it there."""
    [leader, own] = await cast("bupati", world.village.username)
    await _note_notifications(cast, world)
    pages = [f"/v1/letters/{one}{part}" for one in world.letter_ids for part in ("", "/track", "/dispositions")]
    pages += [f"/v1/dispositions/{one['id']}" for one in world.dispositions.values()]
    pages += [f"/v1/schedule/requests/{one}" for one in world.requests.values()]
    pages += [f"/v1/schedule/events/{one}" for one in world.events.values()]
    read = [str(await once_known(partial(leader.get, page), 404)) for page in pages]
    own_pages = (f"/v1/distribution-lists/{world.list_id}", f"/v1/absences/{world.absence_id}")
    read += [str(await own.get(page)) for page in (*own_pages, *_before_letters(world))]
    found = set(_ID.findall(" ".join(read))) - await _organisation(house)
    found |= {one for told in world.notifications.values() for one in told}
    found |= set(world.keys) | set(world.village.words)
    world.check_word = check_word_on(await receipt_of(own, world.letters["plain"]["id"]))
    world.traces = frozenset(one.casefold() for one in (*found, *_of_files(world), world.check_word))


def _before_letters(world: World) -> list[str]:
    of = {"scans": [one["id"] for one in world.scans.values()]}
    of |= {"drafts": list(world.drafts.values()), "batches": list(world.batches.values())}
    return [f"/v1/{kind}/{one}" for kind, ids in of.items() for one in ids]


def _of_files(world: World) -> Iterable[str]:
    for sent in world.letters.values():
        yield sent["tracking_code"]
        yield sent["tracking_code"].replace("-", "")
        for file in (*sent["files"], *(scan["file"] for scan in world.scans.values() if scan["file"])):
            yield file["file_id"]
            yield file["sha256"]
            yield base64.b64encode(bytes.fromhex(file["sha256"])).decode()


async def _note_notifications(cast: Cast, world: World) -> None:
    for one in SEATS:
        [client] = await cast(one.username)
        about = [item async for item in everything(client, "/v1/notifications") if _concerns(item, world)]
        if about:
            world.notifications[one.username] = [item["id"] for item in about]


def _concerns(notification: Json, world: World) -> bool:
    return notification["links"].get("letter_id") in world.letter_ids


async def _organisation(house: House) -> set[str]:
    async with house.admin() as admin:
        return {item["id"] for kind in ORGANISATION for item in [one async for one in everything(admin, f"/v1/{kind}")]}


async def sight(cast: Cast, world: World) -> dict[str, str]:
    """Everything there is to see of a world, by those who may see it: to be compared with itself later."""
    [leader, own, secretary] = await cast("bupati", world.village.username, "sespri")
    pages = [(leader, f"/v1/letters/{one}{part}") for one in world.letter_ids for part in ("/track", "/dispositions")]
    pages += [(leader, f"/v1/dispositions/{one['id']}") for one in world.dispositions.values()]
    pages += [(secretary, f"/v1/schedule/requests/{one}") for one in world.requests.values()]
    pages += [(secretary, f"/v1/schedule/events/{one}") for one in world.events.values()]
    pages += [(own, f"/v1/distribution-lists/{world.list_id}"), (own, f"/v1/absences/{world.absence_id}")]
    pages += [
        (own, path)
        for path in (
            "/v1/register",
            "/v1/letters",
            "/v1/boxes",
            "/v1/notifications",
            "/v1/absences",
            "/v1/books",
            "/v1/drafts",
        )
    ]
    pages += [(own, path) for path in (*_before_letters(world), "/v1/batches")]
    for other in await cast("kadis.pu", "kadis.kes", "kabid.bm", "tu.pu"):
        pages += [(other, "/v1/boxes"), (other, "/v1/notifications"), (other, "/v1/dispositions")]
    seen = {}
    for client, path in pages:
        answer = await ask(client, Request("sight", "GET", path))
        assert answer.status == 200, (client.username, path, answer)
        seen[f"{client.username} {path}"] = str(answer.body)
    return seen
