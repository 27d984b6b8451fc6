"""Deadline rules over HTTP, and what follows from them when a letter is delivered."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

from services.chassis.clock import now
from services.chassis.service import Service
from services.projections.working_days import OfficeHours
from services.routing.commands.deadlines import Deadlines
from services.routing.context import Context
from services.routing.store.calendar import CalendarDays
from services.routing.store.deadline_rules import DeadlineRuleBook, KeptRules
from tests.people import principal
from tests.routing.conftest import Call, Delivered
from tests.routing.regency import ADMIN, Regency
from tests.signing import ALL_SCOPES

CLERK = principal().model_copy(update={"scopes": ALL_SCOPES - {"organisation:write"}})
RULES = "/v1/deadline-rules"
DEFAULTS = {"very_urgent": 1, "urgent": 2, "normal": 5}


class TestRead:
    async def test_at_the_start_they_are_the_old_rule(self, call: Call) -> None:
        status, rules, headers = await call(CLERK, "GET", RULES)
        assert (status, headers["ETag"]) == (200, '"1"')
        assert rules == {"by_urgency": DEFAULTS, "by_kind": [], "version": 1, "by_name": None, "at": None}


class TestSet:
    async def test_they_are_kept_with_who_set_them(self, call: Call) -> None:
        body = {"by_urgency": DEFAULTS, "by_kind": [{"kind": "Surat Edaran", "working_days": None}]}
        status, rules, headers = await call(ADMIN, "PUT", RULES, json=body, headers={"If-Match": '"1"'})
        assert (status, headers["ETag"], rules["by_name"]) == (200, '"2"', ADMIN.name)
        _, seen, _ = await call(CLERK, "GET", RULES)
        assert seen == rules
        assert seen["by_kind"] == [{"kind": "Surat Edaran", "urgency": None, "working_days": None}]

    async def test_of_many_at_once_that_have_seen_the_same_one_wins(self, call: Call) -> None:
        answers = await asyncio.gather(
            *(
                call(ADMIN, "PUT", RULES, json={"by_urgency": {**DEFAULTS, "normal": n}}, headers={"If-Match": '"1"'})
                for n in range(6, 12)
            )
        )
        assert sorted(status for status, _, _ in answers) == [200, 412, 412, 412, 412, 412]

    async def test_a_clerk_may_not(self, call: Call) -> None:
        status, _, _ = await call(CLERK, "PUT", RULES, json={"by_urgency": DEFAULTS})
        assert status == 403

    async def test_what_makes_no_sense_is_refused(self, call: Call) -> None:
        twice = [{"kind": "Surat Izin", "working_days": 1}, {"kind": "surat izin", "working_days": 2}]
        for body in (
            {"by_urgency": {**DEFAULTS, "normal": 0}},
            {"by_urgency": {"normal": 5}},
            {"by_urgency": DEFAULTS, "by_kind": twice},
            {"by_urgency": DEFAULTS, "by_kind": [{"kind": "Surat Izin"}]},
        ):
            status, problem, _ = await call(ADMIN, "PUT", RULES, json=body)
            assert (status, problem["code"]) == (422, "validation_failed"), body


class TestForLetter:
    async def test_warm_it_asks_the_database_nothing(self, routing: Service) -> None:
        reads, at = 0, now()

        class Counted(DeadlineRuleBook):
            async def read(self, session: object) -> KeptRules:
                nonlocal reads
                reads += 1
                return KeptRules()

        database = routing.foundation.database
        deadlines = Deadlines(CalendarDays(database), Counted(database), OfficeHours(ZoneInfo("Asia/Makassar")))
        due = await asyncio.gather(*(deadlines.for_letter("urgent", "Surat Dinas", at) for _ in range(20)))
        assert len(set(due)) == 1
        assert reads == 1

    async def test_what_is_changed_here_holds_at_once(self, context: Context, call: Call) -> None:
        at = now()
        before = await context.deadlines.for_letter("normal", "Surat Dinas", at)
        await call(ADMIN, "PUT", RULES, json={"by_urgency": {**DEFAULTS, "normal": 6}})
        later = await context.deadlines.for_letter("normal", "Surat Dinas", at)
        assert before is not None
        assert later is not None
        assert later.due_at > before.due_at
        day = later.due_at.astimezone(ZoneInfo("Asia/Makassar")).date()
        await call(ADMIN, "PUT", f"/v1/calendar/days/{day}", json={"kind": "holiday", "name": "Galungan"})
        latest = await context.deadlines.for_letter("normal", "Surat Dinas", at)
        assert latest is not None
        assert latest.due_at > later.due_at

    async def test_a_delivered_letter_has_its_deadline(
        self, context: Context, regency: Regency, delivered: Delivered
    ) -> None:
        letter = await delivered(urgency="very_urgent")
        [branch] = await context.branches.of(letter.letter_id, None)
        assert branch.due_at is not None
        assert branch.remind_at is not None
        assert timedelta(0) < branch.due_at - now() < timedelta(days=15)

    async def test_a_kind_without_a_deadline_is_never_due(
        self, context: Context, call: Call, delivered: Delivered
    ) -> None:
        body = {"by_urgency": DEFAULTS, "by_kind": [{"kind": "Surat Edaran", "working_days": None}]}
        await call(ADMIN, "PUT", RULES, json=body)
        letter = await delivered(kind="Surat Edaran", urgency="very_urgent")
        [branch] = await context.branches.of(letter.letter_id, None)
        assert branch.due_at is None
