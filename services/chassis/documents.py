"""Models to documents and back. Invariant: instants are stored as dates, local dates as ISO text, ``id`` as ``_id``."""

from datetime import date, datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from services.chassis.mongo import Collection, Document

M = TypeVar("M", bound=BaseModel)


def document(model: BaseModel) -> Document:
    """The document of a model that has an id."""
    fields: Document = _plain(model.model_dump())
    return {"_id": fields.pop("id"), **fields}


def model(kind: type[M], row: Document) -> M:
    """The model in a document; what the model does not know is left out."""
    return kind.model_validate({**row, "id": row["_id"]})


def plain(part: BaseModel) -> Document:
    """A model without an id, as part of a document."""
    fields: Document = _plain(part.model_dump())
    return fields


async def indexed(rows: Collection, bounds: Document, further: Document) -> list[Document]:
    """The documents within ``bounds``, which an index holds, that fit ``further``, which none does.

    Two stages, because the embedded server reads the whole collection for a query of which an index holds but a part.
    """
    if not further:
        return await rows.find(bounds).to_list(None)
    return await rows.aggregate([{"$match": bounds}, {"$match": further}]).to_list(None)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(_plain(one) for one in value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.replace(microsecond=value.microsecond // 1000 * 1000)  # BSON dates hold no more
    if isinstance(value, date):
        return value.isoformat()
    return value
