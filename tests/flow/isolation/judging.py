"""Judging answers: what a stranger must not be told, and that those whose things they are see them."""

import re
from collections.abc import Container, Iterator

import pytest

from deploy.demo.client import Client
from tests.flow.cast import Cast
from tests.flow.isolation.asking import Answer, Request
from tests.flow.isolation.both import Both
from tests.flow.isolation.deeds import BY_ITSELF
from tests.flow.isolation.expected import (
    ADMINISTRATION,
    COUNTS,
    EVERYBODYS,
    GUARDED,
    HIDDEN,
    LISTS,
    ONES_OWN,
    OPEN,
    OWNER,
    SESSIONS,
    STREAM,
)
from tests.flow.isolation.operations import Operation, questions
from tests.flow.isolation.village import BATUNUNGGUL, SEKARTAJI
from tests.flow.isolation.world import World
from tests.house import House

DIRECTIONS = pytest.mark.parametrize(
    ("stranger", "owner"), [(BATUNUNGGUL, SEKARTAJI), (SEKARTAJI, BATUNUNGGUL)], ids=["of sekartaji", "of batununggul"]
)
"""Whose letters somebody else asks for."""
NEEDED = {"search_letters": frozenset({"q"}), "read_book": frozenset({"cursor"})}
QUESTIONS = (HIDDEN, LISTS, COUNTS, GUARDED, EVERYBODYS, ONES_OWN, STREAM)
TABLES = (*QUESTIONS, OPEN, ADMINISTRATION, SESSIONS, BY_ITSELF)
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def witness(cast: Cast, house: House, name: str, world: World) -> Client:
    """Somebody who may see the world's things."""
    if name == "admin":
        client = await Client.open(house.stack.base_url, "admin")
        await client.sign_in(house.stack.admin_password)
        return client
    [client] = await cast(world.village.username if name == OWNER else name)
    return client


def asked(both: Both, table: Container[str], world: World) -> Iterator[tuple[Operation, list[Request]]]:
    """The questions of a table, by operation; those that are not offered yet are left out."""
    for name, operation in both.operations.items():
        if name in table:
            yield operation, questions(operation, world, NEEDED.get(name, frozenset()))


def unseen(answers: list[tuple[Request, Answer]], traces: frozenset[str], allowed: set[int]) -> None:
    """Nobody is told anything."""
    for request, answer in answers:
        assert not answer.betrays(traces, request), f"{request} betrays {answer.betrays(traces, request)}"
        assert answer.status in allowed, f"{request}: {answer.status} {answer.text[-300:]}"


def plain(answer: Answer) -> str:
    """An answer without what is different each time it is given."""
    return _ID.sub("*", str(answer.body))
