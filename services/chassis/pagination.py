"""Cursor pagination. Invariant: a page starts right after the last item of the one before, whatever was added since.

A cursor is the id of the last item; ids are UUIDv7, so newest first is descending id and needs no offset.
"""

from datetime import date
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

from services.chassis.ids import EntityId
from services.chassis.mongo import Document

Item = TypeVar("Item")

Limit = Annotated[int, Query(ge=1, le=200, description="How many items a page holds.")]
Cursor = Annotated[EntityId | None, Query(description="`next` of the page before.")]


FIRST_DAY, LAST_DAY = date(1945, 8, 17), date(2200, 1, 1)
"""Days outside have no letter in them, and arithmetic with those at the ends of the calendar fails."""


class Page(BaseModel, Generic[Item]):
    """One page; ``next`` is the cursor of the page after, null on the last."""

    items: list[Item]
    next: str | None = None


def after(cursor: str | None) -> Document:
    """The query condition for items older than ``cursor``."""
    return {"_id": {"$lt": cursor}} if cursor else {}


def page_of(rows: list[Document], limit: int) -> tuple[list[Document], str | None]:
    """Split ``limit + 1`` rows into a page and the cursor of the next."""
    more = len(rows) > limit
    rows = rows[:limit]
    return rows, (str(rows[-1]["_id"]) if more else None)
