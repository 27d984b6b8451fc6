"""What a PDF does by itself, or carries besides its pages. Invariant: fails closed; what cannot be told is refused.

ISO 32000-2: actions (12.6), additional actions, annotations that play or carry files (12.5.6), embedded files (7.11.4),
XFA forms (annex K of ISO 32000-1). A link to the web or within the document, a signature and a plain form may stay: a
letter that was signed electronically has them.
"""

import re
from collections.abc import Iterator

import pikepdf

_ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToR",
        "/GoToE",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/RichMediaExecute",
        "/GoTo3DView",
    }
)
"""Those that run code, leave the document or play something. Not GoTo, URI, Named, Hide, ResetForm, SetOCGState."""
_ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Screen", "/Sound", "/3D"})
_KEYS = frozenset({"/JS", "/JavaScript", "/EF", "/RichMediaContent", "/XFA"})
"""Where one of these stands in a dictionary, something is there to be run or unpacked."""
_TYPES = frozenset({"/EmbeddedFile"})
_TREES = frozenset({"/EmbeddedFiles"})
"""Name trees, which some programs leave behind empty."""
_WORDS = sorted({one[1:] for one in _ACTIONS | _ANNOTATIONS | _KEYS | _TYPES | _TREES} | {"URI"}, key=len, reverse=True)
_MENTION = re.compile(rb"/(?:" + "|".join(_WORDS).encode() + rb")(?![^\s()<>\[\]{}/%])")
_RISKY_LINK = re.compile(rb"(?:javascript|vbscript|data|file|smb|shell|ms-[a-z-]+):|\\\\", re.IGNORECASE)
"""Of links only those that lead to the web, to a mailbox or a telephone are left alone."""
_BLANKS = bytes(range(33))
MOST_NODES = 200_000
"""Of one object, looked at closely."""


def may_be_active(written: bytes) -> bool:
    """Whether an object, as qpdf writes it, holds a word that is worth a closer look."""
    return _MENTION.search(written) is not None


def is_active(one: pikepdf.Object) -> bool:
    """Whether the object, or what is written within it, is of those."""
    return any(_does_something(node) for node in _nodes(one))


def _nodes(one: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """The object and all that is written within it; what it only refers to is an object of its own."""
    left = [one]
    for _ in range(MOST_NODES):
        if not left:
            return
        node = left.pop()
        yield node
        within = _within(node)
        left.extend(value for value in within if isinstance(value, pikepdf.Object) and not value.is_indirect)
    raise ValueError("an object without end")


def _within(node: pikepdf.Object) -> Iterator[object]:
    if isinstance(node, pikepdf.Dictionary | pikepdf.Stream):
        yield from (node.get(key) for key in node.keys())  # noqa: SIM118 - of a stream, iterating gives no keys
    elif isinstance(node, pikepdf.Array):
        yield from node


def _does_something(node: pikepdf.Object) -> bool:
    if isinstance(node, pikepdf.Name):
        # Only an object that is nothing but this name comes here alone: written apart so that it is overlooked.
        return node.is_indirect and str(node) in _ACTIONS | _ANNOTATIONS | _TYPES
    if not isinstance(node, pikepdf.Dictionary | pikepdf.Stream):
        return False
    keys = set(node.keys())
    if keys & _KEYS or _named(node, "/Type") in _TYPES:
        return True
    if any(_has_entries(node.get(key)) for key in keys & _TREES):
        return True
    if _named(node, "/S") in _ACTIONS and _named(node, "/Type") != "/StructElem":
        return True
    if _named(node, "/Subtype") in _ANNOTATIONS:
        return True
    return "/URI" in keys and _leads_astray(node.get("/URI"))


def _named(node: pikepdf.Object, key: str) -> str:
    value = node.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _has_entries(tree: object) -> bool:
    if not isinstance(tree, pikepdf.Dictionary):
        return tree is not None
    return any(len(tree.get(key, ())) for key in ("/Names", "/Kids"))


def _leads_astray(link: object) -> bool:
    if not isinstance(link, pikepdf.String):
        return False  # the catalogue's own /URI is a dictionary that says where relative links begin
    return _RISKY_LINK.match(bytes(link).strip(_BLANKS)) is not None
