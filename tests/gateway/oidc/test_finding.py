"""Whose account it is, when somebody comes the first time and later."""

import asyncio
from datetime import date
from typing import Any

from services.chassis.ids import new_id
from services.contracts.routing import AssignmentChanged
from tests.events import deliver
from tests.gateway.oidc.conftest import Page, Trust, Trusting

SUB = "248289761001"
BY_NIP = ({"claim": "nip", "to": "nip"},)
NIP = "197203141998031004"


async def comes(trusting: Trusting, subject: str = SUB, **claims: Any) -> Page:
    """Somebody the provider knows so, in a browser of their own."""
    trusting.provider.user(subject, **claims)
    async with trusting.browser() as browser:
        return await browser.sign_in(subject)


async def holds(trusting: Trusting, person_id: str, nip: str) -> None:
    """Routing has said that a person with this NIP holds a position."""
    event = AssignmentChanged(
        assignment_id=new_id(),
        person_id=person_id,
        person_name="Made Arta",
        position_id=new_id(),
        position_title="Kepala Dinas PUPR",
        unit_id=new_id(),
        unit_name="Dinas PUPR",
        role="head",
        capacity="definitive",
        starts_on=date(2020, 1, 1),
        nip=nip,
    )
    await deliver(trusting.door.gateway.service, event)


class TestFirstTime:
    async def test_whom_nobody_knows_here_is_not_let_in(self, trust: Trust) -> None:
        async with trust() as trusting:
            page = await comes(trusting, preferred_username="stranger")
            assert page.status == 403
            assert "belum terhubung" in page.text
            [entry] = await trusting.noted("sign_in.oidc")
            assert (entry.outcome, entry.details["why"]) == ("refused", "no account")

    async def test_a_checked_address_finds_the_account(self, trust: Trust) -> None:
        async with trust() as trusting:
            await trusting.door.account("made@badung")
            assert (await comes(trusting, email="made@badung", email_verified=True)).status == 200

    async def test_an_address_nobody_has_checked_is_nobodys(self, trust: Trust) -> None:
        async with trust() as trusting:
            await trusting.door.account("made@badung")
            assert (await comes(trusting, email="made@badung")).status == 403
            assert (await comes(trusting, "2", email="made@badung", email_verified=False)).status == 403

    async def test_the_nip_finds_the_person_and_so_the_account(self, trust: Trust) -> None:
        async with trust(matches=BY_NIP) as trusting:
            account = await trusting.door.account("arta")
            await holds(trusting, account.person_id, NIP)
            assert (await comes(trusting, nip="19720314 199803 1 004")).status == 200
            assert (await comes(trusting, "2", nip="197203141998031005")).status == 403

    async def test_a_nip_that_two_people_have_finds_none(self, trust: Trust) -> None:
        async with trust(matches=BY_NIP) as trusting:
            account = await trusting.door.account("arta")
            await holds(trusting, account.person_id, NIP)
            await holds(trusting, new_id(), NIP)
            assert (await comes(trusting, nip=NIP)).status == 403

    async def test_an_administrator_of_the_regency_is_not_found_by_a_name(self, trust: Trust) -> None:
        async with trust() as trusting:
            await trusting.door.account("admin2", roles=("regency_admin",))
            assert (await comes(trusting, preferred_username="admin2")).status == 403

    async def test_unless_the_operator_says_so(self, trust: Trust) -> None:
        async with trust(match_administrators=True) as trusting:
            await trusting.door.account("admin2", roles=("regency_admin",))
            assert (await comes(trusting, preferred_username="admin2")).status == 200

    async def test_an_account_that_is_off_is_not_found(self, trust: Trust) -> None:
        async with trust() as trusting:
            database = trusting.door.gateway.service.foundation.database
            await database["accounts"].update_one({"username": "wayan"}, {"$set": {"active": False}})
            assert (await comes(trusting, preferred_username="wayan")).status == 403
            assert await trusting.noted("oidc.linked") == []


class TestLinked:
    async def test_the_link_decides_whatever_they_are_called_later(self, trust: Trust) -> None:
        async with trust() as trusting:
            await trusting.door.account("made")
            await comes(trusting, preferred_username="wayan")
            trusting.provider.user(SUB, preferred_username="made")
            async with trusting.browser() as browser:
                await browser.sign_in(SUB)
                me = await browser.me()
            account = await trusting.door.gateway.context.accounts.named("wayan")
            assert account is not None
            assert me["person_id"] == account.person_id
            assert len(await trusting.noted("oidc.linked")) == 1

    async def test_a_second_subject_of_the_same_name_is_not_let_in(self, trust: Trust) -> None:
        async with trust() as trusting:
            assert (await comes(trusting, "first", preferred_username="wayan")).status == 200
            assert (await comes(trusting, "second", preferred_username="wayan")).status == 403

    async def test_the_same_subject_of_another_issuer_is_somebody_else(self, trust: Trust) -> None:
        async with trust() as trusting:
            await comes(trusting, preferred_username="wayan")
            links = trusting.door.gateway.service.foundation.database["oidc_links"]
            [row] = await links.find({}).to_list(None)
            assert (row["issuer"], row["subject"]) == (trusting.provider.url, SUB)

    async def test_an_account_that_was_switched_off_stays_out(self, trust: Trust) -> None:
        async with trust() as trusting:
            await comes(trusting, preferred_username="wayan")
            database = trusting.door.gateway.service.foundation.database
            await database["accounts"].update_one({"username": "wayan"}, {"$set": {"active": False}})
            assert (await comes(trusting, preferred_username="wayan")).status == 403


class TestCreated:
    async def test_accounts_are_made_where_the_operator_wants_it(self, trust: Trust) -> None:
        async with trust(create_accounts=True, matches=BY_NIP) as trusting:
            person_id = new_id()
            await holds(trusting, person_id, NIP)
            page = await comes(trusting, preferred_username="Arta.Made", name="Made Arta", nip=NIP)
            assert page.status == 200, page.text
            account = await trusting.door.gateway.context.accounts.named("arta.made")
            assert account is not None
            assert (account.person_id, account.name, account.roles) == (person_id, "Made Arta", ())
            assert account.password_hash is None
            assert (await trusting.door.sign_in("arta.made", ""))[0] in (401, 422)
            [entry] = await trusting.noted("account.created")
            assert entry.details["provider"] == "kabupaten"

    async def test_a_name_that_is_taken_is_not_given_away(self, trust: Trust) -> None:
        async with trust(create_accounts=True, matches=()) as trusting:
            assert (await comes(trusting, preferred_username="wayan")).status == 403

    async def test_a_person_has_no_second_account_made(self, trust: Trust) -> None:
        async with trust(create_accounts=True, matches=({"claim": "employee", "to": "username"}, *BY_NIP)) as trusting:
            account = await trusting.door.account("arta")
            await holds(trusting, account.person_id, NIP)
            await trusting.door.account("arta2", person_id=account.person_id)
            assert (await comes(trusting, employee="arta3", nip=NIP)).status == 403

    async def test_who_comes_twice_at_once_is_let_in_twice_with_one_account(self, trust: Trust) -> None:
        async with trust(create_accounts=True, matches=()) as trusting:
            came = (comes(trusting, preferred_username="arta.made", name="Made Arta") for _ in range(4))
            assert [page.status for page in await asyncio.gather(*came)] == [200] * 4
            assert len(await trusting.noted("account.created")) == 1

    async def test_without_a_name_there_is_none(self, trust: Trust) -> None:
        async with trust(create_accounts=True, matches=()) as trusting:
            assert (await comes(trusting, preferred_username="Î")).status == 403
            assert (await comes(trusting, "2")).status == 403
