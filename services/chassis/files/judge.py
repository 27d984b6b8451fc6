"""A judge: a process that looks at files for a service. Invariant: it has the file in its hand and nothing else.

``python -I -m services.chassis.files.judge`` speaks over the socket that is its standard input: a question comes with
an open file, an answer goes back. Before the first question it has loaded all it needs and has shut itself in. For each
file it allows itself so much processor time and memory; whoever asks kills it when it does not answer. It ends when
the other side is gone, however that came about.
"""

import contextlib
import io
import math
import os
import resource
import socket
import zipfile
from typing import Any

import orjson
import pikepdf
from PIL import Image

from services.chassis.confinement import shut_in
from services.chassis.files.inspection import inspect_document, inspect_scan
from services.chassis.files.limits import FileLimits
from services.chassis.files.received import Received
from services.chassis.files.refusal import Unacceptable, unreadable

MESSAGE_BYTES = 4096
READY = b"ready"
OPEN_FILES = 6
"""The socket, standard output and error, the file, and its double while it lies in memory."""


def answer_to(question: dict[str, Any], file: int) -> dict[str, Any]:
    """What to say of the file: what it is, or what is wrong with it."""
    with open(file, "rb", buffering=0) as raw, io.BufferedReader(raw) as content:
        received = Received("", content, question["size"], "")
        limits = FileLimits(*question["limits"])
        try:
            if question["wanted"] == "scan":
                found = inspect_scan(received, limits)
                return {"media_type": found.media_type, "pages": found.pages}
            return {"media_type": inspect_document(received, limits), "pages": 1}
        except Unacceptable as refusal:
            return {"fault": refusal.fault, "sentence": refusal.sentence}
        except MemoryError:
            return {"fault": "unreadable", "sentence": unreadable().sentence, "worn": True}


def used() -> float:
    """Seconds of the processor so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def allow(seconds: float, memory: int) -> None:
    """So much more processor time, and so much memory in all, until the next file."""
    until = math.ceil(used() + seconds)
    for limit, most in ((resource.RLIMIT_CPU, until), (resource.RLIMIT_AS, memory)):
        resource.setrlimit(limit, (most, resource.RLIM_INFINITY))


def load() -> None:
    """Meet one file of each kind, so that nothing is left to be loaded afterwards."""
    for content in (
        *_pictures(),
        _document(),
        _locked(),
        _package(),
        b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + bytes(64),
    ):
        with contextlib.suppress(Unacceptable):
            inspect_document(Received("", io.BytesIO(content), len(content), ""))


def _pictures() -> list[bytes]:
    made = []
    for kind in ("JPEG", "PNG", "TIFF"):
        target = io.BytesIO()
        Image.new("RGB", (8, 8)).save(target, kind)
        made.append(target.getvalue())
    return made


def _document() -> bytes:
    target, document = io.BytesIO(), pikepdf.new()
    document.add_blank_page()
    document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary())
    document.save(target)
    return target.getvalue()


def _locked() -> bytes:
    target, document = io.BytesIO(), pikepdf.new()
    document.add_blank_page()
    document.save(target, encryption=pikepdf.Encryption(owner="-", user="-"))
    return target.getvalue()


def _package() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    return target.getvalue()


def serve(door: socket.socket) -> None:
    """Answer until there is nobody to answer to."""
    door.send(READY)
    while True:
        asked, files, _, _ = socket.recv_fds(door, MESSAGE_BYTES, 1)
        if not asked:
            return
        question = orjson.loads(asked)
        allow(question["seconds"], question["memory"])
        door.send(orjson.dumps(answer_to(question, files[0]) | {"used": used()}))


def main() -> None:
    """Load, shut in, serve."""
    load()
    with socket.socket(fileno=os.dup(0)) as door:
        shut_in(OPEN_FILES)
        serve(door)


if __name__ == "__main__":
    main()
