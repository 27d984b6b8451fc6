"""The ids of what a file or a template brings. Invariant: the same row always means the same entity."""

from uuid import NAMESPACE_URL, uuid5

from services.routing.domain.importing.form import plain

_NAMESPACE = uuid5(NAMESPACE_URL, "https://lontar.id/organisation")


def id_of(*path: str | None) -> str:
    """The id that follows from these words, however they are written."""
    return str(uuid5(_NAMESPACE, "\x1f".join(plain(step or "") for step in path)))
