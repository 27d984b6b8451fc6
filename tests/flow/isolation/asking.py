"""Requests as a program would send them, and answers whole. Invariant: what is in a PDF or a workbook is read."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from deploy.demo.client import Client, Json
from services.chassis.sheets import XLSX, read_sheets
from tests.printed import text_of

AT_ONCE = 64
"""What is refused as not being there is looked at for most of a second before, so many ask at once."""
_turn = asyncio.Semaphore(AT_ONCE)


@dataclass(frozen=True)
class Request:
    """A request: ``operation`` is the id it has in the description of the API."""

    operation: str
    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: Json | None = None
    form: tuple[Json, str, bytes] | None = None
    """A letter to be registered: its fields, the file's name and the scan."""
    headers: dict[str, str] = field(default_factory=dict)
    upload: bytes | None = None
    """A file to be brought."""
    stretch: bytes | None = None
    """Bytes of a file that is brought in several requests."""

    def __str__(self) -> str:
        asked = "&".join(f"{name}={value}" for name, value in self.query.items())
        return f"{self.method} {self.path}{'?' if asked else ''}{asked}"

    @property
    def said(self) -> str:
        """Everything the asker said, and so knows already."""
        return f"{self} {self.body} {self.form and self.form[0]} {self.headers}".casefold()


@dataclass(frozen=True)
class Answer:
    """Status, and everything that can be read in headers and body."""

    status: int
    text: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def betrays(self, traces: frozenset[str], request: Request) -> list[str]:
        """Which of the traces can be read in it, beside those the request named itself."""
        read, said = self.text.casefold(), request.said
        return sorted(one for one in traces if one in read and one not in said)


async def ask(client: Client, request: Request, *, signed_in: bool = True) -> Answer:
    """The answer, whatever it is; asked again where the connection had idled so long that it was just being closed."""
    try:
        return await _ask(client, request, signed_in=signed_in)
    except aiohttp.ClientConnectionError:
        return await _ask(client, request, signed_in=signed_in)


async def _ask(client: Client, request: Request, *, signed_in: bool) -> Answer:
    given: dict[str, Any] = {"params": request.query, "headers": dict(request.headers)}
    if signed_in:
        given["headers"] |= client._authorization()
    if request.form is not None:
        given["data"] = await _form(*request.form)
    elif request.upload is not None:
        given["data"] = aiohttp.FormData()
        given["data"].add_field("file", request.upload, filename="bukti.pdf", content_type="application/pdf")
    elif request.stretch is not None:
        given["data"] = request.stretch
    elif request.method in ("POST", "PUT", "PATCH"):
        given["json"] = request.body or {}
    async with _turn, client._http.request(request.method, request.path, **given) as response:
        content = await response.read()
        kind = response.content_type
        headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
        text = await asyncio.to_thread(_text, kind, content)
        body = await response.json() if kind.endswith("json") and content else None
        return Answer(response.status, f"{headers}\n\n{text}", body, response.headers)


async def ask_all(client: Client, requests: list[Request]) -> list[tuple[Request, Answer]]:
    """Every answer, beside its request."""
    answers = await asyncio.gather(*(ask(client, one) for one in requests))
    return list(zip(requests, answers, strict=True))


def _text(kind: str, content: bytes) -> str:
    if kind == "application/pdf":
        return text_of(content)
    if kind == XLSX:
        return str(read_sheets(content, "sheet.xlsx"))
    return content.decode("utf-8", "replace")


async def _form(letter: Json, name: str, scan: bytes) -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("letter", json.dumps(letter), content_type="application/json")
    form.add_field("files", scan, filename=name, content_type="application/pdf")
    return form
