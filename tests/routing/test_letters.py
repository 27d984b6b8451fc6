"""The control list; bringing a letter to further places; links between letters."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from services.chassis.clock import now
from services.chassis.ids import first_id_of, new_id
from services.chassis.service import Service
from services.contracts.intake import ConfidentialOpened, LetterRegistered
from services.routing.domain.branch import Branch
from tests.events import deliver, types_published
from tests.routing.conftest import Call, Delivered
from tests.routing.letters import to_unit
from tests.routing.regency import ADMIN, Regency

Look = Callable[[LetterRegistered], Awaitable[list[Branch]]]


async def listed(call: Call, person: Any, **query: Any) -> list[str]:
    """Every letter the list shows, page by page; the same letters, whatever the order."""
    newest = await paged(call, person, **query)
    if query.get("status") != "done" and query.get("followed_up") is not True and "sort" not in query:
        assert sorted(await paged(call, person, **query, sort="due")) == sorted(newest)
    return newest


async def paged(call: Call, person: Any, **query: Any) -> list[str]:
    """The pages of one order, one after the other."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        params = {name: str(value) for name, value in query.items()} | {"limit": "2"} | cursor
        status, page, _ = await call(person, "GET", "/v1/letters", params=params)
        assert status == 200, page
        found += [item["letter"]["id"] for item in page["items"]]
        if not page["next"]:
            return found
        cursor = {"cursor": page["next"]}


class TestControlList:
    async def test_B2_one_list_with_filters_that_narrow(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        first = await delivered(urgency="very_urgent", kind="Surat Undangan")
        second = await delivered((to_unit(regency, "nusa_penida"),), category="report")
        third = await delivered((to_unit(regency, "pu"), to_unit(regency, "nusa_penida")))
        everything = [one.letter_id for one in (third, second, first)]
        operator = regency.holder("operator")
        assert await listed(call, operator) == everything
        assert await listed(call, operator, urgency="very_urgent") == [first.letter_id]
        assert await listed(call, operator, kind="Surat Undangan") == [first.letter_id]
        assert await listed(call, operator, category="report") == [second.letter_id]
        assert await listed(call, operator, unit_id=regency.units["nusa_penida"].id) == everything[:2]
        assert await listed(call, regency.holder("head")) == [third.letter_id, first.letter_id]
        sender = regency.units["sekartaji"].id
        assert await listed(call, operator, sender_id=sender) == everything
        assert await listed(call, operator, sender_id=new_id()) == []

    async def test_B3_followed_up_and_status_follow_from_the_branches(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        open_one, closed = await delivered(), await delivered()
        [branch] = await branches_of(closed)
        head = regency.holder("head")
        await call(head, "POST", f"/v1/branches/{branch.id}/close")
        assert await listed(call, head, followed_up=True) == [closed.letter_id]
        assert await listed(call, head, followed_up=False) == [open_one.letter_id]
        assert await listed(call, head, status="done") == [closed.letter_id]
        assert await listed(call, head, status="routed") == [open_one.letter_id]

    async def test_the_period_is_of_local_days_both_included(
        self, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        today = now()
        old = await delivered(letter_id=first_id_of(today - timedelta(days=40)))
        new = await delivered()
        operator, day = regency.holder("operator"), today.astimezone().date()
        assert await listed(call, operator, registered_from=day - timedelta(days=2)) == [new.letter_id]
        assert await listed(call, operator, registered_to=day - timedelta(days=30)) == [old.letter_id]

    async def test_K6_nobody_sees_more_than_they_may_read(
        self, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        await delivered()
        secret = await delivered(confidentiality="secret")
        assert await listed(call, regency.holder("neighbour")) == []
        assert secret.letter_id not in await listed(call, regency.holder("secretary"))
        assert secret.letter_id in await listed(call, regency.holder("registrar"))

    async def test_leaders_and_auditors_see_across_the_regency_by_confidentiality(
        self, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        await regency.unit("top", "Bupati Klungkung", "leadership")
        await regency.unit("inspectorate", "Inspektorat", "agency")
        await regency.position("bupati", "Bupati", "top", "leader")
        await regency.position("auditor", "Auditor", "inspectorate", "auditor")
        kinds = ("ordinary", "restricted", "secret", "top_secret")
        found = {kind: (await delivered(confidentiality=kind)).letter_id for kind in kinds}
        leader, auditor = regency.holder("bupati"), regency.holder("auditor")
        assert set(await listed(call, leader)) == {found[one] for one in kinds[:3]}
        assert set(await listed(call, auditor)) == {found[one] for one in kinds[:2]}
        assert set(await listed(call, leader, unit_id=regency.units["pu"].id)) == {found[one] for one in kinds[:3]}
        assert (await call(leader, "GET", f"/v1/letters/{found['secret']}/track"))[0] == 200
        assert (await call(leader, "GET", f"/v1/letters/{found['top_secret']}/track"))[0] == 404

    async def test_by_deadline_a_page_goes_on_where_the_last_ended_whatever_was_closed_meanwhile(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        sent = [await delivered(urgency=urgency) for urgency in ("very_urgent", "urgent", "normal")]
        head, query = regency.holder("head"), {"sort": "due", "limit": "1"}
        _, first, _ = await call(head, "GET", "/v1/letters", params=query)
        assert first["items"][0]["letter"]["id"] == sent[0].letter_id
        await call(head, "POST", f"/v1/branches/{(await branches_of(sent[0]))[0].id}/close")
        _, second, _ = await call(head, "GET", "/v1/letters", params=query | {"cursor": first["next"]})
        assert second["items"][0]["letter"]["id"] == sent[1].letter_id

    @pytest.mark.parametrize("cursor", ["x", "9" * 40, "1.2.3", "-1"])
    @pytest.mark.parametrize("sort", ["newest", "due"])
    async def test_a_cursor_that_is_none_is_refused(self, regency: Regency, call: Call, sort: str, cursor: str) -> None:
        status, _, _ = await call(regency.holder("head"), "GET", "/v1/letters", params={"sort": sort, "cursor": cursor})
        assert status in ((422,) if sort == "newest" else (200, 422))

    async def test_a_date_that_is_none_is_refused(self, regency: Regency, call: Call) -> None:
        status, _, _ = await call(regency.holder("head"), "GET", "/v1/letters", params={"registered_from": "kemarin"})
        assert status == 422
        status, _, _ = await call(regency.holder("head"), "GET", "/v1/letters", params={"due_to": "9999-12-31"})
        assert status == 422


class TestForward:
    async def test_K8_the_camat_is_copied_later(
        self, routing: Service, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        body = {"copies": [{"kind": "unit", "id": regency.units["nusa_penida"].id}], "note": "Mohon diketahui."}
        path = f"/v1/letters/{letter.letter_id}/forward"
        status, answer, _ = await call(regency.holder("operator"), "POST", path, json=body)
        assert (status, [one["role"] for one in answer["items"]]) == (201, ["copy"])
        _, inbox, _ = await call(regency.holder("camat"), "GET", "/v1/boxes/copies")
        assert [item["letter_id"] for item in inbox["items"]] == [letter.letter_id]
        assert (await types_published(routing))[-2:] == ["routing.letter.forwarded", "routing.access.changed"]

    async def test_B7_who_is_away_is_warned_of_and_the_plh_is_named(
        self, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered()
        day, later = (now() + timedelta(hours=8)).date(), (now() + timedelta(days=20)).date()
        for name, capacity in (("I Wayan Suka", "definitive"), ("I Made Rai", "plh")):
            _, person, _ = await call(ADMIN, "POST", "/v1/people", json={"name": name})
            body = {
                "person_id": person["id"],
                "position_id": regency.positions["camat"].id,
                "capacity": capacity,
                "starts_on": "2026-01-01",
                **({"ends_on": str(later), "legal_basis": "SPT Sekda 094/1/2026"} if capacity == "plh" else {}),
            }
            assert (await call(ADMIN, "POST", "/v1/assignments", json=body))[0] == 201
            if capacity == "definitive":
                away = {"person_id": person["id"], "kind": "leave", "starts_on": str(day), "ends_on": str(later)}
                assert (await call(ADMIN, "POST", "/v1/absences", json=away))[0] == 201
        body = {"addressees": [{"kind": "unit", "id": regency.units["nusa_penida"].id}]}
        path = f"/v1/letters/{letter.letter_id}/forward"
        status, answer, _ = await call(regency.holder("operator"), "POST", path, json=body)
        assert status == 201, "a warning holds nothing up"
        [warning] = answer["warnings"]
        assert "Camat Nusa Penida sedang cuti" in warning
        assert "I Made Rai" in warning

    async def test_a_second_time_it_is_there_already(self, regency: Regency, delivered: Delivered, call: Call) -> None:
        letter = await delivered()
        body = {"addressees": [{"kind": "unit", "id": regency.units["pu"].id}]}
        path = f"/v1/letters/{letter.letter_id}/forward"
        status, problem, _ = await call(regency.holder("operator"), "POST", path, json=body)
        assert (status, problem["code"]) == (409, "already_there")

    async def test_two_at_once_open_one_way(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        letter = await delivered()
        body = {"addressees": [{"kind": "unit", "id": regency.units["nusa_penida"].id}]}
        path = f"/v1/letters/{letter.letter_id}/forward"
        answers = await asyncio.gather(
            call(regency.holder("operator"), "POST", path, json=body),
            call(regency.holder("head"), "POST", path, json=body),
        )
        assert sorted(status for status, _, _ in answers) == [201, 409]
        assert len(await branches_of(letter)) == 2

    async def test_K6_only_who_has_it_or_sent_it(self, regency: Regency, delivered: Delivered, call: Call) -> None:
        letter = await delivered()
        body = {"addressees": [{"kind": "unit", "id": regency.units["batukandik"].id}]}
        path = f"/v1/letters/{letter.letter_id}/forward"
        assert (await call(regency.holder("neighbour"), "POST", path, json=body))[0] == 404


class TestLink:
    async def test_H2_a_reply_is_seen_on_both_tracks(
        self, regency: Regency, delivered: Delivered, branches_of: Look, call: Call
    ) -> None:
        asked = await delivered()
        answer = await delivered((to_unit(regency, "sekartaji"),), by=regency.holder("registrar"))
        body = {"other_id": asked.letter_id, "relation": "reply_to"}
        status, links, _ = await call(
            regency.holder("registrar"), "POST", f"/v1/letters/{answer.letter_id}/links", json=body
        )
        assert (status, links["inverse"]) == (201, False)
        _, track, _ = await call(regency.holder("operator"), "GET", f"/v1/letters/{asked.letter_id}/track")
        [linked] = track["linked"]
        assert (linked["other_id"], linked["inverse"]) == (answer.letter_id, True)
        assert linked["letter"]["subject"] == answer.subject
        [branch] = await branches_of(asked)
        await call(regency.holder("head"), "POST", f"/v1/branches/{branch.id}/close")
        _, track, _ = await call(regency.holder("operator"), "GET", f"/v1/letters/{asked.letter_id}/track")
        assert track["outcome"] == "reply"

    async def test_a_letter_one_may_not_read_cannot_be_linked_nor_is_it_shown(
        self, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        mine, foreign = await delivered(), await delivered((to_unit(regency, "nusa_penida"),))
        body = {"other_id": foreign.letter_id, "relation": "related"}
        path = f"/v1/letters/{mine.letter_id}/links"
        assert (await call(regency.holder("head"), "POST", path, json=body))[0] == 404
        assert (await call(regency.holder("operator"), "POST", path, json=body))[0] == 201
        _, track, _ = await call(regency.holder("head"), "GET", f"/v1/letters/{mine.letter_id}/track")
        assert track["linked"] == []
        assert "linked" not in [step["what"] for step in track["timeline"]]

    async def test_crosswise_at_once_both_are_linked(self, regency: Regency, delivered: Delivered, call: Call) -> None:
        one, other = await delivered(), await delivered()
        operator = regency.holder("operator")
        answers = await asyncio.gather(
            *(
                call(
                    operator,
                    "POST",
                    f"/v1/letters/{a.letter_id}/links",
                    json={"other_id": b.letter_id, "relation": "related"},
                )
                for a, b in ((one, other), (other, one)) * 3
            )
        )
        assert {status for status, _, _ in answers} == {201}
        _, track, _ = await call(operator, "GET", f"/v1/letters/{one.letter_id}/track")
        assert len(track["linked"]) == 2


class TestAudit:
    async def test_news_of_a_reading_elsewhere_reaches_the_auditors_record(
        self, routing: Service, regency: Regency, delivered: Delivered, call: Call
    ) -> None:
        letter = await delivered(confidentiality="secret")
        head = regency.holder("head")
        opened = ConfidentialOpened(
            access_id=new_id(),
            letter_id=letter.letter_id,
            person_id=head.person_id,
            person_name=head.name,
            positions=tuple(head.position_ids),
            at=now(),
        )
        for _ in range(3):
            await deliver(routing, opened)
        await regency.position("auditor", "Auditor", "pu", "auditor")
        auditor, params = regency.holder("auditor"), {"letter_id": letter.letter_id}
        _, page, _ = await call(auditor, "GET", "/v1/audit/letters", params=params)
        assert [(item["what"], item["person_name"]) for item in page["items"]] == [("opened", head.name)]
        assert (await call(head, "GET", "/v1/audit/letters"))[0] == 403
