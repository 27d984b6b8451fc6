"""Reading the record over HTTP."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

from deploy.embedded.layout import ROOT
from gateway.audit.entries import GROUPS, AuditActor
from services.chassis.clock import now
from services.chassis.ids import new_id
from tests.gateway.conftest import Door

ADDRESS = "/v1/audit/identity"
MADE = AuditActor(kind="person", id=new_id(), name='=HYPERLINK("evil")')


async def note(door: Door, kind: str = "account.created", **given: Any) -> None:
    usual = {"outcome": "done", "actor": MADE, "subject": "account:1", "address": "192.0.2.7", "request_id": "r"}
    await door.gateway.context.audit.record(kind, **{**usual, **given})


async def read(door: Door, headers: dict[str, str], **query: Any) -> dict[str, Any]:
    async with door.http.get(ADDRESS, params=query, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        body: dict[str, Any] = await answer.json()
        return body


async def auditor(door: Door) -> dict[str, str]:
    await door.account("auditor", roles=("auditor",))
    return await door.bearer("auditor")


class TestListIdentityAudit:
    async def test_H12_an_auditor_reads_what_was_done_newest_first(self, door: Door) -> None:
        headers = await auditor(door)
        for subject in ("account:1", "account:2", "account:3"):
            await note(door, "oidc.made", subject=subject)
        body = await read(door, headers, kind="oidc")
        assert [item["subject"] for item in body["items"]] == ["account:3", "account:2", "account:1"]
        assert body["items"][0]["actor"]["name"] == MADE.name
        assert body["next"] is None

    async def test_an_administrator_of_the_regency_too(self, door: Door) -> None:
        await door.account("regency", roles=("regency_admin",))
        await note(door, "oidc.made")
        assert (await read(door, await door.bearer("regency"), kind="oidc.made"))["items"]

    async def test_others_are_refused(self, door: Door) -> None:
        for address in (ADDRESS, f"{ADDRESS}/export.csv"):
            async with door.http.get(address, headers=await door.bearer()) as answer:
                assert answer.status == 403
            async with door.http.get(address) as answer:
                assert answer.status == 401

    async def test_pages_follow_one_another(self, door: Door) -> None:
        headers = await auditor(door)
        for place in range(7):
            await note(door, "oidc.made", subject=f"account:{place}")
        seen: list[str] = []
        cursor: dict[str, str] = {}
        for _ in range(4):
            body = await read(door, headers, kind="oidc", limit=2, **cursor)
            seen += [item["subject"] for item in body["items"]]
            cursor = {"cursor": body["next"] or ""}
            if body["next"] is None:
                break
        assert seen == [f"account:{place}" for place in range(6, -1, -1)]

    async def test_conditions_hold_together(self, door: Door) -> None:
        headers = await auditor(door)
        await note(door, "oidc.made", subject="account:1")
        await note(door, "oidc.gone", subject="account:1")
        await note(door, "oidc.gone", subject="account:2", outcome="refused")
        by_kind = await read(door, headers, kind="oidc.gone")
        assert [item["subject"] for item in by_kind["items"]] == ["account:2", "account:1"]
        by_subject = await read(door, headers, subject="account:1", kind="oidc")
        assert [item["kind"] for item in by_subject["items"]] == ["oidc.gone", "oidc.made"]
        refused = await read(door, headers, actor_id=MADE.id, outcome="refused")
        assert [item["subject"] for item in refused["items"]] == ["account:2"]

    async def test_a_period_bounds_it(self, door: Door) -> None:
        headers = await auditor(door)
        await note(door, "oidc.made")
        later = (now() + timedelta(minutes=1)).isoformat()
        before = (now() - timedelta(minutes=1)).isoformat()
        assert (await read(door, headers, kind="oidc", since=before, until=later))["items"]
        assert not (await read(door, headers, kind="oidc", since=later))["items"]
        assert not (await read(door, headers, kind="oidc", until=before))["items"]
        assert not (await read(door, headers, kind="oidc", since=later, until=before))["items"]

    async def test_what_is_no_kind_or_no_instant_is_422(self, door: Door) -> None:
        headers = await auditor(door)
        for query in ({"kind": "A b"}, {"since": "yesterday"}, {"since": "2026-01-01T00:00:00"}, {"cursor": "1"}):
            async with door.http.get(ADDRESS, params=query, headers=headers) as answer:
                assert answer.status == 422

    async def test_so_is_a_kind_there_is_none_of(self, door: Door) -> None:
        headers = await auditor(door)
        for kind in ("masuk", "masuk.password", "sign_ins", "account."):
            async with door.http.get(ADDRESS, params={"kind": kind}, headers=headers) as answer:
                assert (answer.status, (await answer.json())["errors"][0]["field"]) == (422, "query.kind")

    def test_every_kind_that_is_told_of_may_be_asked_for(self) -> None:
        page = (ROOT / "docs" / "operations" / "audit.md").read_text(encoding="utf-8")
        kinds = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
        assert {group for cell in kinds for group in re.findall(r"`([a-z_]+)\.", cell)} == set(GROUPS)


class TestExportIdentityAudit:
    async def test_it_holds_everything_and_runs_nothing(self, door: Door) -> None:
        headers = await auditor(door)
        await note(door, "oidc.made", details={"b": "2", "a": "é"})
        async with door.http.get(f"{ADDRESS}/export.csv", params={"kind": "oidc"}, headers=headers) as answer:
            assert answer.status == 200
            assert answer.content_type == "text/csv"
            text = (await answer.read()).decode("utf-8-sig")
        [row] = csv.DictReader(io.StringIO(text, newline=""))
        assert row["kind"] == "oidc.made"
        assert row["actor_name"] == "'" + MADE.name
        assert row["details"] == '{"a": "é", "b": "2"}'
        assert len(row["hash"]) == 64

    async def test_more_than_a_page_comes_whole(self, door: Door) -> None:
        headers = await auditor(door)
        for _ in range(520):
            await note(door, "oidc.made")
        query = {"kind": "oidc", "separator": "semicolon"}
        async with door.http.get(f"{ADDRESS}/export.csv", params=query, headers=headers) as answer:
            rows = list(
                csv.DictReader(io.StringIO((await answer.read()).decode("utf-8-sig"), newline=""), delimiter=";")
            )
        assert len({row["id"] for row in rows}) == 520

    async def test_exporting_is_recorded(self, door: Door) -> None:
        headers = await auditor(door)
        async with door.http.get(f"{ADDRESS}/export.csv", params={"kind": "oidc"}, headers=headers) as answer:
            assert answer.status == 200
        [entry] = (await read(door, headers, kind="audit.exported"))["items"]
        assert entry["details"] == {"kind": "oidc"}
        assert entry["actor"]["kind"] == "person"
