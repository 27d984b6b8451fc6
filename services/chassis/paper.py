"""The only place that speaks to the typesetter (typst). Invariant: data are printed, never read as markup, and the same
template, data and instant give the same bytes.

A template is a ``.typ`` file in one folder, outside of which it can read nothing; packages, which typst would fetch
from the network, are refused when the folder is opened. Data reach it as JSON and drawings as SVG through
``sys.inputs``, so they are values from the start. Fonts are those that typst brings along, whatever the machine has.
"""

import asyncio
import json
import logging
import re
import unicodedata
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Literal

import typst

from services.chassis.errors import unavailable

log = logging.getLogger(__name__)
MAX_DATA_BYTES = 256 * 1024
"""A thread cannot be stopped from outside. What a page may hold is therefore bounded, and with it the time it takes."""
Standard = Literal["a-2u"]
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PACKAGE = re.compile(r'["\s]@[a-z]+/')
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Control and formatting characters (those that turn the direction of text among them), and what is no character."""


class Unprintable(Exception):
    """A template or its data cannot be printed: a mistake of whoever wrote them, not of the moment."""


class Paper:
    """Prints from the templates in one folder, one page at a time on a thread of its own."""

    def __init__(self, folder: Path, *, timeout_seconds: float = 10.0) -> None:
        self._folder = folder.resolve()
        for path in self._folder.rglob("*.typ"):
            if _PACKAGE.search(path.read_text(encoding="utf-8")):
                raise Unprintable(f"{path.name} imports a package, which would be fetched from the network")
        self._timeout = timeout_seconds
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="paper")
        self._compiler: typst.Compiler | None = None

    async def print(
        self, template: str, data: Mapping[str, object], *, at: datetime, drawings: Mapping[str, str] | None = None
    ) -> bytes:
        """The PDF of ``template`` with ``data``, dated ``at``; 503 where it takes too long.

        The template finds ``data`` in ``sys.inputs.data`` (JSON) and each drawing (SVG) under its name.
        """
        path = self._folder / f"{template}.typ"
        if not _NAME.fullmatch(template) or not path.is_file():
            raise Unprintable(f"there is no template {template}")
        content = json.dumps(printable(data), ensure_ascii=False, sort_keys=True)
        inputs = {**(drawings or {}), "data": content}
        if sum(len(value.encode()) for value in inputs.values()) > MAX_DATA_BYTES:
            raise Unprintable(f"more than {MAX_DATA_BYTES} bytes for one {template}")
        work = asyncio.get_running_loop().run_in_executor(self._thread, self._compile, path, inputs, at)
        try:
            return await asyncio.wait_for(work, self._timeout)
        except TimeoutError:
            log.warning("printing %s took longer than %s s", template, self._timeout)
            raise unavailable("Cetakan belum dapat dibuat. Silakan coba lagi sebentar.") from None

    def _compile(self, path: Path, inputs: dict[str, str], at: datetime) -> bytes:
        try:
            return self._pdf(path, inputs, at, "a-2u")
        except typst.TypstError as error:
            if "could not be displayed" not in error.message:
                raise Unprintable(f"{path.name}: {error.message}") from None
        # A character no font of ours has. For the archive that is no document, for a reader it is a box in a word.
        return self._pdf(path, inputs, at, None)

    def _pdf(self, path: Path, inputs: dict[str, str], at: datetime, standard: Standard | None) -> bytes:
        if self._compiler is None:
            self._compiler = typst.Compiler(root=self._folder, ignore_system_fonts=True)
        made = self._compiler.compile(
            input=path, format="pdf", sys_inputs=inputs, timestamp=int(at.timestamp()), pdf_standards=standard
        )
        if not isinstance(made, bytes):
            raise Unprintable(f"{path.name} gave no document")
        return made


def printable(value: object) -> object:
    """``value`` with texts as they can be seen: no character that hides, moves or breaks others."""
    if isinstance(value, Mapping):
        return {str(name): printable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [printable(one) for one in value]
    if isinstance(value, str):
        spaced = "".join(" " if one in "\t\r\n\u2028\u2029" else one for one in unicodedata.normalize("NFC", value))
        return "".join(one for one in spaced if unicodedata.category(one) not in _UNPRINTABLE)
    return value
