"""The ways a letter goes: the copy of them that a service keeps, in whatever order news of them comes."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.chassis.auth import HeldPosition
from services.chassis.bus.envelope import Envelope
from services.chassis.bus.outcome import Done
from services.chassis.ids import instant_of, new_id
from services.contracts.event import Event
from services.contracts.routing import (
    AccessChanged,
    Branch,
    BranchClosed,
    BranchRecalled,
    BranchRedirected,
    BranchReopened,
    BranchReturned,
    LetterDelivered,
    LetterForwarded,
)
from services.contracts.vocabulary import Access, Party
from services.projections.letter_access import LetterAccess
from services.projections.letter_branches import LetterBranches
from services.projections.ways import Way
from tests.events import envelope_of
from tests.people import actor, held, principal
from tests.projections.conftest import Deliver
from tests.projections.rivals import Outrun

SHARED = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def branch(**given: Any) -> Branch:
    """A branch to a unit."""
    fields = {"branch_id": new_id(), "role": "addressee", "unit_id": new_id(), "unit_name": "Dinas PU", "holders": ()}
    return Branch.model_validate(fields | given)


class Story:
    """A letter delivered to Dinas PU, and what may happen to it after."""

    def __init__(self, *first: Branch, external: Sequence[Branch] = ()) -> None:
        self.letter_id = new_id()
        self.at = instant_of(self.letter_id)
        self.head: HeldPosition = held("head")
        self.letter = LetterDelivered(
            letter_id=self.letter_id,
            agenda_number=17,
            year=2026,
            tracking_code="7KQ2-M9XD-4TVB",
            subject="Permohonan peminjaman alat berat",
            kind="Surat Permohonan",
            category="request",
            urgency="urgent",
            sender=Party(kind="external", name="Desa Sekartaji"),
            branches=first or (branch(),),
            external=tuple(external),
            access=Access(confidentiality="ordinary"),
            access_version=1,
            registered_at=self.at,
            delivered_at=self.at,
        )

    @property
    def first(self) -> str:
        """The id of the first branch."""
        return self.letter.branches[0].branch_id

    def _said(self) -> dict[str, Any]:
        return {
            "letter_id": self.letter_id,
            "subject": self.letter.subject,
            "actor": actor(principal(self.head)),
            "at": self.at,
        }

    def forwarded(self, *branches: Branch) -> LetterForwarded:
        """It goes to further places."""
        return LetterForwarded(**self._said(), branches=branches)

    def redirected(self, branch_id: str, to: Branch) -> BranchRedirected:
        """It goes to another place instead."""
        return BranchRedirected(**self._said(), branch_id=branch_id, branch=to, reason="Bukan kewenangan kami")

    def returned(self, branch_id: str) -> BranchReturned:
        """It goes back to its sender."""
        return BranchReturned(**self._said(), branch_id=branch_id, unit_name="Dinas PU", reason="Lampiran kurang")

    def recalled(self, branch_id: str) -> BranchRecalled:
        """It is taken back."""
        return BranchRecalled(**self._said(), branch_id=branch_id, reason="Salah alamat")

    def closed(self, branch_id: str) -> BranchClosed:
        """It needs nothing more there."""
        said = {name: value for name, value in self._said().items() if name != "subject"}
        return BranchClosed(**said, branch_id=branch_id, outcome="reply")

    def reopened(self, branch_id: str) -> BranchReopened:
        """It is work again."""
        said = {name: value for name, value in self._said().items() if name != "subject"}
        return BranchReopened(**said, branch_id=branch_id, reason="Belum selesai")


class TestWays:
    async def test_K8_a_delivery_alone_has_the_ways_it_names(self, branches: LetterBranches) -> None:
        copy, outside = branch(role="copy"), branch(external_name="PT Bangun Nusa")
        story = Story(branch(), copy, external=[outside])
        ways = await branches.of(story.letter)
        assert [way.branch for way in ways] == [*story.letter.branches, outside]
        assert [(way.left, way.is_outside) for way in ways] == [(None, False), (None, False), (None, True)]

    async def test_B6_a_forwarded_letter_gains_its_new_ways(self, branches: LetterBranches, deliver: Deliver) -> None:
        story = Story()
        one, other = branch(unit_name="Dinas Kesehatan"), branch(unit_name="Dinas Pendidikan")
        assert await deliver(envelope_of(story.forwarded(one, other))) == Done()
        assert await branches.of(story.letter) == tuple(Way(each) for each in (*story.letter.branches, one, other))

    async def test_B6_a_redirected_way_is_left_for_another(self, branches: LetterBranches, deliver: Deliver) -> None:
        story, new = Story(), branch(position_title="Kepala Bidang Bina Marga")
        await deliver(envelope_of(story.redirected(story.first, new)))
        left, opened = await branches.of(story.letter)
        assert (left.left, left.to) == ("redirected", "Kepala Bidang Bina Marga")
        assert opened == Way(new)

    @pytest.mark.parametrize("how", ["returned", "recalled"])
    async def test_a_way_that_was_given_up_is_left(self, how: str, branches: LetterBranches, deliver: Deliver) -> None:
        story = Story()
        await deliver(envelope_of(getattr(story, how)(story.first)))
        assert await branches.of(story.letter) == (Way(story.letter.branches[0], left=how),)  # type: ignore[arg-type]

    async def test_what_came_back_and_went_elsewhere_was_redirected(
        self, branches: LetterBranches, deliver: Deliver
    ) -> None:
        story, new = Story(), branch(unit_name="Dinas Kesehatan")
        for event in (story.redirected(story.first, new), story.returned(story.first)):
            await deliver(envelope_of(event))
        left, _ = await branches.of(story.letter)
        assert (left.left, left.to) == ("redirected", "Dinas Kesehatan")

    async def test_another_letter_is_untouched(self, branches: LetterBranches, deliver: Deliver) -> None:
        story, other = Story(), Story()
        await deliver(envelope_of(story.recalled(story.first)))
        assert await branches.of(other.letter) == (Way(other.letter.branches[0]),)

    async def test_two_workers_at_once_both_have_their_say(
        self, branches: LetterBranches, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        story, new = Story(), branch()
        rival = {"_id": story.letter_id, "returned": {story.first: None}}
        monkeypatch.setattr(branches, "_rows", Outrun(branches._rows, rival))
        assert await deliver(envelope_of(story.forwarded(new))) == Done()
        assert await branches.of(story.letter) == (Way(story.letter.branches[0], left="returned"), Way(new))


class Everything:
    """Delivered, forwarded twice, redirected in a chain, recalled, returned; the access changed twice between."""

    def __init__(self) -> None:
        story = self.story = Story(branch(), branch(role="copy"))
        one, two, three, four = (branch(unit_name=f"Dinas {number}") for number in range(1, 5))
        changes = [
            AccessChanged(letter_id=story.letter_id, access=access, access_version=version)
            for version, access in enumerate((self.access("p2"), self.access("p2", "p3")), start=2)
        ]
        events: list[Event] = [
            story.letter,
            story.forwarded(one, two),
            changes[0],
            story.redirected(story.first, three),
            story.redirected(three.branch_id, four),
            changes[1],
            story.recalled(two.branch_id),
            story.returned(one.branch_id),
        ]
        self.envelopes = [envelope_of(event, seq) for seq, event in enumerate(events, start=1)]
        self.left = ["redirected", None, "returned", "recalled", "redirected", None]

    @staticmethod
    def access(*positions: str) -> Access:
        """Access by position alone."""
        return Access(confidentiality="ordinary", positions=positions)


COUNT = 8
Read = tuple[Access | None, LetterDelivered | None, tuple[Way, ...]]


async def what_is_read(access: LetterAccess, branches: LetterBranches, letter: LetterDelivered) -> Read:
    """Everything a service reads of a letter."""
    known = await access.of(letter.letter_id), await access.delivery(letter.letter_id)
    return *known, await branches.of(letter)


class TestAnyOrder:
    @SHARED
    @given(order=st.permutations(range(COUNT)), again=st.lists(st.integers(0, COUNT - 1), max_size=6), data=st.data())
    async def test_leads_to_the_same_state(
        self,
        access: LetterAccess,
        branches: LetterBranches,
        deliver: Deliver,
        order: list[int],
        again: list[int],
        data: st.DataObject,
    ) -> None:
        everything = Everything()
        arrivals = data.draw(st.permutations([*order, *again]))
        for number in arrivals:
            assert await deliver(everything.envelopes[number]) == Done()
        letter = everything.story.letter
        read_access, read_letter, ways = await what_is_read(access, branches, letter)
        assert (read_access, read_letter) == (Everything.access("p2", "p3"), letter)
        assert [way.left for way in ways] == everything.left
        assert [way.branch.unit_name for way in ways] == ["Dinas PU", "Dinas PU", *(f"Dinas {n}" for n in range(1, 5))]

    async def test_and_so_does_no_order_at_all(
        self, access: LetterAccess, branches: LetterBranches, deliver: Deliver
    ) -> None:
        """As when several worker processes take the events of one letter from one queue."""
        for _ in range(5):
            everything = Everything()
            twice: list[Envelope] = [*everything.envelopes, *reversed(everything.envelopes)]
            assert await asyncio.gather(*map(deliver, twice)) == [Done()] * len(twice)
            read_access, read_letter, ways = await what_is_read(access, branches, everything.story.letter)
            assert (read_access, read_letter) == (Everything.access("p2", "p3"), everything.story.letter)
            assert [way.left for way in ways] == everything.left


class TestClosed:
    async def test_H12_a_closed_way_is_known_until_it_is_opened_again(
        self, branches: LetterBranches, deliver: Deliver
    ) -> None:
        story = Story(branch(), branch())
        await deliver(envelope_of(story.closed(story.first), 3))
        assert [way.closed for way in await branches.of(story.letter)] == [True, False]
        await deliver(envelope_of(story.reopened(story.first), 4))
        assert [way.closed for way in await branches.of(story.letter)] == [False, False]

    @SHARED
    @given(order=st.permutations([3, 4, 5, 6, 7, 7, 4]))
    async def test_in_any_order_the_last_of_closing_and_opening_holds(
        self, branches: LetterBranches, deliver: Deliver, order: Sequence[int]
    ) -> None:
        story = Story()
        for version in order:
            event = story.closed(story.first) if version % 2 else story.reopened(story.first)
            assert await deliver(envelope_of(event, version)) == Done()
        assert [way.closed for way in await branches.of(story.letter)] == [True]
