"""Everybody asks the same. Invariant: an answer is compared with the rule as a whole table, so one run tells all."""

import asyncio
from dataclasses import dataclass

from deploy.demo.client import Client
from tests.flow.isolation.asking import Answer, Request, ask
from tests.flow.rights.company import ADMIN, EVERYBODY, NOBODY, Company
from tests.flow.rights.rules import IN, Rule

REFUSALS = frozenset({401, 403, 404})
AUTHORISED_ONLY = frozenset({400, 409, 412, 415, 422, 428})
"""Refusals that speak of the request, told only to those who might have done it."""


@dataclass(frozen=True)
class Cell:
    """Somebody's answer to a request, beside what the rule says it must be."""

    row: str
    name: str
    expected: int
    answer: Answer

    def holds(self, rule: Rule, *, writing: bool = False, nowhere: bool = False) -> bool:
        """Whether the answer is what the rule says; ``nowhere``: there is no such thing."""
        status = self.answer.status
        if rule.open:
            return status < 500 and status != 429 and self.code not in ("token_missing", "token_invalid")
        if self.expected != IN:
            return status == self.expected
        if status in rule.also or (nowhere and status == 404):
            return True
        return 200 <= status < 300 or (writing and status in AUTHORISED_ONLY)

    @property
    def code(self) -> str:
        """The code of a refusal."""
        return str(self.answer.body.get("code", "")) if isinstance(self.answer.body, dict) else ""

    def __str__(self) -> str:
        return f"{self.row}: {self.name} got {self.answer.status} {self.code}, not {self.expected}"


async def ask_everybody(
    company: Company, row: str, rule: Rule, request: Request, *, at_most: int | None = None
) -> list[Cell]:
    """The answers of everybody there is, nobody in particular among them.

    ``at_most`` bounds how many of those who are let in ask, where each answer costs the house much.
    """
    let_in = [name for name in EVERYBODY if rule.expected(name) == IN][:at_most]
    asking = [NOBODY, *(name for name in EVERYBODY if rule.expected(name) != IN or name in let_in)]
    answers = await asyncio.gather(*(_ask(company, name, request) for name in asking))
    return [Cell(row, name, rule.expected(name), answer) for name, answer in zip(asking, answers, strict=True)]


async def _ask(company: Company, name: str, request: Request) -> Answer:
    client: Client = await company.client(ADMIN if name == NOBODY else name)
    return await ask(client, request, signed_in=name != NOBODY)
