"""Holding the record against itself, with what somebody could do to it who holds the database."""

from datetime import timedelta

from gateway.audit.entries import AuditEntry, chained
from gateway.audit.store import KEEP_SECONDS, Audit
from gateway.audit.verify import verify
from services.chassis.clock import now
from services.chassis.documents import document
from services.chassis.mongo import Collection
from tests.gateway.audit.conftest import Record


def rows(record: Record) -> Collection:
    return record.database[Audit.ENTRIES]


class TestWhole:
    async def test_an_untouched_record_is_whole(self, record: Record) -> None:
        await record.fill(5)
        verdict = await verify(record.audit)
        assert verdict.faults == []
        assert (verdict.entries, verdict.first, verdict.last) == (5, 1, 5)
        assert (verdict.last, verdict.hash) == await record.audit.head()

    async def test_an_empty_one_too(self, record: Record) -> None:
        verdict = await verify(record.audit)
        assert (verdict.entries, verdict.faults) == (0, [])

    async def test_what_waits_is_told(self, record: Record) -> None:
        await record.fill(1)
        await record.note()
        verdict = await verify(record.audit)
        assert (verdict.entries, verdict.waiting, verdict.faults) == (1, 1, [])

    async def test_anchors_that_fit_are_content(self, record: Record) -> None:
        await record.fill(3)
        seq, noted = await record.audit.head()
        await record.fill(2)
        assert (await verify(record.audit, {seq: noted})).faults == []


class TestGrowing:
    async def test_what_is_linked_while_it_is_read_is_no_fault(self, record: Record) -> None:
        await record.fill(5)
        audit = record.again()
        numbered = audit.numbered

        async def grown(first: int, behind: int) -> list[AuditEntry]:
            await record.fill(2)
            return await numbered(first, behind)

        audit.numbered = grown  # type: ignore[method-assign]
        verdict = await verify(audit)
        assert (verdict.entries, verdict.faults) == (5, [])


class TestTampered:
    async def test_a_changed_word(self, record: Record) -> None:
        await record.fill(4)
        await rows(record).update_one({"seq": 2}, {"$set": {"actor.name": "Somebody else"}})
        assert (await verify(record.audit)).faults == ["entry 2: it was changed"]

    async def test_a_changed_entry_with_its_hash_made_anew(self, record: Record) -> None:
        await record.fill(4)
        first, second = await record.audit.numbered(1, 3)
        forged = chained(second.model_copy(update={"subject": "account:666"}), first)
        await rows(record).update_one({"seq": 2}, {"$set": {"subject": forged.subject, "hash": forged.hash}})
        assert (await verify(record.audit)).faults == ["entry 3: it does not follow from the one before it"]

    async def test_an_entry_taken_out(self, record: Record) -> None:
        await record.fill(4)
        await rows(record).delete_one({"seq": 3})
        assert (await verify(record.audit)).faults == ["entries 3 to 3 are missing, and their time was not over"]

    async def test_the_oldest_taken_out_before_their_time(self, record: Record) -> None:
        await record.fill(4)
        await rows(record).delete_many({"seq": {"$lt": 3}})
        assert (await verify(record.audit)).faults == ["entries 1 to 2 are missing, and their time was not over"]

    async def test_the_end_cut_off(self, record: Record) -> None:
        await record.fill(4)
        await rows(record).delete_one({"seq": 4})
        assert (await verify(record.audit)).faults == ["entries 4 to 4 are missing"]

    async def test_the_end_cut_off_and_the_head_moved_back_is_told_by_an_anchor(self, record: Record) -> None:
        await record.fill(4)
        anchor = dict([await record.audit.head()])
        third = (await record.audit.numbered(3, 4))[0]
        await rows(record).delete_one({"seq": 4})
        head = {"seq": 3, "entry": {**document(third), "id": third.id}}
        await record.database[Audit.HEADS].update_one({"_id": "head"}, {"$set": head})
        assert (await verify(record.audit)).faults == []
        assert (await verify(record.audit, anchor)).faults == ["entry 4: it was noted, and is not there"]

    async def test_a_chain_made_anew_is_told_by_an_anchor(self, record: Record) -> None:
        await record.fill(2)
        await record.database[Audit.ENTRIES].delete_many({})
        await record.database[Audit.HEADS].delete_many({})
        await record.fill(2)
        anchor = {1: "0" * 64}
        assert (await verify(record.audit)).faults == []
        assert (await verify(record.audit, anchor)).faults == ["entry 1: its hash is not the one that was noted"]

    async def test_an_entry_put_behind_the_end(self, record: Record) -> None:
        await record.fill(2)
        last = (await record.audit.numbered(2, 3))[0]
        extra = chained(last.model_copy(update={"id": "0199aaaa-0000-7000-8000-000000000009"}), last)
        await rows(record).insert_one(document(extra))
        assert (await verify(record.audit)).faults == ["entry 3: it stands behind the end of the chain"]


class TestExpired:
    async def test_the_oldest_whose_time_is_over_may_be_gone(self, record: Record) -> None:
        await record.fill(3)
        old = now() - timedelta(seconds=KEEP_SECONDS + 60)
        entries = await record.audit.numbered(1, 4)
        first = chained(entries[0].model_copy(update={"at": old}), None)
        second = chained(entries[1], first)
        third = chained(entries[2], second)
        await rows(record).delete_many({})
        await rows(record).insert_many([document(second), document(third)])
        head = {"seq": 3, "entry": {**document(third), "id": third.id}}
        await record.database[Audit.HEADS].update_one({"_id": "head"}, {"$set": head})
        verdict = await verify(record.audit)
        assert verdict.faults == []
        assert (verdict.first, verdict.entries) == (2, 2)
