"""Keep whole states as events tell them. Invariant: a row is only ever replaced by a later state of the same thing."""

from services.chassis.mongo import Collection, Document, DuplicateKeyError
from services.chassis.uow import Transaction


async def keep_newest(rows: Collection, identifier: str, fields: Document, seq: int, transaction: Transaction) -> None:
    """Write the state in one stroke; where a newer one is known, the upsert clashes with it and nothing changes."""
    row = fields | {"_id": identifier, "last_seq": seq}
    older = {"_id": identifier, "last_seq": {"$lt": seq}}
    try:
        await rows.replace_one(older, row, upsert=True, session=transaction.session)
    except DuplicateKeyError:
        # A row is there: a newer one, or one that another worker made in this very moment, perhaps an older one.
        await rows.replace_one(older, row, session=transaction.session)


def fields_of(row: Document) -> Document:
    """What the event said."""
    return {name: value for name, value in row.items() if name not in ("_id", "last_seq")}
